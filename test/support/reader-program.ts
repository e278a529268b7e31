/** The compiled process of the reader: tests run as source, which Node alone cannot start. */
export const readerProgram = new URL('../../dist/libs/infrastructure/src/reading/reader-main.js', import.meta.url);

/** Looks for viruses in what somebody sent. */
export abstract class FileScanner {
  /**
   * @returns what was found, by the scanner's name for it; undefined when nothing was
   * @throws AppError 'unavailable' when it does not answer: the file is not taken until it has
   */
  abstract scan(content: AsyncIterable<Uint8Array>): Promise<string | undefined>;
}

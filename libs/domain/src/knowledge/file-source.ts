export interface FetchedFile {
  /** As its server calls it. */
  readonly name: string;
  readonly content: AsyncIterable<Uint8Array>;
}

/** Files at addresses that a person gives: of the public internet, or of the bucket that we keep files in. */
export abstract class FileSource {
  /** @throws AppError 'invalid' for an address that is not asked or has no file, 'unavailable' when it does not answer */
  abstract open(address: string): Promise<FetchedFile>;
}

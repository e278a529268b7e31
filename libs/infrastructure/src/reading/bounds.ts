const megabyte = 1024 * 1024;

/** What one file may ask for. Each is far above an honest document, and far below what hurts. */
export const bounds = {
  /** As the file comes; also what an upload may have. */
  fileBytes: 50 * megabyte,
  /** Parts of an archive, read or not. */
  archiveEntries: 10_000,
  /** Of all parts of an archive together, as their owner says and as they are. */
  unpackedBytes: 1024 * megabyte,
  /** Of the parts that are read, unpacked: XML grows about tenfold in a parser. */
  readBytes: 64 * megabyte,
  /** Of one text document's XML or HTML, which becomes a tree. */
  treeBytes: 12 * megabyte,
  pages: 3_000,
  rows: 200_000,
  columns: 500,
  cells: 1_000_000,
  /** One value of a table. */
  recordCharacters: 1_000_000,
  /** Elements within elements. */
  depth: 500,
  /** All text of a document: some ten thousand pages. */
  characters: 20_000_000,
  blocks: 250_000,
  /** What the reader's process may write to us. */
  answerBytes: 160 * megabyte,
} as const;

/** What the process of the reader may take. */
export const processBounds = {
  /** JavaScript's own memory; with it go buffers, which only `rss` counts. */
  heapMegabytes: 384,
  rssBytes: 640 * megabyte,
  /** For any file, the start of the process included. */
  leastMs: 7_000,
  /** A large file takes longer: for each megabyte of it. */
  perMegabyteMs: 1_500,
  mostMs: 60_000,
  /** A machine that is busy otherwise is not the file's fault: its time is over when it had the processor for this share of it … */
  busyShare: 0.5,
  /** … or after so many times as long. */
  starvedTimes: 4,
  /** How often its memory is looked at. */
  everyMs: 25,
} as const;

/** How long a file of this size may take. */
export function withinMs(bytes: number): number {
  const { leastMs, perMegabyteMs, mostMs } = processBounds;
  return Math.min(mostMs, leastMs + Math.floor(bytes / megabyte) * perMegabyteMs);
}

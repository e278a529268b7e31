import { crc32 } from 'node:zlib';
import { type Entry, fromBufferPromise, type ZipFile } from 'yauzl';
import { bounds } from './bounds.js';
import { Refusal } from './refusal.js';

/** The parts that are read, by name. */
export type Parts = ReadonlyMap<string, Buffer>;

/**
 * Opens an Office file, which is an archive, before any parser sees it: entries counted, names checked, sizes summed as
 * they come and not as they are told. Only the wanted parts are unpacked: pictures, macros and archives inside never are.
 * @throws Refusal
 */
export async function openArchive(bytes: Buffer, wanted: (name: string) => boolean): Promise<Parts> {
  const parts = new Map<string, Buffer>();
  const names = new Set<string>();
  let told = 0;
  let read = 0;
  let archive: ZipFile | undefined;
  try {
    archive = await fromBufferPromise(bytes, { lazyEntries: true, strictFileNames: true, validateEntrySizes: true });
    if (archive.entryCount > bounds.archiveEntries) throw bomb();
    for await (const entry of archive.eachEntry()) {
      checkName(entry.fileName, names);
      told += entry.uncompressedSize;
      if (told > bounds.unpackedBytes || names.size > bounds.archiveEntries) throw bomb();
      if (!wanted(entry.fileName)) continue;
      const part = await unpacked(archive, entry, bounds.readBytes - read);
      read += part.length;
      checkMarkup(entry.fileName, part);
      parts.set(entry.fileName, part);
    }
  } catch (error) {
    if (error instanceof Refusal) throw error;
    throw refusalOf(error);
  } finally {
    archive?.close();
  }
  return parts;
}

async function unpacked(archive: ZipFile, entry: Entry, most: number): Promise<Buffer> {
  if (entry.isEncrypted()) throw new Refusal('encrypted', 'The file has a password. Save it without one.');
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of await archive.openReadStreamPromise(entry)) {
    const piece = Buffer.from(chunk as Uint8Array); // an archive's stream gives bytes
    size += piece.length;
    if (size > most) throw bomb();
    chunks.push(piece);
  }
  return Buffer.concat(chunks);
}

/** Names lead nowhere, since nothing is written; but whoever writes such names means no good. */
function checkName(name: string, names: Set<string>): void {
  const folded = name.toLowerCase();
  const odd = name.includes('\0') || name.includes('..') || name.startsWith('/') || name.length > 500;
  if (odd || names.has(folded)) throw unsafe('An archive inside it has names that lead elsewhere, or a name twice.');
  names.add(folded);
  if (/(?:^|\/)vbaproject\.bin$/u.test(folded)) {
    throw unsafe('It holds macros, which are programs. Save it without macros (DOCX or XLSX) and upload that.');
  }
  const embedded = /^(?:word|xl|ppt)\/(?:embeddings|media|fonts|printersettings|theme)\//u.test(folded);
  if (!embedded && /\.(?:zip|rar|7z|gz|tar|jar|exe|dll|js|vbs|bat|cmd|ps1|sh|docm|xlsm)$/u.test(folded)) {
    throw unsafe('It holds an archive or a program where an Office file has none.');
  }
}

/** Office never declares types or entities in its parts: whoever does wants the parser to fetch or to multiply something. */
function checkMarkup(name: string, part: Buffer): void {
  if (!/\.(?:xml|rels)$/iu.test(name)) return;
  const wide = (part[0] === 0xff && part[1] === 0xfe) || (part[0] === 0xfe && part[1] === 0xff) || part[1] === 0;
  if (wide) throw unsafe('Its parts are written in an encoding that Office does not write.');
  if (part.includes('<!DOCTYPE') || part.includes('<!ENTITY')) {
    throw unsafe('It declares entities of its own, which no Office program writes.');
  }
}

/**
 * The parts as an archive again, in this order and not packed: what a parser gets is what was checked, and nothing else.
 */
export function storedArchive(parts: Iterable<readonly [name: string, content: Buffer]>): Buffer {
  const local: Buffer[] = [];
  const central: Buffer[] = [];
  let offset = 0;
  let count = 0;
  for (const [name, content] of parts) {
    const encoded = Buffer.from(name, 'utf8');
    const common = Buffer.alloc(26);
    common.writeUInt16LE(20, 0); // version needed
    common.writeUInt16LE(0x0800, 2); // names in UTF-8
    common.writeUInt32LE(crc32(content), 10);
    common.writeUInt32LE(content.length, 14);
    common.writeUInt32LE(content.length, 18);
    common.writeUInt16LE(encoded.length, 22);
    const ending = Buffer.alloc(14);
    ending.writeUInt32LE(offset, 10);
    central.push(Buffer.from('504b01021400', 'hex'), common, ending, encoded);
    local.push(Buffer.from('504b0304', 'hex'), common, encoded, content);
    offset += 30 + encoded.length + content.length;
    count += 1;
  }
  const directory = Buffer.concat(central);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(count, 8);
  end.writeUInt16LE(count, 10);
  end.writeUInt32LE(directory.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...local, directory, end]);
}

function refusalOf(error: unknown): Refusal {
  const message = error instanceof Error ? error.message : '';
  // The library's own words for names that leave the archive; it gives no codes.
  if (/relative path|absolute path|invalid characters in fileName/u.test(message)) {
    return unsafe('It has names that lead outside of it.');
  }
  return new Refusal('broken', 'The file is damaged or incomplete. Open it in Office, save it again, and upload that.');
}

function bomb(): Refusal {
  return new Refusal('too-large', 'Unpacked, the file is far larger than any document. Split it, or save it again.');
}

function unsafe(why: string): Refusal {
  return new Refusal('unsafe', why);
}

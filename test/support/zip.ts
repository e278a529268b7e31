import { crc32, deflateRawSync } from 'node:zlib';

export interface ZipEntry {
  readonly name: string;
  readonly content: Uint8Array;
  /** What the archive says that it is, unpacked. */
  readonly told?: number;
  /** Marks it as encrypted. */
  readonly encrypted?: boolean;
  /** Points at the content of the entry before it, and has none of its own. */
  readonly sameAsBefore?: boolean;
}

/** An archive as anybody may make one, with names and sizes that are not true. */
export function zip(entries: readonly ZipEntry[]): Buffer {
  const local: Buffer[] = [];
  const central: Buffer[] = [];
  let offset = 0;
  let before = { offset: 0, packed: Buffer.alloc(0), size: 0, crc: 0 };
  for (const { name, content, told, encrypted = false, sameAsBefore = false } of entries) {
    const encoded = Buffer.from(name, 'utf8');
    const packed = sameAsBefore ? before.packed : deflateRawSync(content);
    const crc = sameAsBefore ? before.crc : crc32(content);
    const size = told ?? (sameAsBefore ? before.size : content.length);
    const common = Buffer.alloc(26);
    common.writeUInt16LE(20, 0);
    common.writeUInt16LE(0x0800 | (encrypted ? 1 : 0), 2);
    common.writeUInt16LE(8, 4);
    common.writeUInt32LE(crc, 10);
    common.writeUInt32LE(packed.length, 14);
    common.writeUInt32LE(size, 18);
    common.writeUInt16LE(encoded.length, 22);
    const ending = Buffer.alloc(14);
    ending.writeUInt32LE(sameAsBefore ? before.offset : offset, 10);
    central.push(Buffer.from('504b01021400', 'hex'), common, ending, encoded);
    if (sameAsBefore) continue;
    before = { offset, packed, size: content.length, crc };
    local.push(Buffer.from('504b0304', 'hex'), common, encoded, packed);
    offset += 30 + encoded.length + packed.length;
  }
  const directory = Buffer.concat(central);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(Math.min(entries.length, 0xffff), 8);
  end.writeUInt16LE(Math.min(entries.length, 0xffff), 10);
  end.writeUInt32LE(directory.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...local, directory, end]);
}

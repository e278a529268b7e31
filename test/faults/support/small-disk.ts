import { execFileSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

const how = `The full disk needs a small disk of its own. Run the suite as root on Linux, and it makes one in memory; or name
  SMALL_DISK   an empty folder on a disk of 200 to 1000 MB that nobody else uses`;

/** A disk that can be full without harm to anybody else. */
export class SmallDisk {
  private constructor(
    private readonly mounted: string | undefined,
    readonly folder: string,
  ) {
    // Also when this process is killed by hand, nothing stays behind.
    process.once('exit', () => this.remove());
  }

  /** @throws Error that says how to come by one */
  static make(megabytes: number): SmallDisk {
    const given = process.env['SMALL_DISK'];
    if (given) return new SmallDisk(undefined, mkdtempSync(path.join(given, 'instachatico-')));
    if (process.getuid?.() !== 0) throw new Error(how);
    const mount = mkdtempSync(path.join(tmpdir(), 'instachatico-faults-disk-'));
    try {
      execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m`, 'tmpfs', mount], { stdio: 'pipe' });
    } catch (error) {
      rmSync(mount, { recursive: true, force: true });
      throw new Error(how, { cause: error });
    }
    // A folder on it: whoever uses it may want to own it.
    return new SmallDisk(mount, mkdtempSync(path.join(mount, 'data-')));
  }

  /** To the last page. */
  fill(): void {
    const file = openSync(this.filler, 'a');
    try {
      for (let size = 1024 * 1024; size >= 4_096; size /= 4) fillWith(file, Buffer.alloc(size));
    } finally {
      closeSync(file);
    }
  }

  makeRoom(): void {
    rmSync(this.filler, { force: true });
  }

  remove(): void {
    rmSync(this.filler, { force: true });
    rmSync(this.folder, { recursive: true, force: true });
    if (this.mounted === undefined) return;
    try {
      execFileSync('umount', [this.mounted], { stdio: 'pipe' });
      rmSync(this.mounted, { recursive: true, force: true });
    } catch {
      // It was removed before.
    }
  }

  private get filler(): string {
    return `${this.folder}.filler`;
  }
}

function fillWith(file: number, chunk: Buffer): void {
  try {
    while (writeSync(file, chunk) === chunk.length);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOSPC')) throw error;
  }
}

import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import type { FileScanner } from '#domain/knowledge/file-scanner.js';
import { AppError } from '#domain/shared/errors.js';

const withinMs = 60_000;
const mostAnswerBytes = 4_096;

/** ClamAV's daemon over TCP, https://docs.clamav.net/manual/Usage/Scanning.html: the file goes over in pieces (INSTREAM). */
export class ClamdScanner implements FileScanner {
  constructor(private readonly at: { readonly host: string; readonly port: number }) {}

  async scan(content: AsyncIterable<Uint8Array>): Promise<string | undefined> {
    const socket = connect(this.at);
    socket.setTimeout(withinMs, () => socket.destroy(new Error('no answer in time')));
    try {
      await once(socket, 'connect');
      const answer = answerOf(socket);
      // It may refuse half-way, and then closes: its answer says why.
      await Promise.race([send(socket, content), answer]);
      return meaning(await answer);
    } catch (error) {
      if (error instanceof AppError) throw error;
      throw new AppError('unavailable', 'The virus scanner does not answer: the file is not taken. Try again later.', {
        cause: error,
      });
    } finally {
      socket.destroy();
    }
  }
}

/** Without a scanner: nothing is looked for. */
export class NoScanner implements FileScanner {
  async scan(): Promise<undefined> {
    return await Promise.resolve(undefined);
  }
}

async function send(socket: Socket, content: AsyncIterable<Uint8Array>): Promise<void> {
  const write = async (bytes: Uint8Array): Promise<void> => {
    if (!socket.write(bytes)) await once(socket, 'drain');
  };
  await write(Buffer.from('zINSTREAM\0'));
  for await (const chunk of content) {
    const length = Buffer.alloc(4);
    length.writeUInt32BE(chunk.byteLength);
    await write(length);
    await write(chunk);
  }
  await write(Buffer.alloc(4));
}

async function answerOf(socket: Socket): Promise<string> {
  let answer = '';
  for await (const chunk of socket) {
    answer += String(chunk);
    if (answer.includes('\0') || answer.length > mostAnswerBytes) break;
  }
  return answer.replace(/\0.*$/su, '').trim();
}

/** @returns the finding, undefined when there is none */
function meaning(answer: string): string | undefined {
  if (/^stream: OK$/u.test(answer)) return undefined;
  const finding = /^stream: (?<name>.+) FOUND$/u.exec(answer)?.groups?.['name'];
  if (finding !== undefined) return finding;
  if (/size limit exceeded/iu.test(answer)) {
    throw new AppError(
      'unavailable',
      'The virus scanner takes no file of this size: raise its StreamMaxLength to 50M.',
    );
  }
  throw new Error(`the scanner answered: ${answer.slice(0, 200)}`);
}

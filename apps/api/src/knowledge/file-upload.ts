import { BadRequestException, PayloadTooLargeException, UnsupportedMediaTypeException } from '@nestjs/common';
import multipart, { type MultipartFile } from '@fastify/multipart';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { mostFileBytes } from '#domain/knowledge/file-kind.js';

/** Names and ids around the file. */
const mostOverhead = 64 * 1024;
/** 50 MB over the slowest line that somebody still has patience with. */
const mostMs = 600_000;
const tooLarge = 'The file is larger than 50 MB. Split it into several files.';

/** For routes that take a file: `@RouteConfig(takesFile)`. All others refuse forms, as before. */
export const takesFile = { takesFile: true } as const;

export interface UploadedFile {
  readonly name: string;
  readonly content: AsyncIterable<Uint8Array>;
  /** The other fields of the form, by name; asked when all of the file has come. */
  readonly fields: () => Promise<Readonly<Record<string, string>>>;
}

/** Forms are read as they come: nothing of a file is gathered in memory or in a folder of its own. */
export function acceptFiles(server: FastifyInstance): void {
  void server.register(multipart, {
    limits: {
      fileSize: mostFileBytes,
      files: 2,
      fields: 8,
      parts: 10,
      fieldSize: 1_024,
      fieldNameSize: 64,
      headerPairs: 20,
    },
  });
  server.addHook('onRequest', (request, _reply, done) => {
    if (!/^multipart\//iu.test(request.headers['content-type'] ?? '')) return done();
    const takes: unknown = 'takesFile' in request.routeOptions.config;
    if (takes !== true) {
      return done(new UnsupportedMediaTypeException('Send JSON, with the header "Content-Type: application/json".'));
    }
    const bytes = Number(request.headers['content-length'] ?? 0);
    return bytes > mostFileBytes + mostOverhead ? done(new PayloadTooLargeException(tooLarge)) : done();
  });
}

/**
 * Reads a form with one file, named `file`, and some texts before or behind it.
 * @param take is given the file; what is left of the form when it ends is read, so that its answer can be
 * @throws HttpException for a form that is none
 */
export async function readFile<Result>(
  request: FastifyRequest,
  names: readonly string[],
  take: (file: UploadedFile) => Promise<Result>,
): Promise<Result> {
  if (!request.isMultipart())
    throw new UnsupportedMediaTypeException('Send a form: "Content-Type: multipart/form-data".');
  const late = setTimeout(() => request.raw.destroy(), mostMs);
  const parts = request.parts()[Symbol.asyncIterator]();
  const fields: Record<string, string> = {};
  let file: MultipartFile | undefined;
  const next = async (): Promise<boolean> => {
    const { value: part, done } = await parts.next();
    if (done === true) return false;
    if (part.type === 'file') {
      if (file || part.fieldname !== 'file') {
        part.file.resume();
        throw new BadRequestException(['a form has one file, in the field "file"']);
      }
      file = part;
    } else {
      if (!names.includes(part.fieldname))
        throw new BadRequestException([`property ${part.fieldname.slice(0, 64)} should not exist`]);
      if (part.valueTruncated || typeof part.value !== 'string')
        throw new BadRequestException([`${part.fieldname} is too long`]);
      fields[part.fieldname] = part.value;
    }
    return true;
  };
  try {
    let more = true;
    while (more) more = (await next()) && file === undefined;
    if (!file) throw new BadRequestException(['file should not be empty: send it in the field "file"']);
    const { filename, file: content } = file;
    return await take({
      name: filename,
      content,
      fields: async () => {
        while (await next());
        return fields;
      },
    });
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'FST_REQ_FILE_TOO_LARGE') {
      throw new PayloadTooLargeException(tooLarge);
    }
    throw error;
  } finally {
    await readOn(request, file);
    clearTimeout(late);
  }
}

/** Who is still sending cannot read an answer: what comes is thrown away until the form ends, or its sender has gone. */
async function readOn(request: FastifyRequest, file: MultipartFile | undefined): Promise<void> {
  file?.file.on('error', () => undefined).resume();
  if (request.raw.readableEnded || request.raw.destroyed) return;
  await new Promise<void>((resolve) => {
    request.raw
      .once('end', resolve)
      .once('close', resolve)
      .once('error', () => resolve())
      .resume();
  });
}

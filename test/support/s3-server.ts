import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { buffer } from 'node:stream/consumers';

/** A server that speaks as much of S3 as a store of files needs: one bucket, objects, uploads in parts, signed requests only. */
export class S3Server {
  readonly objects = new Map<string, { readonly content: Buffer; changed: Date }>();
  /** Uploads in parts that were begun, and neither completed nor discarded. */
  readonly uploads = new Map<string, Map<number, Buffer>>();
  /** Answered instead, while it is set. */
  trouble: number | undefined;
  unsigned = 0;
  readonly #server: Server;

  private constructor(readonly bucket: string) {
    this.#server = createServer((request, response) => {
      this.#answer(request, response).catch(() => response.destroy());
    });
  }

  static async start(bucket: string): Promise<S3Server> {
    const server = new S3Server(bucket);
    server.#server.listen(0, '127.0.0.1');
    await once(server.#server, 'listening');
    return server;
  }

  get url(): string {
    const address = this.#server.address();
    return `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await buffer(request);
    const url = new URL(request.url ?? '/', 'http://s3');
    if (this.trouble !== undefined) return fail(response, this.trouble, 'InternalError');
    const signature = request.headers.authorization ?? '';
    if (!/^AWS4-HMAC-SHA256 Credential=test-key\/.*, ?Signature=[0-9a-f]{64}$/u.test(signature)) {
      this.unsigned += 1;
      return fail(response, 403, 'AccessDenied');
    }
    const [bucket = '', ...rest] = url.pathname.slice(1).split('/');
    if (bucket !== this.bucket) return fail(response, 404, 'NoSuchBucket');
    const key = decodeURIComponent(rest.join('/'));
    if (key === '') return request.method === 'HEAD' ? void response.end() : this.#list(url, response);
    const upload = url.searchParams.get('uploadId');
    if (request.method === 'POST' || upload !== null) {
      return this.#inParts(request.method ?? '', key, upload, url, body, response);
    }
    this.#object(request.method ?? '', key, body, response);
  }

  #object(method: string, key: string, body: Buffer, response: ServerResponse): void {
    const object = this.objects.get(key);
    if (method === 'PUT') {
      this.objects.set(key, { content: body, changed: new Date() });
      response.writeHead(200, { etag: '"1"' }).end();
    } else if (method === 'DELETE') {
      this.objects.delete(key);
      response.writeHead(204).end();
    } else if (object) {
      response.writeHead(200, { 'content-length': object.content.length }).end(object.content);
    } else {
      fail(response, 404, 'NoSuchKey');
    }
  }

  #inParts(method: string, key: string, id: string | null, url: URL, body: Buffer, response: ServerResponse): void {
    if (id === null) {
      const next = `upload-${this.uploads.size + 1}`;
      this.uploads.set(next, new Map());
      return xml(response, 'InitiateMultipartUploadResult', `<UploadId>${next}</UploadId>`);
    }
    const parts = this.uploads.get(id);
    if (!parts) return fail(response, 404, 'NoSuchUpload');
    if (method === 'PUT') {
      parts.set(Number(url.searchParams.get('partNumber')), body);
      return void response.writeHead(200, { etag: '"1"' }).end();
    }
    this.uploads.delete(id);
    if (method === 'DELETE') return void response.writeHead(204).end();
    const content = [...parts].toSorted(([one], [other]) => one - other).map(([, part]) => part);
    this.objects.set(key, { content: Buffer.concat(content), changed: new Date() });
    return xml(response, 'CompleteMultipartUploadResult', `<Key>${key}</Key>`);
  }

  /** In pages of two: so that nobody takes the first one for all. */
  #list(url: URL, response: ServerResponse): void {
    const prefix = url.searchParams.get('prefix') ?? '';
    const from = Number(url.searchParams.get('continuation-token') ?? 0);
    const found = [...this.objects].filter(([key]) => key.startsWith(prefix));
    const rows = found
      .slice(from, from + 2)
      .map(
        ([key, { changed }]) =>
          `<Contents><Key>${key}</Key><LastModified>${changed.toISOString()}</LastModified></Contents>`,
      );
    const more = from + 2 < found.length;
    const next = more ? `<NextContinuationToken>${from + 2}</NextContinuationToken>` : '';
    xml(response, 'ListBucketResult', `<IsTruncated>${more}</IsTruncated>${next}${rows.join('')}`);
  }
}

function xml(response: ServerResponse, root: string, content: string): void {
  response.writeHead(200, { 'content-type': 'application/xml' }).end(`<${root}>${content}</${root}>`);
}

function fail(response: ServerResponse, status: number, code: string): void {
  response.writeHead(status, { 'content-type': 'application/xml' }).end(`<Error><Code>${code}</Code></Error>`);
}

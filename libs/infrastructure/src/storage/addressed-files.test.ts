import { createServer, type Server } from 'node:net';
import { once } from 'node:events';
import { buffer } from 'node:stream/consumers';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { StubVendor } from '../../../../test/contracts/stub-vendor.js';
import { AddressedFiles } from './addressed-files.js';

let stub: StubVendor;
let files: AddressedFiles;
/** Listens where nobody may be led: each connection counts. */
let inside: Server;
let connections = 0;
let port: number;

beforeAll(async () => {
  stub = await StubVendor.start();
  inside = createServer((socket) => {
    connections += 1;
    socket.destroy();
  });
  inside.listen(0, '::');
  await once(inside, 'listening');
  const address = inside.address();
  port = typeof address === 'object' && address !== null ? address.port : 0;
  files = new AddressedFiles({ playedAt: stub.url });
});
beforeEach(() => {
  stub.calls.length = 0;
});
afterEach(() => {
  connections = 0;
});
afterAll(async () => {
  await files.onApplicationShutdown();
  stub.close();
  inside.close();
});

const answer = (status: number, headers: Readonly<Record<string, string>>, body: string | Buffer = ''): void => {
  stub.answer = (_, response) => response.writeHead(status, headers).end(body);
};

// audit 53
describe('a machine inside is never connected to', () => {
  it.each([
    'http://example.com/a.pdf',
    'https://127.0.0.1/a.pdf',
    'https://127.0.0.1:PORT/a.pdf',
    'http://127.0.0.1:PORT/a.pdf',
    'https://localhost/a.pdf',
    'https://localhost:PORT/a.pdf',
    'https://LOCALHOST/a.pdf',
    'https://127.1/a.pdf',
    'https://127.0.1/a.pdf',
    'https://2130706433/a.pdf',
    'https://0x7f000001/a.pdf',
    'https://0x7f.1/a.pdf',
    'https://0177.0.0.1/a.pdf',
    'https://017700000001/a.pdf',
    'https://127.255.255.254/a.pdf',
    'https://0.0.0.0/a.pdf',
    'https://0/a.pdf',
    'https://10.0.0.1/a.pdf',
    'https://100.64.0.1/a.pdf',
    'https://169.254.169.254/latest/meta-data/iam.pdf',
    'https://172.16.0.1/a.pdf',
    'https://172.31.255.255/a.pdf',
    'https://192.168.0.1/a.pdf',
    'https://198.18.0.1/a.pdf',
    'https://224.0.0.1/a.pdf',
    'https://240.0.0.1/a.pdf',
    'https://255.255.255.255/a.pdf',
    'https://[::]/a.pdf',
    'https://[::1]/a.pdf',
    'https://[::1]:PORT/a.pdf',
    'https://[0:0:0:0:0:0:0:1]/a.pdf',
    'https://[::ffff:127.0.0.1]/a.pdf',
    'https://[::ffff:7f00:1]/a.pdf',
    'https://[::ffff:169.254.169.254]/a.pdf',
    'https://[64:ff9b::7f00:1]/a.pdf',
    'https://[2002:7f00:1::]/a.pdf',
    'https://[fc00::1]/a.pdf',
    'https://[fd00:ec2::254]/a.pdf',
    'https://[fe80::1]/a.pdf',
    'https://[ff02::1]/a.pdf',
    'https://user@127.0.0.1/a.pdf',
    'https://user:secret@example.com/a.pdf',
    'https://example.com@127.0.0.1/a.pdf',
    'https://example.com:8443/a.pdf',
    'https://①②⑦.⓪.⓪.①/a.pdf',
    'https://127。0。0。1/a.pdf',
    'https:127.0.0.1/a.pdf',
    'https:/\\127.0.0.1/a.pdf',
    '//127.0.0.1/a.pdf',
    'ftp://127.0.0.1/a.pdf',
    'gopher://127.0.0.1/a.pdf',
    'file:///etc/passwd',
    'file://localhost/etc/passwd',
    'data:application/pdf;base64,JVBERi0=',
    'blob:https://example.com/1',
    'javascript:alert(1)',
    'unix:/var/run/docker.sock',
    's3://knowledge/a.pdf',
    'S3://knowledge/a.pdf',
    's3://',
    '/etc/passwd',
    'a.pdf',
    '',
    '\0',
  ])('%j', async (address) => {
    await expect(files.open(address.replace('PORT', String(port)))).rejects.toMatchObject({ kind: 'invalid' });
    expect([connections, stub.calls.length]).toEqual([0, 0]);
  });

  it.each([
    'https://127.0.0.1:PORT/',
    'http://127.0.0.1:PORT/',
    'https://localhost/',
    'file:///etc/passwd',
    '//[::1]:PORT/',
    'https://169.254.169.254/',
  ])('nor when another server leads there: %s', async (location) => {
    answer(302, { location: location.replace('PORT', String(port)) });
    await expect(files.open(`${stub.url}/a.pdf`)).rejects.toMatchObject({ kind: 'invalid' });
    expect(connections).toBe(0);
    expect(stub.calls).toHaveLength(1);
  });
});

describe('a file at an address', () => {
  it('comes with its name and its bytes', async () => {
    answer(200, { 'content-type': 'application/pdf' }, '%PDF-1.7');
    const { name, content } = await files.open(`${stub.url}/lists/Price%20list.pdf?version=2`);
    expect([name, (await buffer(content)).toString()]).toEqual(['Price list.pdf', '%PDF-1.7']);
  });

  it.each([
    ['/download?id=7', { 'content-type': 'text/csv; charset=utf-8' }, 'download.csv'],
    ['/download', { 'content-disposition': 'attachment; filename="Prices 2026.xlsx"' }, 'Prices 2026.xlsx'],
    ['/', { 'content-type': 'text/html' }, '127.0.0.1.html'],
    ['/%E0%A4%A.pdf', {}, '%E0%A4%A.pdf'],
  ])('is named by its server where the address does not: %s', async (path, headers, name) => {
    answer(200, headers, 'Tea');
    expect((await files.open(`${stub.url}${path}`)).name).toBe(name);
  });

  it('is looked for where its server says that it has gone, three times at most', async () => {
    let left = 3;
    stub.answer = (_, response) => {
      left -= 1;
      if (left >= 0) response.writeHead(302, { location: '/a.txt' }).end();
      else response.writeHead(200).end('Tea');
    };
    expect((await buffer((await files.open(`${stub.url}/old.txt`)).content)).toString()).toBe('Tea');
    answer(302, { location: '/again.txt' });
    await expect(files.open(`${stub.url}/again.txt`)).rejects.toMatchObject({ kind: 'invalid' });
  });

  it.each([
    [404, 'invalid'],
    [403, 'invalid'],
    [500, 'unavailable'],
    [503, 'unavailable'],
  ])('is not there at HTTP %i: %s', async (status, kind) => {
    answer(status, {});
    await expect(files.open(`${stub.url}/a.pdf`)).rejects.toMatchObject({ kind });
  });

  it('that breaks off, or is larger than 50 MB, is not there', async () => {
    stub.answer = (_, response) => {
      response.writeHead(200, { 'content-length': '1000' });
      response.write('half');
      setTimeout(() => response.destroy(), 20);
    };
    const half = await files.open(`${stub.url}/a.txt`);
    await expect(buffer(half.content)).rejects.toMatchObject({ kind: 'unavailable' });
    answer(200, {}, Buffer.alloc(51 * 1024 * 1024, 'a'));
    const large = await files.open(`${stub.url}/a.txt`);
    await expect(buffer(large.content)).rejects.toMatchObject({ kind: 'invalid' });
  });
});

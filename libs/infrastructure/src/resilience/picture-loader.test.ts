import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { StubVendor } from '../../../../test/contracts/stub-vendor.js';
import { PictureLoader } from './picture-loader.js';
import { isPublicAddress } from './public-address.js';

const png = Buffer.from('89504e470d0a1a0a0000', 'hex');
let stub: StubVendor;
let loader: PictureLoader;

const answer = (bytes: Buffer, status = 200, headers: Readonly<Record<string, string>> = {}): void => {
  stub.answer = (_, response) => response.writeHead(status, { 'content-type': 'image/png', ...headers }).end(bytes);
};

beforeAll(async () => {
  stub = await StubVendor.start();
  loader = new PictureLoader({ domains: ['cdninstagram.com', 'fbcdn.net'], playedAt: stub.url });
});
beforeEach(() => {
  stub.calls.length = 0;
  answer(png);
});
afterAll(async () => {
  await loader.close();
  stub.close();
});

// audit 53
describe('a picture', () => {
  it.each([
    ['image/png', '89504e470d0a1a0a00'],
    ['image/jpeg', 'ffd8ffe000'],
    ['image/gif', '47494638396100'],
    ['image/webp', '524946460000000057454250'],
  ])('is known by its first bytes: %s', async (type, bytes) => {
    answer(Buffer.from(bytes, 'hex'), 200, { 'content-type': 'text/html' });
    const base64 = Buffer.from(bytes, 'hex').toString('base64');
    await expect(loader.load(`${stub.url}/cdn/a.png`)).resolves.toBe(`data:${type};base64,${base64}`);
  });

  it.each([
    ['a web page', Buffer.from('<html>')],
    ['a drawing that is a program', Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"><script/></svg>')],
    ['nothing', Buffer.alloc(0)],
    ['a document', Buffer.from('%PDF-1.7')],
  ])('is not %s', async (_, bytes) => {
    answer(bytes);
    await expect(loader.load(`${stub.url}/cdn/a.png`)).rejects.toMatchObject({ kind: 'rejected' });
  });

  it.each([301, 302, 307, 403, 404, 410])('is not followed elsewhere, nor asked for again, at %i', async (status) => {
    answer(png, status, { location: `${stub.url}/elsewhere` });
    await expect(loader.load(`${stub.url}/cdn/a.png`)).rejects.toMatchObject({ kind: 'rejected' });
    expect(stub.calls.map(({ path }) => path)).toEqual(['/cdn/a.png']);
  });

  it.each([500, 503])('may come later at %i', async (status) => {
    answer(png, status);
    await expect(loader.load(`${stub.url}/cdn/a.png`)).rejects.toMatchObject({ kind: 'unavailable' });
  });

  it('that is too large, or breaks off, is not taken', async () => {
    answer(Buffer.concat([png, Buffer.alloc(9 * 1024 * 1024)]));
    await expect(loader.load(`${stub.url}/cdn/a.png`)).rejects.toMatchObject({ kind: 'unavailable' });
    stub.answer = (_, response) => response.socket?.destroy();
    await expect(loader.load(`${stub.url}/cdn/a.png`)).rejects.toMatchObject({ kind: 'unavailable' });
  });
});

describe('nobody is asked', () => {
  it.each([
    ['another host', 'https://example.org/a.png'],
    ['a host that only ends alike', 'https://evilcdninstagram.com/a.png'],
    ['a host that only begins alike', 'https://cdninstagram.com.example.org/a.png'],
    ['no encryption', 'http://scontent.cdninstagram.com/a.png'],
    ['another port', 'https://scontent.cdninstagram.com:8443/a.png'],
    ['a name and a password', 'https://user:secret@scontent.cdninstagram.com/a.png'],
    ['a name that hides the host', 'https://scontent.cdninstagram.com@127.0.0.1/a.png'],
    ['a file', 'file:///etc/passwd'],
    ['data', 'data:image/png;base64,AAAA'],
    ['this machine by name', 'http://localhost/a.png'],
    ['this machine by number', 'http://127.0.0.1/a.png'],
    ['this machine, written otherwise', 'http://2130706433/a.png'],
    ['this machine in IPv6', 'http://[::1]/a.png'],
    ['the cloud’s own page', 'http://169.254.169.254/latest/meta-data'],
    ['another protocol', 'gopher://scontent.cdninstagram.com/a'],
    ['nothing', ''],
    ['a path', '/etc/passwd'],
  ])('for %s', async (_, address) => {
    await expect(loader.load(address)).rejects.toMatchObject({ kind: 'rejected' });
    expect(stub.calls).toEqual([]);
  });

  it('on this machine when nobody plays the platform here', async () => {
    const outside = new PictureLoader({ domains: ['cdninstagram.com'] });
    await expect(outside.load(`${stub.url}/cdn/a.png`)).rejects.toMatchObject({ kind: 'rejected' });
    expect(stub.calls).toEqual([]);
    await outside.close();
  });

  it('at an address inside, also when a known domain’s name leads there', async () => {
    // localhost is a name like any other to a resolver.
    const outside = new PictureLoader({ domains: ['localhost'] });
    await expect(outside.load('https://localhost/a.png')).rejects.toMatchObject({ kind: 'unavailable' });
    expect(stub.calls).toEqual([]);
    await outside.close();
  });
});

describe('an address', () => {
  it.each([
    '0.0.0.0',
    '10.1.2.3',
    '100.64.0.1',
    '127.0.0.1',
    '127.255.255.254',
    '169.254.169.254',
    '172.16.0.1',
    '172.31.255.255',
    '192.0.0.1',
    '192.0.2.1',
    '192.168.1.1',
    '198.18.0.1',
    '198.51.100.1',
    '203.0.113.1',
    '224.0.0.1',
    '240.0.0.1',
    '255.255.255.255',
    '::',
    '::1',
    '::ffff:127.0.0.1',
    '::ffff:8.8.8.8',
    '64:ff9b::7f00:1',
    '100::1',
    '2001::1',
    '2001:db8::1',
    '2002:7f00:1::',
    '3fff::1',
    'fc00::1',
    'fd00::1',
    'fe80::1',
    'ff02::1',
    'not an address',
    '',
  ])('is not public: %s', (address) => {
    expect(isPublicAddress(address)).toBe(false);
  });

  it.each(['8.8.8.8', '157.240.1.1', '172.32.0.1', '2a03:2880:f000::1', '2606:4700::1'])('is public: %s', (address) => {
    expect(isPublicAddress(address)).toBe(true);
  });
});

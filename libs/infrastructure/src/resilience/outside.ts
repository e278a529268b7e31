import { lookup as lookUp } from 'node:dns';
import { isIP, type LookupFunction } from 'node:net';
import { Agent } from 'undici';
import { isPublicAddress } from './public-address.js';

const connectTimeoutMs = 3_000;

/** The name is looked up here and nowhere before: what is connected to is what was checked. */
const publicOnly: LookupFunction = (hostname, options, found) => {
  lookUp(hostname, { ...options, all: true }, (error, addresses) => {
    if (error) return found(error, []);
    if (addresses.length === 0 || !addresses.every(({ address }) => isPublicAddress(address))) {
      return found(Object.assign(new Error('not a public address'), { code: 'EACCES' }), []);
    }
    const [first] = addresses;
    return options.all ? found(null, addresses) : found(null, first?.address ?? '', first?.family ?? 4);
  });
};

/** For addresses that come from outside (audit 53): whatever the name, only public addresses are connected to. */
export function outsideAgent(options: Pick<Agent.Options, 'connections' | 'maxResponseSize'>): Agent {
  return new Agent({ ...options, connect: { timeout: connectTimeoutMs, lookup: publicOnly } });
}

/** Encrypted, at the usual port, with no name and password in it, and at no address inside: those are not looked up. */
export function isOutside(url: URL): boolean {
  if (url.protocol !== 'https:' || url.port !== '' || url.username !== '' || url.password !== '') return false;
  const host = url.hostname.replace(/^\[(?<address>.*)\]$/u, '$<address>');
  return isIP(host) === 0 ? host !== '' : isPublicAddress(host);
}

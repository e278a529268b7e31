import { request } from 'undici';
import { vi } from 'vitest';
import { z } from 'zod';
import { connectPlatforms } from '#infrastructure/platforms/platforms.js';
import { PlatformId } from '#domain/shared/ids.js';
import { bakeryAccount } from '../../apps/sandbox/src/bakery/account.js';
import { bakeryMedia } from '../../apps/sandbox/src/bakery/media.js';
import { createSandbox } from '../../apps/sandbox/src/server.js';
import { readSettings } from '../../apps/sandbox/src/settings.js';
import { platformContract, type PlatformWorld, type SignedDelivery } from '../contracts/platform.contract.js';
import { StubVendor } from '../contracts/stub-vendor.js';

const appSecret = 'contract-app-secret';
const token = 'contract-instagram-token';

/** The real adapter against the sandbox, over real sockets. */
async function openWorld(): Promise<PlatformWorld> {
  const receiver = await StubVendor.start();
  const settings = readSettings({ APP_SECRET: appSecret, INSTA_TOKEN: token, API_URL: receiver.url });
  const sandbox = await createSandbox(settings);
  const url = await sandbox.listen({ port: 0, host: '127.0.0.1' });
  const platforms = connectPlatforms({
    instagram: {
      baseUrl: `${url}/instagram`,
      version: 'v26.0',
      token,
      appSecrets: [appSecret],
      verifyToken: 'verify',
      accountId: undefined,
    },
  });

  const call = async (method: 'GET' | 'POST' | 'DELETE', path: string, body?: object): Promise<unknown> => {
    const answer = await request(`${url}${path}`, {
      method,
      headers: { authorization: `Bearer ${token}`, ...(body && { 'content-type': 'application/json' }) },
      body: body ? JSON.stringify(body) : null,
    });
    const text = await answer.body.text();
    if (answer.statusCode >= 300) throw new Error(`${method} ${path}: ${answer.statusCode} ${text}`);
    return text === '' ? undefined : JSON.parse(text);
  };
  const post = bakeryMedia[0];
  if (!post) throw new Error('the bakery has no posts');

  return {
    platform: platforms.get(PlatformId.parse('instagram')),
    account: { id: bakeryAccount.id, username: bakeryAccount.username },
    post,
    comment: async (text, parentId) => {
      const written = await call('POST', '/_sandbox/comments', {
        text,
        mediaId: post.id,
        ...(parentId && { parentId }),
      });
      return z.object({ id: z.string() }).parse(written).id;
    },
    remove: async (id) => void (await call('DELETE', `/instagram/v26.0/${id}`)),
    hide: async (id) => void (await call('POST', `/instagram/v26.0/${id}?hide=true`)),
    loseNextAnswer: async () => {
      const effect = { kind: 'do-then-reset' };
      await call('POST', '/_sandbox/faults', { vendor: 'instagram', call: 'reply', effect });
    },
    deliveryOf: (id) => deliveryOf(receiver, id),
    requests: async (name, id) => {
      const found = await call('GET', `/_sandbox/ledger?vendor=instagram&call=${name}&target=${id}`);
      return z.object({ count: z.number() }).parse(found).count;
    },
    unsubscribe: async () => void (await call('DELETE', '/instagram/v26.0/me/subscribed_apps')),
    ageAccess: async () => void (await call('POST', '/_sandbox/tokens', { ageHours: 25 })),
    close: async () => {
      await platforms.close();
      await sandbox.close();
      receiver.close();
    },
  };
}

/** The webhook about the comment, as soon as it has come. */
async function deliveryOf(receiver: StubVendor, id: string): Promise<SignedDelivery> {
  return await vi.waitFor(() => {
    const delivery = receiver.calls.find(({ body }) => body.includes(`"id":"${id}"`));
    const signature = delivery?.headers['x-hub-signature-256'];
    if (!delivery || typeof signature !== 'string') throw new Error(`no webhook told about ${id}`);
    return { body: new TextEncoder().encode(delivery.body), signature };
  });
}

platformContract('Instagram', openWorld);

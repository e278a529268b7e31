import { createServer } from 'node:net';
import { once } from 'node:events';

import { afterEach, describe, expect, it } from 'vitest';

import { GivenSettings } from './given-settings.js';
import { checkPorts, makePlan } from './plan.js';

const blocker = createServer();
afterEach(() => void blocker.close());

describe('the plan of a start', () => {
  it('uses the documented ports and folder when nothing is set', () => {
    const plan = makePlan(new GivenSettings({}));
    expect(plan.ports).toEqual({ api: 3000, worker: 3001, sandbox: 3002 });
    expect(plan.dataDir).toBe('.data');
  });

  it('names everything that is wrong at once', () => {
    const settings = { PORT: 'x', WORKER_PORT: '0', INSTA_TOKEN: 'real' };
    const wrong = (): unknown => makePlan(new GivenSettings(settings));
    for (const name of ['PORT is no port', 'WORKER_PORT is no port', 'APP_SECRET is missing', 'TOKEN is missing']) {
      expect(wrong).toThrow(name);
    }
  });

  it('names what api and worker would refuse, together with what is wrong with the ports, and never a value', () => {
    const settings = { PORT: 'x', OPENAI_API_MODE: 'foo', LOG_LEVEL: 'loud', REDIS_URL: 'http://:geheim@host' };
    const wrong = (): unknown => makePlan(new GivenSettings(settings));
    for (const name of ['4 setting(s)', 'PORT is no port', 'OPENAI_API_MODE is', 'LOG_LEVEL is', 'REDIS_URL is']) {
      expect(wrong).toThrow(name);
    }
    expect(wrong).not.toThrow('geheim');
  });

  it('does not give one port to two programs', () => {
    expect(() => makePlan(new GivenSettings({ PORT: '3002' }))).toThrow('must differ');
  });

  it('reads a setting from the file that NAME_FILE names, and says when it cannot', () => {
    expect(() => makePlan(new GivenSettings({ PORT_FILE: '/nowhere' }))).toThrow('PORT_FILE');
  });

  it('stops at a port in use and names the setting to change', async () => {
    blocker.listen(0, '127.0.0.1');
    await once(blocker, 'listening');
    const address = blocker.address();
    const port = address !== null && typeof address === 'object' ? address.port : 0;
    const plan = makePlan(new GivenSettings({ WORKER_PORT: String(port), PORT: '49151', SANDBOX_PORT: '49150' }));
    await expect(checkPorts(plan, 0)).rejects.toThrow(`Port ${port} is in use. Set WORKER_PORT`);
  });
});

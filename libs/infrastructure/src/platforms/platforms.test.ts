import { afterEach, expect, it } from 'vitest';
import { PlatformId } from '#domain/shared/ids.js';
import { connectPlatforms } from './platforms.js';

const platforms = connectPlatforms({
  instagram: {
    baseUrl: 'http://127.0.0.1:9',
    version: 'v26.0',
    token: 'token',
    appSecrets: ['secret'],
    verifyToken: 'verify',
    accountId: undefined,
  },
});
afterEach(async () => {
  await platforms.close();
});

it('finds a platform by its id, and says when there is none', () => {
  const id = PlatformId.parse('instagram');
  expect(platforms.get(id).id).toBe(id);
  expect(platforms.all().map((platform) => platform.id)).toEqual([id]);
  expect(() => platforms.get(PlatformId.parse('fax'))).toThrow('there is no platform "fax"');
});

it('tells the state of every circuit', () => {
  expect(platforms.circuits().map(({ name }) => name)).toEqual([
    'instagram publish',
    'instagram message',
    'instagram moderate',
    'instagram read',
  ]);
});

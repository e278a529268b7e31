import type { Platform, Platforms } from '#domain/platforms/platform.js';
import type { PlatformId } from '#domain/shared/ids.js';
import { AppError } from '#domain/shared/errors.js';
import { SharedMediaReads } from '../cache/shared-media-reads.js';
import type { CircuitState } from '../resilience/guarded.js';
import type { PlatformLimits } from '../resilience/platform-limits.js';
import type { VendorConnection } from '../resilience/vendor-connection.js';
import { instagram, type InstagramSettings } from './instagram/instagram.js';

export interface PlatformSettings {
  readonly instagram: InstagramSettings;
}

/**
 * The only place that knows which platforms exist.
 * @param limits asked before every call and told of every answer; without them nothing is
 */
export function connectPlatforms(
  settings: PlatformSettings,
  limits?: Pick<PlatformLimits, 'mayCall' | 'heard'>,
): PlatformList {
  const connected = [instagram(settings.instagram, limits)];
  return new PlatformList(connected.map((platform) => ({ ...platform, media: new SharedMediaReads(platform.media) })));
}

export class PlatformList implements Platforms, VendorConnection {
  constructor(private readonly platforms: readonly (Platform & VendorConnection)[]) {}

  get(id: PlatformId): Platform {
    const platform = this.platforms.find((candidate) => candidate.id === id);
    if (!platform) throw new AppError('not-found', `there is no platform "${id}"`);
    return platform;
  }

  all(): readonly Platform[] {
    return this.platforms;
  }

  circuits(): readonly CircuitState[] {
    return this.platforms.flatMap((platform) => platform.circuits());
  }

  async close(): Promise<void> {
    await Promise.all(this.platforms.map((platform) => platform.close()));
  }
}

import type { Subscription } from '#domain/platforms/platform.js';
import type { InstagramApi } from './instagram-api.js';
import { changed } from './instagram-schemas.js';
import { subscriptions } from './listing-schemas.js';

const path = ['me', 'subscribed_apps'];
const wanted = 'comments';

/** Without it no webhook comes, however well the app is set up (README, "Scopes and access"). */
export class InstagramSubscription implements Subscription {
  constructor(private readonly api: InstagramApi) {}

  async isActive(): Promise<boolean> {
    return (await this.#fields()).includes(wanted);
  }

  async renew(): Promise<void> {
    // What else was subscribed to stays: the call replaces the list.
    const fields = [...new Set([...(await this.#fields()), wanted])].join(',');
    await this.api.change({ what: 'subscribing to comments', path, query: { subscribed_fields: fields } }, changed);
  }

  async #fields(): Promise<readonly string[]> {
    const { data } = await this.api.read({ what: 'reading the subscription', path }, subscriptions);
    return data.flatMap((app) => app.subscribed_fields ?? []);
  }
}

import type { Comment } from '../comments/comment.js';
import { circumstancesOf } from '../comments/triage.js';
import type { Clock } from '../shared/clock.js';
import type { Patterns } from './patterns.js';
import type { Policies } from './policies.js';
import { PreparedSettings, type Ruling } from './prepared-settings.js';
import type { PolicySettings } from './settings.js';

/** What people decided beforehand about a comment as it is now, by the settings in force. No vendor is asked for any of it. */
export class Rulings {
  /** Made once as long as the same settings are remembered. */
  private readonly prepared = new WeakMap<PolicySettings, PreparedSettings>();

  constructor(
    private readonly policies: Policies,
    private readonly patterns: Patterns,
    private readonly clock: Clock,
  ) {}

  async about(comment: Comment): Promise<Ruling> {
    const { settings, version } = await this.policies.current(comment.accountId);
    return this.ready(settings).about(comment, circumstancesOf(comment), this.clock.now(), version);
  }

  private ready(settings: PolicySettings): PreparedSettings {
    const known = this.prepared.get(settings);
    if (known) return known;
    const made = new PreparedSettings(settings, this.patterns);
    this.prepared.set(settings, made);
    return made;
  }
}

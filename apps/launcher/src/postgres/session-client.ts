import { PrivateNames } from './private-names.js';
import { type WireMessage } from './wire-message.js';

/** What the shared session remembers about one client. */
export class SessionClient {
  readonly names: PrivateNames;
  readonly channels = new Set<string>();
  /** In a transaction, or between Flush and Sync: nobody else may use the session. */
  keeps = false;
  /** Used session advisory locks at some time; they must be given back when the client goes. */
  hasLocks = false;
  /** Ran a SET whose result has not been read back yet. */
  settingsChanged = false;
  /** The last Parse of the unnamed statement. */
  unnamed: WireMessage | undefined;

  constructor(
    readonly id: number,
    public settings: ReadonlyMap<string, string>,
  ) {
    this.names = new PrivateNames(id);
  }

  /** Equal for clients with equal settings; empty without any. */
  settingsKey(): string {
    return this.settings.size === 0 ? '' : JSON.stringify([...this.settings].toSorted());
  }

  listen(verb: 'listen' | 'unlisten', channel: string): void {
    if (verb === 'listen') this.channels.add(channel);
    else if (channel === '*') this.channels.clear();
    else this.channels.delete(channel);
  }
}

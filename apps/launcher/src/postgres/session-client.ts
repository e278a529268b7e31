import { PrivateNames } from './private-names.js';
import { type WireMessage } from './wire-message.js';

/**
 * Time limits that run between two statements. PostgreSQL keeps them by ending its process, which here is everybody's:
 * the engine must never hear of them.
 */
export const frontTimeouts: readonly string[] = [
  'idle_in_transaction_session_timeout',
  'idle_session_timeout',
  'transaction_timeout',
];

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

  /** What the database is told for this client. */
  settings: ReadonlyMap<string, string> = new Map();
  /** In milliseconds; 0 when the client asked for none. */
  idleInTransactionMs = 0;

  constructor(
    readonly id: number,
    settings: ReadonlyMap<string, string>,
  ) {
    this.names = new PrivateNames(id);
    this.takeSettings(settings);
  }

  /** @param settings all that differ from the database's own */
  takeSettings(settings: ReadonlyMap<string, string>): void {
    const idle = Number(settings.get('idle_in_transaction_session_timeout') ?? this.idleInTransactionMs);
    this.idleInTransactionMs = idle > 0 ? idle : 0;
    this.settings = new Map([...settings].filter(([name]) => !frontTimeouts.includes(name)));
  }

  /** Equal for clients with equal settings; empty without any. */
  settingsKey(): string {
    return this.settings.size === 0
      ? ''
      : JSON.stringify([...this.settings].toSorted(([a], [b]) => a.localeCompare(b)));
  }

  listen(verb: 'listen' | 'unlisten', channel: string): void {
    if (verb === 'listen') this.channels.add(channel);
    else if (channel === '*') this.channels.clear();
    else this.channels.delete(channel);
  }
}

import { channelOf, failedIn, readyAnswer, rowsIn, type SessionState, stateIn } from './answers.js';
import { frontTimeouts, type SessionClient } from './session-client.js';
import { readEffects, type SqlEffects } from './sql-effects.js';
import { sqlOf, type Unit } from './unit.js';
import { bodyOf, frame, readWireText, splitMessages, wireText, type WireMessage } from './wire-message.js';

/** The single-session database: takes protocol messages, gives protocol messages, one call at a time. */
export interface Engine {
  exchange(bytes: Buffer): Promise<Buffer>;
}

export interface UnitAnswer {
  readonly bytes: Buffer;
  /** True while the client must go on alone: in a transaction, or between Flush and Sync. */
  readonly keeps: boolean;
}

const sync = frame('S');
// COPY FROM STDIN would have to pause inside the engine, which ends the engine instead. Refused by the engine itself,
// so that an open transaction fails as it would on any other error.
const copyRefusal = `DO $$ BEGIN RAISE EXCEPTION USING ERRCODE = 'feature_not_supported',
  MESSAGE = 'the embedded database cannot COPY FROM STDIN'; END $$`;
// "transaction_…" settings belong to one transaction and cannot be set again outside of it.
const settingsOfSession = `SELECT name, setting FROM pg_settings WHERE source = 'session' AND name !~ '^transaction_'`;

const timeoutsOff = frontTimeouts.map((name) => `SET ${name} = 0`).join('; ');

/**
 * Makes one database session look like one session per client. Before a unit of another client runs, that client's
 * settings are put in place; statement names are private; notifications are kept for those who listen.
 * Not separated, because one session cannot: temporary tables, SQL-level PREPARE, session advisory locks.
 */
export class Session {
  private readonly clients = new Set<SessionClient>();
  private notifications: WireMessage[] = [];
  private settingsInPlace = '';
  private unnamedHolder: SessionClient | undefined;

  constructor(private readonly engine: Engine) {}

  join(client: SessionClient): void {
    this.clients.add(client);
  }

  async run(client: SessionClient, unit: Unit): Promise<UnitAnswer> {
    const refused = await this.putSettings(client);
    if (refused) return { bytes: Buffer.concat([refused, readyAnswer('idle')]), keeps: false };
    const effects = readEffects(sqlOf(unit));
    await this.restoreUnnamed(client, unit);

    const messages = effects.copiesIn ? [query(copyRefusal)] : unit.messages.map((each) => client.names.rewrite(each));
    const answer = await this.ask(messages);
    const state: SessionState | undefined = stateIn(answer);
    client.keeps = (unit.ends === 'flushed' && !effects.copiesIn) || state === 'in-transaction';
    await this.follow(client, effects, !failedIn(answer));
    return { bytes: Buffer.concat(answer.map((message) => message.bytes)), keeps: client.keeps };
  }

  /** Undoes what a client left behind: transaction, statements, channels, locks. */
  async leave(client: SessionClient): Promise<void> {
    this.clients.delete(client);
    // Sync first: a client lost between Flush and Sync may have left an error that only Sync clears.
    if (client.keeps) await this.ask([sync, query('ROLLBACK')]);
    const closing = client.names.closeStatements();
    if (closing.length > 0) await this.ask([...closing, sync]);
    const others = [...this.clients];
    const lastWithLocks = client.hasLocks && !others.some((other) => other.hasLocks);
    if (lastWithLocks) await this.command('SELECT pg_advisory_unlock_all()');
    for (const channel of client.channels) {
      if (!others.some((other) => other.channels.has(channel))) await this.command(`UNLISTEN ${quoted(channel)}`);
    }
    if (this.unnamedHolder === client) this.unnamedHolder = undefined;
  }

  /** Notifications since the last call, each with the clients that listen to it. */
  takeNotifications(): Array<{ readonly bytes: Buffer; readonly listeners: readonly SessionClient[] }> {
    const taken = this.notifications;
    this.notifications = [];
    return taken.map((notification) => {
      const channel = channelOf(notification);
      return { bytes: notification.bytes, listeners: [...this.clients].filter((each) => each.channels.has(channel)) };
    });
  }

  private async ask(messages: readonly WireMessage[]): Promise<WireMessage[]> {
    const bytes = await this.engine.exchange(Buffer.concat(messages.map((message) => message.bytes)));
    const answer = splitMessages(bytes);
    // An engine that has ended inside stays silent for ever; only a new process helps.
    if (messages.at(-1)?.type !== 'H' && stateIn(answer) === undefined) throw new Error('the engine gave no answer');
    const notifications = answer.filter((message) => message.type === 'A');
    if (notifications.length === 0) return answer;
    this.notifications.push(...notifications);
    return answer.filter((message) => message.type !== 'A');
  }

  private command(sql: string): Promise<WireMessage[]> {
    this.unnamedHolder = undefined;
    return this.ask([query(sql)]);
  }

  /** Returns the database's error message when a setting is not acceptable. */
  private async putSettings(client: SessionClient): Promise<Buffer | undefined> {
    const wanted = client.settingsKey();
    if (client.keeps || wanted === this.settingsInPlace) return undefined;
    const set = [...client.settings].map(([name, value]) => `set_config(${literal(name)}, ${literal(value)}, false)`);
    const answer = await this.command(`RESET ALL${set.length > 0 ? `; SELECT ${set.join(', ')}` : ''}`);
    const error = answer.find((message) => message.type === 'E');
    // After a refusal the whole command is undone, so the settings in place are still the former ones.
    if (error) return error.bytes;
    this.settingsInPlace = wanted;
    return undefined;
  }

  /** A client may parse the unnamed statement in one unit and bind it in a later one; others were here in between. */
  private async restoreUnnamed(client: SessionClient, unit: Unit): Promise<void> {
    const first = unit.messages.find((message) => usesUnnamedStatement(message));
    const uses = first !== undefined && first.type !== 'P';
    if (uses && this.unnamedHolder !== client && client.unnamed) await this.ask([client.unnamed, sync]);
    const parse = unit.messages.findLast((message) => message.type === 'P' && usesUnnamedStatement(message));
    if (parse) client.unnamed = parse;
    // A simple query drops the unnamed statement.
    if (parse || uses) this.unnamedHolder = client;
    else if (unit.messages.some((message) => message.type === 'Q')) this.unnamedHolder = undefined;
  }

  private async follow(client: SessionClient, effects: SqlEffects, succeeded: boolean): Promise<void> {
    if (succeeded) for (const { verb, channel } of effects.listen) client.listen(verb, channel);
    if (effects.takesSessionLocks) client.hasLocks = true;
    if (effects.changesSettings) client.settingsChanged = true;
    if (client.keeps) {
      if (effects.changesTimeouts) await this.command(timeoutsOff);
      return;
    }
    if (effects.listen.some((each) => each.verb === 'unlisten')) await this.listenAgain();
    if (!client.settingsChanged) return;
    const rows = rowsIn(await this.command(settingsOfSession));
    client.takeSettings(new Map(rows.map(([name, value]) => [name ?? '', value ?? ''])));
    if (effects.changesTimeouts) await this.command(timeoutsOff);
    client.settingsChanged = false;
    this.settingsInPlace = client.settingsKey();
  }

  /** One client's UNLISTEN ends the shared subscription, which others may still want. */
  private async listenAgain(): Promise<void> {
    const wanted = new Set([...this.clients].flatMap((client) => [...client.channels]));
    for (const channel of wanted) await this.command(`LISTEN ${quoted(channel)}`);
  }
}

function usesUnnamedStatement(message: WireMessage): boolean {
  const body = bodyOf(message);
  if (message.type === 'P') return body[0] === 0;
  if (message.type === 'B') return body[readWireText(body, 0).next] === 0;
  return message.type === 'D' && body.toString('latin1', 0, 2) === 'S\0';
}

function query(sql: string): WireMessage {
  return frame('Q', wireText(sql));
}

function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

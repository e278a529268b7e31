/** A piece of work for one client; resolves true while the client must keep the session for itself. */
export type Work = () => Promise<boolean>;

/**
 * One session, many clients: work runs one piece at a time, first come first served, except that a client which
 * keeps the session (an open transaction) goes before everybody until it lets go.
 */
export class Turns<Client> {
  private waiting: Array<{ readonly client: Client; readonly work: Work }> = [];
  private keeper: Client | undefined;
  private running = false;

  /** @param onFailure the session itself broke: nothing runs any more */
  constructor(private readonly onFailure: (error: unknown) => void) {}

  add(client: Client, work: Work): void {
    this.waiting.push({ client, work });
    void this.run();
  }

  /** Forgets what this client still wanted done; work under way goes on. */
  drop(client: Client): void {
    this.waiting = this.waiting.filter((turn) => turn.client !== client);
  }

  private async run(): Promise<void> {
    if (this.running) return;
    this.running = true;
    try {
      for (let turn = this.next(); turn; turn = this.next()) {
        const keeps = await turn.work();
        this.keeper = keeps ? turn.client : undefined;
      }
      this.running = false;
    } catch (error) {
      this.onFailure(error);
    }
  }

  private next() {
    const { keeper } = this;
    const index = keeper === undefined ? 0 : this.waiting.findIndex((turn) => turn.client === keeper);
    return index < 0 ? undefined : this.waiting.splice(index, 1)[0];
  }
}

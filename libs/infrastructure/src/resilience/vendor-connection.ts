import type { CircuitState } from './guarded.js';

/** What holds sockets and breakers of one vendor. */
export interface VendorConnection {
  circuits(): readonly CircuitState[];
  /** Ends timers and idle sockets. Safe to call twice. */
  close(): Promise<void>;
}

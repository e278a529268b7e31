import { channel } from 'node:diagnostics_channel';
import type { VendorFailure } from './vendor-failures.js';

export type CircuitPosition = 'closed' | 'open' | 'half-open';

export type VendorEvent =
  /** A call ended; `outcome` is 'ok' or how it failed. */
  | {
      readonly kind: 'called';
      readonly circuit: string;
      readonly outcome: VendorFailure | 'ok' | 'other';
      readonly ms: number;
    }
  /** A circuit changed its state. */
  | { readonly kind: 'circuit'; readonly circuit: string; readonly state: CircuitPosition };

// Node's own way of measuring: whoever calls vendors says what happens, whoever is interested listens, and no
// constructor between the two has to hand anything on.
const events = channel('instachatico.vendors');

export function tellVendorEvent(event: VendorEvent): void {
  events.publish(event);
}

/** @returns ends it */
export function onVendorEvent(listener: (event: VendorEvent) => void): () => void {
  const receive = (message: unknown): void => listener(message as VendorEvent); // only tellVendorEvent publishes here
  events.subscribe(receive);
  return () => {
    events.unsubscribe(receive);
  };
}

/** `instagram publish` → `instagram`: circuits are named by vendor and kind of call. */
export function vendorOf(circuit: string): string {
  return circuit.split(' ', 1)[0] ?? circuit;
}

/** How the circuits of the model's calls begin. */
export const modelVendor = 'openai';

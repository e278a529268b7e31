/** A call as the worker made it to a vendor. */
export interface RecordedCall {
  readonly kind: 'classification' | 'embedding' | 'answer' | 'reply';
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface LoopOrder {
  readonly vendorsPort: number;
  readonly calls: readonly RecordedCall[];
  /** Comments that go through each step together. */
  readonly batch: number;
}

import { z } from 'zod';

const status = z.number().int().min(200).max(599);

const effect = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('status'),
    status,
    body: z.unknown().optional(),
    headers: z.record(z.string(), z.string()).optional(),
  }),
  z.object({ kind: z.literal('delay'), ms: z.number().int().min(0).max(600_000) }),
  z.object({ kind: z.literal('hang') }),
  z.object({ kind: z.literal('reset') }),
  z.object({ kind: z.literal('do-then-status'), status, body: z.unknown().optional() }),
  z.object({ kind: z.literal('do-then-reset') }),
  z.object({ kind: z.literal('do-then-hang') }),
  z.object({ kind: z.literal('html-502') }),
  /** A listing that does not show yet what the account published: see lag.ts. */
  z.object({
    kind: z.literal('lag'),
    ms: z.number().int().min(0).max(86_400_000),
    scattered: z.boolean().default(false),
  }),
  z.object({ kind: z.literal('ok-without-id') }),
  z.object({ kind: z.literal('output'), text: z.string() }),
  z.object({ kind: z.literal('refusal') }),
  z.object({ kind: z.literal('incomplete') }),
  /** The model does what any text in its data tells it to: see model/obedient.ts. */
  z.object({ kind: z.literal('obey') }),
]);
export type Effect = z.infer<typeof effect>;

const onlyForModels = new Set<Effect['kind']>(['output', 'refusal', 'incomplete', 'obey']);
const listings = new Set(['list-replies', 'list-messages']);
const forDeliveries = new Set<Effect['kind']>(['status', 'reset', 'delay']);

export const faultRequest = z
  .strictObject({
    vendor: z.enum(['instagram', 'openai', 'telegram', 'webhook']),
    call: z.string().min(1).optional(),
    match: z.strictObject({ target: z.string().optional(), text: z.string().optional() }).optional(),
    /** How often it strikes; 0 = until it is cleared. */
    times: z.number().int().min(0).default(1),
    /** Share of the calls that fit which it strikes; by chance, the same calls in the same order for the same seed. */
    chance: z.number().gt(0).max(1).default(1),
    seed: z.number().int().default(1),
    effect,
  })
  .refine(({ vendor, effect: { kind } }) => vendor === 'openai' || !onlyForModels.has(kind), {
    message: 'this effect is for the vendor openai only',
    path: ['effect', 'kind'],
  })
  .refine(({ vendor, effect: { kind } }) => vendor !== 'webhook' || forDeliveries.has(kind), {
    message: 'a webhook can be lost (status, reset) or late (delay)',
    path: ['effect', 'kind'],
  })
  .refine(({ call, effect: { kind } }) => kind !== 'lag' || (call !== undefined && listings.has(call)), {
    message: 'only list-replies and list-messages can lag',
    path: ['call'],
  });
export type FaultRequest = z.infer<typeof faultRequest>;

export interface Strike {
  readonly id: string;
  readonly effect: Effect;
}

export interface Target {
  readonly vendor: FaultRequest['vendor'];
  readonly call: string;
  readonly target: string;
  /** What `match.text` is looked for in: the reply's, the message's or the comment's text. */
  readonly text: string;
}

interface Fault extends FaultRequest {
  readonly id: string;
  hits: number;
  /** The state of this fault's dice. */
  dice: number;
}

/** What goes wrong at the vendors, on order. */
export class Faults {
  #faults: Fault[] = [];
  #count = 0;
  #release = signal();

  add(request: FaultRequest): string {
    this.#count += 1;
    const id = `fault-${this.#count}`;
    this.#faults.push({ ...request, id, hits: 0, dice: request.seed });
    return id;
  }

  list(): readonly Fault[] {
    return this.#faults;
  }

  /** The first fault in the order of their making that fits and is not used up. */
  take(call: Target): Strike | undefined {
    const fault = this.#faults.find((candidate) => strikes(candidate, call));
    if (!fault) return undefined;
    fault.hits += 1;
    return { id: fault.id, effect: fault.effect };
  }

  /** Resolves when hanging calls are to end. */
  get released(): Promise<void> {
    return this.#release.promise;
  }

  /** Forgets all faults and lets go of every call that hangs or waits. */
  clear(): void {
    this.#faults = [];
    this.#release.give();
    this.#release = signal();
  }
}

function strikes(fault: Fault, call: Target): boolean {
  return (
    fault.vendor === call.vendor &&
    (fault.times === 0 || fault.hits < fault.times) &&
    (fault.call === undefined || fault.call === call.call) &&
    (fault.match?.target === undefined || fault.match.target === call.target) &&
    (fault.match?.text === undefined || call.text.includes(fault.match.text)) &&
    (fault.chance === 1 || throwDice(fault) < fault.chance)
  );
}

/** 0 ≤ x < 1, a linear congruential generator: enough to scatter faults, and repeatable. */
function throwDice(fault: Fault): number {
  fault.dice = (Math.imul(fault.dice, 1_664_525) + 1_013_904_223) >>> 0;
  return fault.dice / 2 ** 32;
}

function signal(): { readonly promise: Promise<void>; readonly give: () => void } {
  let give = (): void => undefined;
  const promise = new Promise<void>((resolve) => {
    give = resolve;
  });
  return { promise, give };
}

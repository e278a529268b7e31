/** What a job feels when its process dies. */
export class Crashed extends Error {}

/** A job on its way through the code, stopped before and after each commit until it is let on, or dead. */
export class Process {
  dead = false;
  ended = false;
  /** One, as a rule; steps that a process takes side by side wait side by side. */
  private waiting: { readonly resolve: () => void; readonly reject: (error: Error) => void }[] = [];

  async gate(): Promise<void> {
    if (this.dead) throw new Crashed();
    await new Promise<void>((resolve, reject) => {
      this.waiting.push({ resolve, reject });
    });
  }

  proceed(): void {
    this.waiting.shift()?.resolve();
  }

  crash(): void {
    this.dead = true;
    for (const { reject } of this.waiting.splice(0)) reject(new Crashed());
  }
}

/** Lets every promise that can go on do so. */
export async function turn(): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
}

/** Every call waits at a gate before it takes effect and again before its caller hears of it. */
export function gated<Port extends object>(port: Port, process: Process): Port {
  return new Proxy(port, {
    get: (target, name) => {
      const method: unknown = Reflect.get(target, name);
      if (typeof method !== 'function') return method;
      return async (...parameters: unknown[]): Promise<unknown> => {
        await process.gate();
        const result: unknown = await Reflect.apply(method, target, parameters);
        await process.gate();
        return result;
      };
    },
  });
}

/** A dead process is no failure of the test. */
export async function survived(work: Promise<void>): Promise<void> {
  try {
    await work;
  } catch (error) {
    if (!(error instanceof Crashed)) throw error;
  }
}

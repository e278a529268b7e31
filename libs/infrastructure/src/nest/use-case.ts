import type { FactoryProvider } from '@nestjs/common';

/** A class as an injection token: ports are abstract, adapters are not. */
type Token<Type> = abstract new (...parameters: never[]) => Type;

type Tokens<Parameters extends readonly unknown[]> = { readonly [Index in keyof Parameters]: Token<Parameters[Index]> };

/**
 * Wires a plain class into Nest: its dependencies in the order of its constructor. A missing or misplaced one does not
 * compile. (Typing is structural: two ports of exactly the same shape could be swapped unnoticed.)
 */
export function useCase<Parameters extends readonly unknown[], Instance>(
  target: new (...parameters: Parameters) => Instance,
  ...dependencies: Tokens<Parameters>
): FactoryProvider<Instance> {
  return {
    provide: target,
    inject: [...dependencies],
    // Nest calls this with what `inject` names, which is what the constructor takes.
    useFactory: (...parameters: unknown[]) => new target(...(parameters as unknown as Parameters)),
  };
}

import type { Ports } from '../../shared/ports/ports.ts';

/** A call to a port on its way. */
export interface PortCall {
  /** `ledger.write` */
  readonly name: string;
  readonly args: readonly unknown[];
}

/**
 * Ports whose every call, but for those to the clock, passes `around`: it may count the call, fail instead of it, do something
 * before it, lose its answer, or answer in its place.
 * @param carryOut makes the call
 */
export function faultyPorts(
  ports: Ports,
  around: (call: PortCall, carryOut: () => Promise<unknown>) => unknown,
): Ports {
  const { clock, ...others } = ports;
  const between = Object.entries(others).map(([name, port]) => {
    const get =
      (target: object, method: string) =>
      async (...args: unknown[]) =>
        around({ name: `${name}.${method}`, args }, async () =>
          Reflect.get(target, method).apply(target, args),
        );
    return [name, port && new Proxy<object>(port, { get })];
  });
  return { clock, ...Object.fromEntries(between) };
}

import type { Instant } from '../../../shared/domain/observation.ts';
import type { Ports } from '../../../shared/ports/ports.ts';
import type { Invocation } from './invocation.ts';

/** A call to a port: which, by whom, and what came of it. */
export interface Call {
  readonly by: Invocation;
  /** `groups.describe`, `ledger.write`… */
  readonly name: string;
  readonly port: Exclude<keyof Ports, 'clock'>;
  readonly method: string;
  readonly args: readonly unknown[];
  /** The number of this call among those of its invocation; with the invocation's id it names a place for a fault. */
  readonly place: string;
}

const methods = {
  groups: [
    'describe',
    'setDesiredCapacity',
    'attach',
    'detach',
    'protect',
    'healthyTargets',
    'loadBalancers',
    'instanceRefresh',
    'launchFailure',
  ],
  alarms: ['describe'],
  metrics: ['latest', 'history'],
  ledger: ['read', 'write'],
  activities: ['put', 'query'],
  events: ['publish'],
  models: ['read', 'write'],
} as const;

/** Ports whose every call is handed to `send`, which answers when and how it likes. */
export function interceptedPorts(
  by: Invocation,
  now: () => Instant,
  send: (call: Call) => Promise<unknown>,
): Ports {
  let calls = 0;
  const ports: Record<string, unknown> = { clock: { now } };
  for (const [port, names] of Object.entries(methods)) {
    const intercepted: Record<string, unknown> = {};
    for (const method of names) {
      const name = `${port}.${method}`;
      intercepted[method] = (...args: unknown[]) =>
        send({ by, name, port: port as Call['port'], method, args, place: `${by.id}#${calls++}` });
    }
    ports[port] = intercepted;
  }
  return ports as unknown as Ports;
}

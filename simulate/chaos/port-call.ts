import type { Instant } from '../../shared/domain/observation.ts';
import type { Ports } from '../../shared/ports/ports.ts';
import type { FunctionRun } from './function-run.ts';

/** A call to a port: which, by whom, and what came of it. */
export interface PortCall {
  readonly by: FunctionRun;
  /** `groups.describe`, `ledger.write`… */
  readonly name: string;
  readonly port: Exclude<keyof Ports, 'clock'>;
  readonly method: string;
  readonly args: readonly unknown[];
  /** The number of this call among those of its invocation; with the invocation's id it names a place for a fault. */
  readonly place: string;
}

/** Methods that change a scaling group. */
export const acts: ReadonlySet<string> = new Set([
  'setDesired',
  'attach',
  'detach',
  'protect',
  'replaceUnhealthy',
]);

type Methods = { readonly [P in PortCall['port']]: Readonly<Record<keyof NonNullable<Ports[P]>, true>> };

const methods: Methods = {
  groups: { describe: true, setDesired: true },
  adopt: { attach: true, detach: true, detachBeforeDelete: true, allowAdoption: true },
  protect: { protect: true },
  replaceUnhealthy: { replaceUnhealthy: true },
  refresh: { instanceRefresh: true },
  launchFailures: { launchFailure: true },
  health: { healthy: true },
  loadBalancers: { standsBehind: true },
  losses: { losses: true },
  rivals: { nativeScaling: true },
  hooks: { lifecycleHooks: true },
  alarms: { describe: true },
  samples: { publish: true },
  metrics: { latest: true, history: true },
  ledger: { read: true, write: true },
  activities: { put: true, query: true },
  events: { publish: true, sendMail: true },
  models: { read: true, write: true },
};

/** The same as a list. */
const callsByPort = Object.entries(methods).map(([port, names]) => ({
  port: port as PortCall['port'],
  calls: Object.keys(names).map((method) => ({ method, name: `${port}.${method}` })),
}));

/**
 * Ports whose every call is handed to `send`, which answers when and how it likes.
 * @param offered what the provider can do: nobody else sees more of it
 */
export function interceptedPorts(
  by: FunctionRun,
  offered: Ports,
  now: () => Instant,
  send: (call: PortCall) => Promise<unknown>,
): Ports {
  let made = 0;
  const ports: Record<string, unknown> = { clock: { now } };
  for (const { port, calls } of callsByPort) {
    if (!(port in offered)) continue;
    const intercepted: Record<string, unknown> = {};
    for (const { method, name } of calls)
      intercepted[method] = (...args: unknown[]) =>
        send({ by, name, port, method, args, place: `${by.id}#${made++}` });
    ports[port] = intercepted;
  }
  return ports as unknown as Ports;
}

import { asksPrometheus } from '../fleet/asks-prometheus.ts';
import type { Fleet } from '../fleet/fleet.ts';
import { kindOfName, type OtherKind } from '../fleet/other-kinds.ts';
import type { Clock } from '../ports/clock.ts';
import type { Metrics } from '../ports/metrics.ts';
import type { Clients } from './aws/clients.ts';
import { wellAt } from './aws/target-health.ts';
import type { KindOfProvider, Provider } from './by-kind.ts';
import type { MetricsSource } from './metrics-by-kind.ts';
import type { Opening } from './opening.ts';

/** A file of its own each, which lies beside the functions only of fleets that need it, and is loaded when it is first asked. */
const openOf: Readonly<Record<OtherKind, (opening: Opening) => Promise<Provider>>> = {
  alibaba: async (opening) => (await import('#provider-alibaba')).open(opening),
  ecs: async (opening) => (await import('#provider-ecs')).open(opening),
  kubernetes: async (opening) => (await import('#provider-kubernetes')).open(opening),
  tencent: async (opening) => (await import('#provider-tencent')).open(opening),
};

/** What reads the metrics that the fleet file asks of a Prometheus; undefined: it asks for none. */
export function prometheusOf(fleet: Fleet, clients: Clients, clock: Clock): MetricsSource | undefined {
  if (!asksPrometheus(fleet)) return undefined;
  let opened: Promise<Metrics> | undefined;
  return () => {
    opened ??= import('#provider-prometheus').then(({ open }) => open({ clients, clock }));
    return opened;
  };
}

/** The providers that a fleet's groups need besides EC2 Auto Scaling. */
export function kindsOf(fleet: Fleet, clients: Clients, clock: Clock): KindOfProvider[] {
  const groups = Object.values(fleet.groups);
  const needed = Object.entries(openOf) as [OtherKind, (opening: Opening) => Promise<Provider>][];
  const opening: Opening = {
    fleet,
    clients,
    clock,
    wellAt: (targetGroupArn, region) => {
      const { loadBalancing } = region === undefined ? clients : clients.inRegion(region);
      return wellAt(loadBalancing, targetGroupArn);
    },
  };
  return needed
    .filter(([kind]) => groups.some((group) => group[kind] !== undefined))
    .map(([kind, open]) => ({
      owns: (name) => kindOfName(name) === kind,
      open: () => open(opening),
    }));
}

import type { Ledger } from '../../shared/domain/ledger.ts';
import type { ScalingGroup } from '../../shared/domain/observation.ts';
import type { Capacity } from '../../shared/ports/capacity.ts';
import type { LedgerStore } from '../../shared/ports/ledger-store.ts';
import type { Metrics } from '../../shared/ports/metrics.ts';
import type { Ports } from '../../shared/ports/ports.ts';

/** How a mutation changes the ports that a function sees. */
type Changing = (ports: Ports) => Ports;

export function withGroups(ports: Ports, changed: Partial<Capacity>): Ports {
  return { ...ports, groups: { ...ports.groups, ...changed } };
}

export function withMetrics(ports: Ports, changed: Partial<Metrics>): Ports {
  return { ...ports, metrics: { ...ports.metrics, ...changed } };
}

export function withLedger(ports: Ports, changed: Partial<LedgerStore>): Ports {
  return { ...ports, ledger: { ...ports.ledger, ...changed } };
}

/** What is written is changed on its way. */
export function writing(change: (ledger: Ledger) => Ledger): Changing {
  return (ports) =>
    withLedger(ports, {
      write: (group, ledger, version) => ports.ledger.write(group, change(ledger), version),
    });
}

/** What is read of ledgers is changed on its way. */
export function reading(change: (ledger: Ledger) => Ledger): Changing {
  return (ports) =>
    withLedger(ports, {
      read: async (groups) => {
        const found = await ports.ledger.read(groups);
        return new Map([...found].map(([name, ledger]) => [name, change(ledger)]));
      },
    });
}

/** What is told of groups is changed on its way. */
export function describing(change: (group: ScalingGroup) => ScalingGroup): Changing {
  return (ports) =>
    withGroups(ports, {
      describe: async (names) => {
        const found = await ports.groups.describe(names);
        return new Map([...found].map(([name, group]) => [name, change(group)]));
      },
    });
}

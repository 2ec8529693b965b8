import type { ScalingGroup } from '../../shared/domain/observation.ts';
import type { Ports } from '../../shared/ports/ports.ts';

/** Commits are answered at once, and carried out with the next act. */
export function actingTooEarly(ports: Ports): Ports {
  let commit: () => Promise<unknown> = async () => {};
  return {
    ...ports,
    ledger: {
      ...ports.ledger,
      write: async (group, ledger, version) => {
        await commit();
        commit = async () => {};
        if (!ledger.open.some(({ phase }) => phase === 'intended'))
          return ports.ledger.write(group, ledger, version);
        commit = () => ports.ledger.write(group, ledger, version);
        return 'written';
      },
    },
  };
}

/** Acts are answered at once, shown as done, and carried out with the next commit. */
export function settlingTooEarly(ports: Ports): Ports {
  const promised = new Map<string, { desired: number; seen: ScalingGroup }>();
  const shown = (group: ScalingGroup): ScalingGroup => ({
    ...group,
    desired: promised.get(group.name)?.desired ?? group.desired,
  });
  return {
    ...ports,
    groups: {
      ...ports.groups,
      setDesired: async (name, desired, seen) => {
        promised.set(name, { desired, seen });
      },
      describe: async (names) => {
        const found = await ports.groups.describe(names);
        return new Map([...found].map(([name, group]) => [name, shown(group)]));
      },
    },
    ledger: {
      ...ports.ledger,
      write: async (group, ledger, version) => {
        const answer = await ports.ledger.write(group, ledger, version);
        for (const [name, { desired, seen }] of promised) await ports.groups.setDesired(name, desired, seen);
        promised.clear();
        return answer;
      },
    },
  };
}

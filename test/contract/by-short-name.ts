import type { Capabilities, Capacity } from '../../shared/ports/capacity.ts';
import type { AskedMetric, Metrics } from '../../shared/ports/metrics.ts';

type Asked = Required<
  Pick<Capabilities, 'adopt' | 'protect' | 'launchFailures' | 'losses' | 'health' | 'rivals'>
>;

/** What a provider of another cloud can do, as far as the suites ask. */
interface CloudProvider extends Asked {
  readonly groups: Capacity;
  readonly metrics: Metrics;
}

/** A provider whose groups go by the short names of the suites. @param full the provider's name of a group */
export function byShortName(
  {
    groups,
    adopt,
    protect,
    launchFailures,
    losses,
    health,
    rivals,
    metrics,
  }: { readonly [K in keyof CloudProvider]: NonNullable<CloudProvider[K]> },
  full: (name: string) => string,
): CloudProvider {
  const ofProvider = (asked: readonly AskedMetric[]) =>
    asked.map((one) => ({ ...one, group: { ...one.group, scalingGroup: full(one.group.scalingGroup) } }));
  return {
    groups: {
      describe: async (names) => {
        const found = await groups.describe(names.map(full));
        const entries = names.map((name) => [name, found.get(full(name))] as const);
        return new Map(entries.flatMap(([name, group]) => (group ? [[name, { ...group, name }]] : [])));
      },
      setDesired: (name, desired, seen) => groups.setDesired(full(name), desired, seen),
    },
    adopt: {
      attach: (name, ids) => adopt.attach(full(name), ids),
      detach: (name, ids) => adopt.detach(full(name), ids),
      detachBeforeDelete: (name, ids) => adopt.detachBeforeDelete(full(name), ids),
      allowAdoption: (name) => adopt.allowAdoption(full(name)),
    },
    protect: { protect: (name, ids, on) => protect.protect(full(name), ids, on) },
    launchFailures: { launchFailure: (name, since) => launchFailures.launchFailure(full(name), since) },
    losses: { losses: (name, since) => losses.losses(full(name), since) },
    health: { healthy: (group) => health.healthy({ ...group, name: full(group.name) }) },
    rivals: { nativeScaling: (name) => rivals.nativeScaling(full(name)) },
    metrics: {
      latest: (asked, now) => metrics.latest(ofProvider(asked), now),
      history: (asked, from, to) => metrics.history(ofProvider(asked), from, to),
    },
  };
}

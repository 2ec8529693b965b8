import type { LaunchFailure, ScalingGroup } from '../domain/observation.ts';
import type { Capabilities, Capacity } from '../ports/capacity.ts';
import { PortError } from '../ports/port-error.ts';

/** One kind of provider: which names are its groups', and what it can do. */
export interface KindOfProvider {
  readonly owns: (name: string) => boolean;
  /** Made when a group of its kind is first asked for: whoever has none loads none of it. */
  readonly open: () => Promise<Capacity & Capabilities>;
}

/**
 * The ports of servers over providers of several kinds: each call goes to the kind of the group that it is about. What a
 * kind cannot do was refused where the fleet file was read; asked for all the same, a question has the empty answer and an
 * act is refused.
 * @param usual the kind of every group that no other owns
 */
export function capacityByKind(
  usual: { readonly groups: Capacity } & Capabilities,
  kinds: readonly KindOfProvider[],
): { readonly groups: Capacity } & Required<Capabilities> {
  const opened = new Map<KindOfProvider, Promise<Capacity & Capabilities>>();
  const open = (kind: KindOfProvider) => {
    const known = opened.get(kind) ?? kind.open();
    opened.set(kind, known);
    return known;
  };
  const kindOf = (name: string) => kinds.find(({ owns }) => owns(name));
  const of = async (name: string): Promise<{ readonly groups: Capacity } & Capabilities> => {
    const kind = kindOf(name);
    if (!kind) return usual;
    const found = await open(kind);
    return { groups: found, ...capabilitiesOf(found) };
  };
  const capability = async <C extends keyof Capabilities>(name: string, what: C) => (await of(name))[what];
  const able = async <C extends keyof Capabilities>(name: string, what: C) => {
    const found = await capability(name, what);
    if (found) return found as NonNullable<Capabilities[C]>;
    throw new PortError('Invalid', `${name}: the provider of this group cannot do it: it has no ${what}`);
  };
  const describe = async (names: readonly string[]) => {
    const found = new Map<string, ScalingGroup>();
    for (const [kind, some] of Map.groupBy(names, kindOf)) {
      const capacity = kind ? await open(kind) : usual.groups;
      for (const [name, group] of await capacity.describe(some)) found.set(name, group);
    }
    return found;
  };
  return {
    groups: {
      describe,
      setDesired: async (name, desired, seen) => (await of(name)).groups.setDesired(name, desired, seen),
    },
    adopt: {
      attach: async (name, ids) => (await able(name, 'adopt')).attach(name, ids),
      detach: async (name, ids) => (await able(name, 'adopt')).detach(name, ids),
      detachBeforeDelete: async (name, ids) => (await able(name, 'adopt')).detachBeforeDelete(name, ids),
      allowAdoption: async (name) => (await able(name, 'adopt')).allowAdoption(name),
    },
    protect: { protect: async (name, ids, on) => (await able(name, 'protect')).protect(name, ids, on) },
    replaceUnhealthy: {
      replaceUnhealthy: async (name, replace) =>
        (await able(name, 'replaceUnhealthy')).replaceUnhealthy(name, replace),
    },
    refresh: {
      instanceRefresh: async (name) => (await capability(name, 'refresh'))?.instanceRefresh(name) ?? null,
    },
    launchFailures: {
      launchFailure: async (name, since): Promise<LaunchFailure | null> =>
        (await capability(name, 'launchFailures'))?.launchFailure(name, since) ?? null,
    },
    losses: {
      losses: async (name, since) => (await capability(name, 'losses'))?.losses(name, since) ?? [],
    },
    health: {
      healthy: async (group) =>
        (await capability(group.name, 'health'))?.healthy(group) ??
        new Set(group.servers.map(({ id }) => id)),
    },
    rivals: {
      nativeScaling: async (name) => (await capability(name, 'rivals'))?.nativeScaling(name) ?? [],
    },
    entrances: usual.entrances ?? { standsBehind: async () => new Map() },
  };
}

function capabilitiesOf(found: Capacity & Capabilities): Capabilities {
  const { adopt, protect, replaceUnhealthy, refresh, launchFailures, losses, health, rivals } = found;
  return { adopt, protect, replaceUnhealthy, refresh, launchFailures, losses, health, rivals };
}

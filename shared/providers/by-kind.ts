import type { LaunchFailure, ScalingGroup } from '../domain/observation.ts';
import type { Capabilities, Capacity } from '../ports/capacity.ts';
import type { Metrics } from '../ports/metrics.ts';
import { requireCapability } from '../ports/require-capability.ts';
import type { Samples } from '../ports/samples.ts';

/** One kind of provider: which names are its groups', and what it can do. */
export interface KindOfProvider {
  readonly owns: (name: string) => boolean;
  /** Made when a group of its kind is first asked for: a fleet without such a group loads none of it. */
  readonly open: () => Promise<Provider>;
}

/** What a provider of servers has: its groups, and what else it can do. */
export interface Provider extends Capabilities {
  readonly groups: Capacity;
  /** Of what it measures itself; undefined: CloudWatch has its metrics. */
  readonly metrics?: Metrics | undefined;
  /** What the look itself has to measure. */
  readonly samples?: Samples | undefined;
}

/** Providers of other kinds, each opened when it is first asked for; one that failed to open is opened again. */
export class Kinds {
  readonly #usual: Provider;
  readonly #kinds: readonly KindOfProvider[];
  readonly #opened = new Map<KindOfProvider, Promise<Provider>>();

  /** @param usual the kind of every group that no other owns */
  constructor(usual: Provider, kinds: readonly KindOfProvider[]) {
    this.#usual = usual;
    this.#kinds = kinds;
  }

  of(name: string): KindOfProvider | undefined {
    return this.#kinds.find(({ owns }) => owns(name));
  }

  async open(kind: KindOfProvider | undefined): Promise<Provider> {
    if (!kind) return this.#usual;
    const known = this.#opened.get(kind) ?? kind.open();
    this.#opened.set(kind, known);
    known.catch(() => this.#opened.delete(kind));
    return known;
  }
}

/**
 * The ports of servers over providers of several kinds: each call goes to the kind of the group that it is about. What a
 * kind cannot do was refused where the fleet file was read; asked for all the same, a question has the empty answer and an
 * act is refused.
 */
export function capacityByKind(usual: Provider, kinds: Kinds): Provider {
  const of = async (name: string) => kinds.open(kinds.of(name));
  const able = async <C extends keyof Capabilities>(name: string, what: C) =>
    requireCapability(await of(name), what);
  const describe = async (names: readonly string[]) => {
    const found = new Map<string, ScalingGroup>();
    for (const [kind, some] of Map.groupBy(names, (name) => kinds.of(name))) {
      const { groups } = await kinds.open(kind);
      for (const [name, group] of await groups.describe(some)) found.set(name, group);
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
      instanceRefresh: async (name) => (await of(name)).refresh?.instanceRefresh(name) ?? null,
    },
    launchFailures: {
      launchFailure: async (name, since): Promise<LaunchFailure | null> =>
        (await of(name)).launchFailures?.launchFailure(name, since) ?? null,
    },
    losses: {
      losses: async (name, since) => (await of(name)).losses?.losses(name, since) ?? [],
    },
    health: {
      healthy: async (group) =>
        (await of(group.name)).health?.healthy(group) ?? new Set(group.servers.map(({ id }) => id)),
    },
    rivals: {
      nativeScaling: async (name) => (await of(name)).rivals?.nativeScaling(name) ?? [],
    },
    hooks: {
      lifecycleHooks: async (name) => (await of(name)).hooks?.lifecycleHooks(name) ?? [],
    },
    samples: {
      publish: async (names) => {
        const some = [...Map.groupBy(names, (name) => kinds.of(name))];
        await Promise.all(
          some.map(async ([kind, those]) => (await kinds.open(kind)).samples?.publish(those)),
        );
      },
    },
    // What stands before target groups is one question, whatever kind of group they belong to.
    loadBalancers: usual.loadBalancers ?? { standsBehind: async () => new Map() },
  };
}

import type { Instant, ScalingGroup } from '../../shared/domain/observation.ts';
import type { Group } from '../../shared/fleet/group.ts';
import { leastSize } from '../../shared/fleet/least-size.ts';
import { measuredOf } from '../../shared/fleet/measured-of.ts';
import type { AskedMetric } from '../../shared/ports/metrics.ts';
import type { Ports } from '../../shared/ports/ports.ts';
import { hourMs } from '../../shared/units.ts';
import { Differs } from '../differs.ts';

/** What reads: none of it changes anything. */
export type ReadingPorts = Pick<
  Ports,
  'groups' | 'metrics' | 'health' | 'launchFailures' | 'losses' | 'rivals' | 'hooks'
>;

/** A group of a fleet file, by its provider's name for it. */
export interface LookedAt {
  readonly name: string;
  readonly scalingGroup: string;
  readonly config: Group;
}

interface Sight extends LookedAt {
  readonly ports: ReadingPorts;
  readonly seen: ScalingGroup;
  readonly now: Instant;
}

interface Look {
  readonly name: string;
  readonly fact: string;
  /** @returns what was seen @throws Differs */
  readonly look: (sight: Sight) => Promise<string>;
}

const lookBackMs = 24 * hourMs;

/**
 * What there is to look at in a group of any provider, through the same ports as the functions have.
 * @throws Error when there is no such group; PortError when it cannot be read
 */
export async function looksThrough(ports: ReadingPorts, group: LookedAt, now: Instant) {
  const seen = (await ports.groups.describe([group.scalingGroup])).get(group.scalingGroup);
  if (!seen) throw new Error(`There is no group ${group.scalingGroup}`);
  return looks.map(({ name, fact, look }) => ({
    name,
    fact,
    run: () => look({ ...group, ports, seen, now }),
  }));
}

const looks: readonly Look[] = [
  {
    name: 'bounds-hold',
    fact: "What the fleet file allows is within the group's own bounds, and what is desired within both",
    look: async ({ config, seen: { minSize, maxSize, desired } }) => {
      const [least, most] = [leastSize(config), config.maxSize];
      // Services and workloads have none of their own.
      const there = maxSize === Number.MAX_SAFE_INTEGER ? 'no bounds' : `${minSize} to ${maxSize}`;
      const saw = `${desired} desired; ${there} there, ${least} to ${most} in the file`;
      if (minSize > least || maxSize < most || desired < minSize || desired > maxSize) throw new Differs(saw);
      return saw;
    },
  },
  {
    name: 'nothing-suspended',
    fact: 'The group takes orders: nothing of it is suspended or disabled',
    look: async ({ seen: { suspended } }) => {
      if (suspended.length > 0) throw new Differs(`suspended: ${suspended.join(', ')}`);
      return 'nothing is suspended';
    },
  },
  {
    name: 'desired-is-there',
    fact: 'As many servers are in service as are desired',
    look: async ({ seen: { desired, servers } }) => {
      const units = servers
        .filter(({ lifecycle }) => lifecycle === 'ready')
        .reduce((sum, { weight }) => sum + weight, 0);
      const others = servers.filter(({ lifecycle }) => lifecycle !== 'ready');
      const rest = others.map(({ id, lifecycle }) => `, ${id} ${lifecycle}`).join('');
      const saw = `${units} in service, ${desired} desired${rest}`;
      if (units !== desired) throw new Differs(saw);
      return saw;
    },
  },
  {
    name: 'launches-succeed',
    fact: 'No launch of the last day has failed that was not followed by one that succeeded',
    look: async ({ ports, scalingGroup, now }) => {
      const failure = await ports.launchFailures?.launchFailure(scalingGroup, now - lookBackMs);
      if (failure) throw new Differs(`${failure.kind}: ${failure.message}`);
      return 'none has failed';
    },
  },
  {
    name: 'losses-are-read',
    fact: 'What has become of servers can be read',
    look: async ({ ports, scalingGroup, now }) => {
      const losses = (await ports.losses?.losses(scalingGroup, now - lookBackMs)) ?? [];
      const told = losses.map(({ server, cause, message }) => `${server} ${cause}: ${message}`);
      return told.join('\n') || 'none was lost in the last day';
    },
  },
  {
    name: 'healthy',
    fact: 'Every server in service gets traffic, where something stands before them',
    look: async ({ ports, seen }) => {
      if (seen.trafficSources.length === 0) return 'nothing stands before them';
      const healthy = await ports.health?.healthy(seen);
      const ready = seen.servers.filter(({ lifecycle }) => lifecycle === 'ready').map(({ id }) => id);
      const ill = healthy ? ready.filter((id) => !healthy.has(id)) : [];
      if (ill.length > 0) throw new Differs(`unhealthy at the load balancer: ${ill.join(', ')}`);
      return seen.trafficSources.join(', ');
    },
  },
  {
    name: 'metrics-are-there',
    fact: 'Each metric that the group is scaled by has a value of the last periods',
    look: async (sight) => {
      const asked = usesOf(sight);
      if (asked.length === 0) return 'it goes by no metric';
      const readings = await sight.ports.metrics.latest(asked, sight.now);
      const told = asked.map(({ use: { key } }, index) => {
        const reading = readings[index]!;
        return { isKnown: reading.known, text: `${key}: ${reading.known ? reading.value : reading.why}` };
      });
      const text = told.map((one) => one.text).join('\n');
      if (told.some(({ isKnown }) => !isKnown)) throw new Differs(text);
      return text;
    },
  },
  {
    name: 'nobody-else-scales',
    fact: "No rule of the provider's own scales the group",
    look: async ({ ports, scalingGroup }) => {
      const rules = (await ports.rivals?.nativeScaling(scalingGroup)) ?? [];
      const awake = rules.filter(({ isAsleep }) => !isAsleep).map(({ name }) => name);
      if (awake.length > 0) throw new Differs(awake.join(', '));
      return rules.length > 0 ? `asleep: ${rules.map(({ name }) => name).join(', ')}` : 'there is none';
    },
  },
  {
    name: 'hooks-are-known',
    fact: 'Lifecycle hooks of the group can be read',
    look: async ({ ports, scalingGroup }) => {
      const hooks = (await ports.hooks?.lifecycleHooks(scalingGroup)) ?? [];
      const told = hooks.map(({ name, holds, seconds }) => `${name}: servers ${holds}, up to ${seconds} s`);
      return told.join('\n') || 'there is none';
    },
  },
];

/** Each metric once, by the rule that goes by it. */
function usesOf({ name, scalingGroup, config, seen }: Sight): AskedMetric[] {
  const group = { name, scalingGroup, config };
  return measuredOf(config).flatMap(({ path, metric }) => {
    if (metric === undefined) return [];
    const [kind, rule] = path;
    const alarm = kind === 'alarms' ? config.alarms[`${rule}`] : undefined;
    const periodSeconds = Math.max(60, alarm?.period ?? 60);
    const use = { key: path.slice(0, -1).join('.'), metric, statistic: alarm?.statistic, periodSeconds };
    return [{ group, seen, use } as AskedMetric];
  });
}

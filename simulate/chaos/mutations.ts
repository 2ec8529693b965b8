import type { Ledger } from '../../shared/domain/ledger.ts';
import type { AlarmState, ScalingGroup } from '../../shared/domain/observation.ts';
import { isInService } from '../../shared/domain/servers.ts';
import type { LedgerStore } from '../../shared/ports/ledger-store.ts';
import type { Ports } from '../../shared/ports/ports.ts';
import { describing, reading, withGroups, withLedger, withMetrics, writing } from './changed-ports.ts';
import type { ChaosCloud } from './chaos-cloud.ts';
import type { Mutation } from './mutation.ts';
import { mutationsElsewhere } from './mutations-elsewhere.ts';
import { actingTooEarly, settlingTooEarly } from './out-of-order.ts';

/** Each of these must be noticed by the invariants; otherwise they would hold nothing. */
export const mutations: Readonly<Record<string, Mutation>> = {
  'skip-condition': {
    about: 'writes the ledger even if somebody else has written it since',
    ports: (ports) => withLedger(ports, { write: (group, ledger) => overwrite(ports.ledger, group, ledger) }),
  },
  'act-first': { about: 'acts before the intent is committed', ports: actingTooEarly },
  'settle-first': { about: 'notes an act as done before it is', ports: settlingTooEarly },
  'forget-ids': {
    about: 'forgets which requests were carried out',
    ports: writing((ledger) => ({ ...ledger, seen: [] })),
  },
  'forget-cooldowns': {
    about: 'forgets when rules have completed their last activity',
    ports: writing((ledger) => ({
      ...ledger,
      rules: Object.fromEntries(
        Object.entries(ledger.rules).map(([name, rule]) => [name, { ...rule, lastCompletedAt: undefined }]),
      ),
    })),
  },
  'forget-episodes': {
    about: 'forgets which episode of its alarm a rule has answered',
    ports: writing((ledger) => ({
      ...ledger,
      rules: Object.fromEntries(
        Object.entries(ledger.rules).map(([name, rule]) => [name, { ...rule, firedEpisode: undefined }]),
      ),
    })),
  },
  'forget-failures': {
    about: 'forgets that launches have failed',
    ports: writing((ledger) => ({ ...ledger, launchHold: undefined })),
  },
  'forget-base': {
    about: 'forgets what windows have found',
    ports: writing((ledger) => ({
      ...ledger,
      grants: ledger.grants.map((grant) => ({ ...grant, base: 0 })),
    })),
  },
  'forget-lifted': {
    about: 'forgets the steps that were taken on top of floors',
    ports: writing((ledger) => ({ ...ledger, lifted: undefined })),
  },
  'own-floors': {
    about: 'makes what a floor holds the own capacity of the group',
    ports: writing((ledger) => ({
      ...ledger,
      base: ledger.base + 3 * (ledger.lifted ?? 0),
      lifted: undefined,
    })),
  },
  'forget-warmth': {
    about: 'takes servers that have just come for warm',
    ports: writing((ledger) => ({ ...ledger, warming: [] })),
  },
  'forget-windows': {
    about: 'forgets what windows were granted',
    ports: writing((ledger) => ({ ...ledger, grants: [] })),
  },
  'ignore-pause': {
    about: 'does not see that a group is paused',
    ports: reading((ledger) => ({ ...ledger, pause: undefined })),
  },
  'endless-pause': {
    about: 'forgets when a pause ends',
    ports: writing((ledger) => ({ ...ledger, pause: ledger.pause && { ...ledger.pause, until: undefined } })),
  },
  'endless-activities': {
    about: 'gives activities a day more than they have',
    ports: writing((ledger) => ({
      ...ledger,
      open: ledger.open.map((activity) => ({ ...activity, deadline: activity.deadline + 86_400_000 })),
    })),
  },
  'two-at-once': {
    about: 'does not see that somebody else is at it',
    ports: reading((ledger) => ({ ...ledger, actingSince: undefined })),
  },
  'lost-is-written': {
    about: 'takes a write that was lost to somebody faster for written',
    ports: (ports) =>
      withLedger(ports, {
        write: async (...write) => {
          await ports.ledger.write(...write);
          return 'written';
        },
      }),
  },
  'ignore-refresh': {
    about: 'does not see that servers are being replaced',
    ports: (ports) => ({ ...ports, refresh: { instanceRefresh: async () => null } }),
  },
  'ignore-launches': {
    about: 'does not see that launches fail',
    ports: (ports) => ({ ...ports, launchFailures: { launchFailure: async () => null } }),
  },
  'unknown-is-success': {
    about: 'takes servers whose health cannot be read for healthy',
    ports: ({ health, ...ports }) => ({
      ...ports,
      health: { healthy: (group) => health!.healthy(group).catch(() => everything) },
    }),
  },
  'unknown-is-zero': {
    about: 'takes metrics that cannot be read for zero',
    ports: (ports) =>
      withMetrics(ports, {
        latest: async (asked, now) => {
          const known = await ports.metrics.latest(asked, now).catch(() => []);
          const zero = { known: true, value: 0, at: now } as const;
          return asked.map((_, index) => (known[index]?.known ? known[index] : zero));
        },
      }),
  },
  'running-count': {
    about: 'takes the servers that run for the desired capacity',
    ports: describing((group) => ({
      ...group,
      desired: group.servers.filter(isInService).length,
    })),
  },
  'ignore-bounds': {
    about: "does not see the group's own minimum and maximum",
    pointless: { ecs: 'a service has no minimum and maximum of its own' },
    ports: describing((group) => ({ ...group, minSize: 0, maxSize: 10_000 })),
  },
  'ignore-protection': {
    about: 'does not see that servers are protected from scale-in',
    ports: describing((group) => ({
      ...group,
      servers: group.servers.map((server) => ({ ...server, protectedFromScaleIn: false })),
    })),
  },
  'remember-group': { about: 'keeps descriptions for two minutes', ports: rememberingGroups() },
  'no-stale-check': { about: "takes late schedules' events for punctual", payload: dated('at') },
  'believe-old-alarms': { about: 'takes old news of alarms for fresh', payload: dated('timestamp') },
  'edges-only': {
    about: 'knows of red alarms from their events only',
    ports: (ports) => ({ ...ports, alarms: { describe: unseen(ports) } }),
  },
  'no-history': {
    about: 'writes no rows into the history',
    ports: (ports) => ({ ...ports, activities: { ...ports.activities, put: async () => {} } }),
  },
  'forget-losses': {
    about: 'writes no rows of servers that were lost',
    ports: (ports) => ({
      ...ports,
      activities: {
        ...ports.activities,
        put: async (row) => (row.reason === 'ServersLost' ? undefined : ports.activities.put(row)),
      },
    }),
  },
  'forget-unreleased': {
    about: 'forgets servers that could not be let go',
    pointless: { ecs: 'no task is adopted, so none is let go' },
    ports: writing((ledger) => {
      const undone = ledger.open.filter(
        ({ phase, endedAt }) => phase === 'intended' && endedAt !== undefined,
      );
      const left = new Set(undone.flatMap(({ detach = [] }) => detach));
      return { ...ledger, adopted: ledger.adopted.filter((id) => !left.has(id)) };
    }),
  },
  'ignore-standby': {
    about: 'takes servers that stand by for servers that serve',
    pointless: { ecs: 'no task stands by' },
    ports: describing((group) => ({
      ...group,
      servers: group.servers.map((one) =>
        one.lifecycle === 'standby'
          ? { ...one, lifecycle: 'ready' as const, protectedFromScaleIn: true }
          : one,
      ),
    })),
  },
  'forget-newcomers': {
    about: 'forgets which servers have come for an activity, and takes all of them for old ones',
    ports: writing((ledger) => ({
      ...ledger,
      open: ledger.open.map((activity) => ({ ...activity, there: everybody })),
    })),
  },
  'lose-mail': {
    about: 'sends people nothing of what was laid up for them',
    ports: (ports) => ({ ...ports, events: { ...ports.events, sendMail: async () => {} } }),
  },
  'swallow-errors': {
    about: 'reports success for work that it did not finish',
    answer: (answer) => answer.catch(() => ({})),
  },
  ...mutationsElsewhere,
};

/** Red alarms as if nothing were known of them. */
function unseen({ alarms }: Ports): Ports['alarms']['describe'] {
  return async (names) => {
    const states = [...(await alarms.describe(names))].map(([name, state]): [string, AlarmState] =>
      state.value === 'ALARM' ? [name, { ...state, value: 'INSUFFICIENT_DATA', since: 0 }] : [name, state],
    );
    return new Map(states);
  };
}

/** Ids as the simulated world gives them, shortened as the ledger has them. */
const everybody = Array.from({ length: 500 }, (_, number) => number.toString(16).padStart(12, '0'));
const everything = { has: () => true, size: 1 } as unknown as ReadonlySet<string>;

async function overwrite(store: LedgerStore, group: string, ledger: Ledger): Promise<'written' | 'lost'> {
  const stored = await store.read([group]);
  return store.write(group, ledger, stored.get(group)?.version ?? 0);
}

const rememberedMs = 120_000;

/** Memory in a function's container, which outlives the invocation. */
function rememberingGroups(): NonNullable<Mutation['ports']> {
  const memories = new WeakMap<ChaosCloud, Map<string, { at: number; group: ScalingGroup }>>();
  return (ports, world) => {
    const memory = memories.get(world) ?? new Map<string, { at: number; group: ScalingGroup }>();
    memories.set(world, memory);
    return withGroups(ports, {
      describe: async (names) => {
        const unknown = names.filter((name) => (memory.get(name)?.at ?? 0) < world.now - rememberedMs);
        const found = unknown.length === 0 ? new Map() : await ports.groups.describe(unknown);
        for (const [name, group] of found) memory.set(name, { at: world.now, group });
        return new Map(names.flatMap((name) => (memory.has(name) ? [[name, memory.get(name)!.group]] : [])));
      },
    });
  };
}

/** The event with every member of this name saying that it is now. */
function dated(member: string): NonNullable<Mutation['payload']> {
  return (payload, now) =>
    JSON.parse(JSON.stringify(payload), (key, value) =>
      key === member ? new Date(now).toISOString() : value,
    );
}

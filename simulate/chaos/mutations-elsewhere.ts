import type { Ledger, OpenActivity } from '../../shared/domain/ledger.ts';
import type { Instant } from '../../shared/domain/observation.ts';
import { PortError, type PortErrorCode } from '../../shared/ports/port-error.ts';
import type { Ports } from '../../shared/ports/ports.ts';
import { minuteMs } from '../../shared/units.ts';
import { withGroups, withMetrics, writing } from './changed-ports.ts';
import type { Mutation } from './mutation.ts';

/** Safeguards of rules that the sweep judges, and of the seams where other clouds and clusters are asked. */
export const mutationsElsewhere: Readonly<Record<string, Mutation>> = {
  'gaps-are-zero': {
    about: 'takes datapoints that lack for zero, where it judges rules itself',
    provider: 'tencent',
    ports: judging((values) => values.map((value) => (Number.isNaN(value) ? 0 : value))),
  },
  'unread-is-calm': {
    about: 'takes datapoints that cannot be read for zero',
    provider: 'alibaba',
    ports: (ports) =>
      withMetrics(ports, {
        history: async (asked, from, to) => {
          const answer = await ports.metrics.history(asked, from, to).catch(() => []);
          return asked.map(({ use }, index) => {
            const periods = Math.round((to - from) / 1000 / use.periodSeconds);
            return answer[index] ?? new Float64Array(periods);
          });
        },
      }),
  },
  'newest-only': {
    about: 'judges by the newest datapoint alone, and not by M of N',
    provider: 'kubernetes',
    ports: judging((values) => values.map(() => values.at(-1)!)),
  },
  'old-datapoints': {
    about: 'judges by the datapoints of a quarter of an hour ago',
    provider: 'tencent',
    ports: (ports) =>
      withMetrics(ports, {
        history: (asked, from, to) => ports.metrics.history(asked, from - 15 * minuteMs, to - 15 * minuteMs),
      }),
  },
  'forget-judged': {
    about: 'forgets since when the rules that it judges are red',
    provider: 'kubernetes',
    ports: writing((ledger) => ({ ...ledger, alarms: undefined })),
  },
  'episodes-anew': {
    about: 'begins the episode of a judged rule anew at each write',
    provider: 'alibaba',
    ports: (ports) => writing((ledger) => begunAnew(ledger, ports.clock.now()))(ports),
  },
  'conflict-is-done': {
    about: 'takes a number that was refused, as somebody has changed it since, for set',
    provider: 'kubernetes',
    pointless: { ecs: 'ECS does not compare before it sets' },
    ports: passingOver('Changed'),
  },
  'busy-is-done': {
    about: 'takes a number that was refused, as an activity is under way, for set',
    provider: 'alibaba',
    pointless: { ecs: 'ECS takes a number while tasks start' },
    ports: passingOver('Busy'),
  },
  'no-compare': {
    about: 'sets a number whatever somebody else has set since it was decided',
    provider: 'kubernetes',
    pointless: { ecs: 'ECS does not compare before it sets' },
    ports: (ports) =>
      withGroups(ports, {
        setDesired: async (name, desired, seen) => {
          const now = await ports.groups.describe([name]);
          return ports.groups.setDesired(name, desired, now.get(name) ?? seen);
        },
      }),
  },
  'silence-is-nothing': {
    about: 'takes a provider that gives no answer for one that has no groups',
    provider: 'kubernetes',
    ports: (ports) =>
      withGroups(ports, { describe: (names) => ports.groups.describe(names).catch(() => new Map()) }),
  },
  'partly-is-whole': {
    about: 'takes a scale-out of which only a part has come for done',
    provider: 'tencent',
    ports: writing((ledger) => ({ ...ledger, open: ledger.open.map(done) })),
  },
};

function done(activity: OpenActivity): OpenActivity {
  return activity.statusCode === 'Failed' && activity.to > activity.from && activity.phase === 'acted'
    ? { ...activity, statusCode: 'Successful' }
    : activity;
}

function begunAnew(ledger: Ledger, since: Instant): Ledger {
  if (!ledger.alarms) return ledger;
  const anew = Object.entries(ledger.alarms).map(([rule, alarm]) => [rule, { ...alarm, since }] as const);
  return { ...ledger, alarms: Object.fromEntries(anew) };
}

function judging(change: (values: Float64Array) => Float64Array): NonNullable<Mutation['ports']> {
  return (ports) =>
    withMetrics(ports, {
      history: async (asked, from, to) => {
        const answer = await ports.metrics.history(asked, from, to);
        return answer.map((values) => values && change(values));
      },
    });
}

function passingOver(code: PortErrorCode): (ports: Ports) => Ports {
  return (ports) =>
    withGroups(ports, {
      setDesired: async (name, desired, seen) => {
        try {
          await ports.groups.setDesired(name, desired, seen);
        } catch (error) {
          if (!(error instanceof PortError && error.code === code)) throw error;
        }
      },
    });
}

import { readFileSync } from 'node:fs';
import { AlibabaCloud } from '@rushhour/local-alibaba';
import { AlibabaEndpoint } from '@rushhour/local-alibaba/endpoint';
import { beforeAll, describe, expect, it } from 'vitest';
import { handle as sweep } from '../../functions/sweep.ts';
import { steadyWorld, TestTimeline } from '../../packages/local-alibaba/test/test-timeline.ts';
import type { Activity } from '../../shared/domain/activity.ts';
import { createScaler } from '../../shared/engine/scaler.ts';
import { alibabaGroupName } from '../../shared/fleet/alibaba.ts';
import { readFleet } from '../../shared/fleet/read-fleet.ts';
import { AlibabaAccount } from '../../shared/providers/alibaba/account.ts';
import { AlibabaActivities } from '../../shared/providers/alibaba/activities.ts';
import { AlibabaHealth } from '../../shared/providers/alibaba/health.ts';
import { AlibabaKeys } from '../../shared/providers/alibaba/keys.ts';
import { AlibabaMetrics } from '../../shared/providers/alibaba/metrics.ts';
import { AlibabaRivals } from '../../shared/providers/alibaba/rivals.ts';
import { AlibabaScalingGroups } from '../../shared/providers/alibaba/scaling-groups.ts';
import { memoryPorts } from '../../shared/providers/memory/ports.ts';
import { invocation } from '../kit/stage.ts';

const minuteMs = 60_000;
const start = Date.parse('2026-03-04T00:00:00Z');
const file = readFileSync(new URL('../../fleet.alibaba.yaml', import.meta.url), 'utf8');
const fleet = readFleet(file);
const settings = fleet.groups['web']!.alibaba!;
const id = settings.scalingGroup;
const minutes = 24 * 60;

/** Requests a second in each minute: calm, two crowds, a day, and an evening that falls. A server carries a hundred. */
function loadAt(minute: number): number {
  const hour = minute / 60;
  if (hour < 3) return 240;
  if (hour < 4.2) return 950;
  if (hour < 9) return 200;
  if (hour < 9.6) return 390;
  if (hour < 14) return 380 + 40 * Math.sin(minute);
  if (hour < 14.1) return 700;
  return Math.max(60, 420 - 60 * (hour - 14.1));
}

/** What was measured, what the group was given, and what became of it: all from the cloud's side. */
interface Played {
  /** By the minute, of each server alike. */
  readonly cpu: readonly number[];
  readonly qps: readonly number[];
  readonly activities: readonly Activity[];
  /** When each activity of the cloud ended, and how many servers there were then. */
  readonly theirs: readonly {
    readonly startedAt: number;
    readonly endedAt: number | undefined;
    readonly status: string;
  }[];
  readonly sizes: readonly number[];
  /** Who was there at first, and who was taken out in which order. */
  readonly removed: readonly string[];
  readonly joined: readonly string[];
}

/** The guide's group for a day, its sweep two seconds past every minute. */
async function play(withoutDesired: boolean): Promise<Played> {
  const timeline = new TestTimeline(start - minuteMs);
  const cloud = new AlibabaCloud(timeline, steadyWorld());
  cloud.addKey('id', 'secret');
  const group = cloud.addGroup({
    id,
    region: settings.region,
    minSize: 3,
    maxSize: 10,
    desired: 5,
    withoutDesired,
  });
  const endpoint = new AlibabaEndpoint(cloud);
  const via = new URL(await endpoint.listen());
  const secrets = {
    read: async () => ({ accessKeyId: 'id', accessKeySecret: 'secret' }) as never,
    forget: () => {},
  };
  const account = new AlibabaAccount(
    new Map([[alibabaGroupName(settings), settings]]),
    new AlibabaKeys(secrets, timeline, via),
    timeline,
    via,
  );
  const memory = memoryPorts(timeline.now(), {
    launch: () => ({ inServiceAfterSeconds: 0, healthyAfterSeconds: 0 }),
    terminationSeconds: () => 0,
  });
  const activities = new AlibabaActivities(account);
  const groups = new AlibabaScalingGroups(account, activities);
  const { ledger, activities: log, events, models, alarms } = memory;
  const scaler = createScaler(fleet, {
    ...{ ledger, activities: log, events, models, alarms, clock: { now: () => timeline.now() } },
    ...{ groups, adopt: groups, protect: groups, launchFailures: activities, losses: activities },
    ...{
      health: new AlibabaHealth(account),
      rivals: new AlibabaRivals(account),
      metrics: new AlibabaMetrics(account),
    },
  });
  const [cpu, qps, sizes]: [number[], number[], number[]] = [[], [], []];
  const joined = [...group.members.keys()];
  const removed: string[] = [];
  try {
    timeline.advance(minuteMs + 2000);
    for (let minute = 0; minute < minutes; minute++) {
      await sweep({}, scaler, invocation);
      const serving = [...group.members.values()].filter(({ state }) => state === 'InService');
      const percent = Math.min(100, loadAt(minute) / serving.length);
      const at = start + minute * minuteMs;
      const did = { cpuPercent: percent, memoryPercent: 1, bytesIn: 0, bytesOut: 0 };
      cloud.measure(at, new Map([...group.members.keys()].map((server) => [server, did])));
      const dimensions = { groupId: '0', dimension: 'app=web' };
      const series = { namespace: `acs_customMetric_${cloud.account}`, metricName: 'QPS', dimensions };
      cloud.monitor.put(series, at, loadAt(minute));
      cpu.push(percent);
      qps.push(loadAt(minute));
      sizes.push(serving.length);
      const before = [...group.members.keys()];
      timeline.advance(minuteMs);
      removed.push(...before.filter((server) => !group.members.has(server)));
      joined.push(...[...group.members.keys()].filter((server) => !joined.includes(server)));
    }
  } finally {
    await endpoint.close();
  }
  const theirs = [...group.activities].reverse();
  return { cpu, qps, activities: log.of('web'), theirs, sizes, removed, joined };
}

/** The guide's three rules, as the guide has them: nothing of ours. */
const rules = [
  { name: 'cpu-high', of: 'cpu', above: true, threshold: 70, period: 5, times: 3, change: 2, cooldown: 300 },
  { name: 'qps-high', of: 'qps', above: true, threshold: 400, period: 1, times: 2, change: 2, cooldown: 300 },
  {
    name: 'cpu-low',
    of: 'cpu',
    above: false,
    threshold: 30,
    period: 10,
    times: 3,
    change: -1,
    cooldown: 600,
  },
] as const;

/**
 * What the guide's rules do with what was measured, to the second. At a look, each rule is judged by periods that end a minute ago: all
 * `times` of them must be beyond the threshold. A rule waits for its cooldown once its own last change is over; nothing is changed
 * while an activity runs, no rule takes while another wants more, and what is above the maximum or below the minimum is not done.
 * What the application reports is a total, and is answered once each time that it turns red.
 */
function guided({ cpu, qps, theirs }: Played): string[] {
  const changes: string[] = [];
  let desired = 5;
  const lasts = new Map<string, number>();
  /** More servers make no fewer requests: once for each time that it turns red. */
  const spent = new Set<string>();
  const endedOf = (at: number) =>
    theirs.find(({ startedAt }) => startedAt >= at && startedAt < at + minuteMs)?.endedAt ??
    Number.POSITIVE_INFINITY;
  /** When a look finds that a change is over. */
  const overOf = (began: number) =>
    start + 2000 + Math.ceil((endedOf(began) - start - 2000) / minuteMs) * minuteMs;
  for (let minute = 0; minute < minutes; minute++) {
    const at = start + minute * minuteMs + 2000;
    const isRed = (rule: (typeof rules)[number]) => {
      const values = rule.of === 'cpu' ? cpu : qps;
      return Array.from({ length: rule.times }, (_, back) => {
        const to = minute - 1 - back * rule.period;
        const some = values.slice(Math.max(0, to - rule.period), Math.max(0, to));
        const mean = some.reduce((sum, value) => sum + value, 0) / some.length;
        return rule.above ? mean > rule.threshold : mean < rule.threshold;
      }).every((beyond) => beyond);
    };
    const red = rules.filter(isRed);
    const wants = red.filter(({ change }) => change > 0);
    const asking = wants.length > 0 ? wants : red;
    const running = [...lasts.values()].some((began) => endedOf(began) > at);
    for (const { name } of rules) if (!red.some((rule) => rule.name === name)) spent.delete(name);
    const ready = asking.filter((rule) => {
      const own = lasts.get(rule.name);
      const isCool = own === undefined || at >= overOf(own) + rule.cooldown * 1000;
      // A server fewer is judged by a whole period since the last one went, as it is published two minutes later.
      const period = start + (minute - 2 - rule.period) * minuteMs;
      const isNews = rule.change > 0 || own === undefined || period >= overOf(own);
      return isCool && isNews && !spent.has(rule.name);
    });
    const [rule] = running ? [] : ready;
    if (!rule) continue;
    const next = Math.min(10, Math.max(3, desired + rule.change));
    if (next === desired) continue;
    changes.push(`${new Date(at).toISOString()} ${rule.name} ${desired} → ${next}`);
    desired = next;
    lasts.set(rule.name, at);
    if (rule.of === 'qps') spent.add(rule.name);
  }
  return changes;
}

const told = ({ activities }: Played) =>
  activities
    .filter(({ from, to }) => from !== to)
    .map(({ startedAt, by, from, to }) => `${new Date(startedAt).toISOString()} ${by} ${from} → ${to}`);

describe.each([
  ['with a desired capacity', false],
  ['without a desired capacity', true],
])("the guide's group %s, for a day", (_, withoutDesired) => {
  let played: Played;
  beforeAll(async () => {
    played = await play(withoutDesired);
  });

  it('changes when the rules of the guide say so, and at no other second', () => {
    const expected = guided(played);
    // Each rule had its turn, and the maximum and the minimum as well.
    for (const { name, change } of rules)
      expect(expected.filter((one) => one.includes(`${name} `)).length, name).toBeGreaterThanOrEqual(
        change > 0 ? 2 : 5,
      );
    expect(told(played)).toEqual(expected);
  });

  it('begins with five servers, and reaches the most and the least that it may have', () => {
    expect(played.sizes[0]).toBe(5);
    expect([Math.min(...played.sizes), Math.max(...played.sizes)]).toEqual([3, 10]);
  });

  it('loses the oldest first', () => {
    expect(played.removed.length).toBeGreaterThanOrEqual(5);
    expect(played.removed).toEqual(played.joined.slice(0, played.removed.length));
  });

  it('ends every activity, theirs and ours, and each of theirs is one of ours', () => {
    const ours = played.activities.filter(({ from, to }) => from !== to);
    expect(new Set(ours.map(({ statusCode }) => statusCode))).toEqual(new Set(['Successful']));
    expect(played.activities.every(({ endedAt }) => endedAt !== undefined)).toBe(true);
    expect(new Set(played.theirs.map(({ status }) => status))).toEqual(new Set(['Successful']));
    expect(played.theirs.map(({ startedAt }) => startedAt)).toEqual(ours.map(({ startedAt }) => startedAt));
  });
});

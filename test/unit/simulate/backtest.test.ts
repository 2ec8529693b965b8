import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { generatedDay } from '../../../local/fleet-world.ts';
import { readFleet } from '../../../shared/fleet/read-fleet.ts';
import { backtest, type GroupRun } from '../../../simulate/backtest.ts';
import { shortagesOf } from '../../../simulate/shortages.ts';
import { summarize } from '../../../simulate/summary.ts';
import { generateLoad, lunchDayShape } from '../../../simulate/world/generator.ts';

const start = Date.parse('2026-03-04T00:00:00Z');
const fleetWith = (policy: string, sizes = 'minSize: 1, maxSize: 20') =>
  readFleet(`
name: one
groups:
  web: { existing: web, ${sizes}, ${policy} simulation: { requestsPerSecondPerServer: 1, bootSeconds: 120 } }
`);

/** Requests per minute of so many full servers. */
const servers = (load: readonly number[]) => Float64Array.from(load, (each) => each * 60);

async function play(policy: string, load: Float64Array, sizes?: string): Promise<GroupRun> {
  return (await backtest({ fleet: fleetWith(policy, sizes), start, loads: new Map([['web', load]]) })).get(
    'web',
  )!;
}

describe('a small case, worked out by hand', () => {
  const window = 'schedules: { rush: { start: "3 0 * * *", end: "8 0 * * *", scalingAdjustment: 2 } },';
  /** One server carries 0.8 within the promise; from minute 4 on two full servers are asked for. */
  const load = servers([0.5, 0.5, 0.5, 0.5, 2, 2, 2, 2, 2, 0.5]);

  it('boots for two minutes, serves, and gives back what the window added', async () => {
    const { desired, inService, running } = await play(window, load);
    expect([...desired]).toEqual([1, 1, 1, 3, 3, 3, 3, 3, 1, 1]);
    expect([...inService]).toEqual([1, 1, 1, 1, 1, 3, 3, 3, 1, 1]);
    expect([...running]).toEqual([1, 1, 1, 3, 3, 3, 3, 3, 1, 1]);
  });

  it('counts what is above four fifths of the servers as unserved', async () => {
    const run = await play(window, load);
    const unserved = [...run.unserved].map((each) => Math.round(each));
    expect(unserved).toEqual([0, 0, 0, 0, 72, 0, 0, 0, 72, 0]);
    expect([...run.needed].slice(3, 5)).toEqual([0.625, 2.5]);
    expect(run.utilization[4]).toBe(2);
  });

  it('sums it up: server-hours, share, money, and the peak all the time', async () => {
    const result = await backtest({ fleet: fleetWith(window), start, loads: new Map([['web', load]]) });
    expect(summarize(result, new Map([['web', 3]])).get('web')).toMatchObject({
      adaptations: 2,
      minServers: 1,
      maxServers: 3,
      serverHours: 20 / 60,
      cost: 1,
      peakServerHours: 30 / 60,
      unserved: 144 / (60 * 12.5),
    });
  });

  it('tells where it had too few servers, and who answered', async () => {
    const [shortage, ...others] = shortagesOf(await play(window, load), start);
    expect(others).toEqual([]);
    expect(shortage).toMatchObject({
      from: start + 4 * 60_000,
      to: start + 9 * 60_000,
      minutes: 2,
      needed: 2.5,
      inService: 1,
      answer: undefined,
    });
    expect(shortage!.share).toBeCloseTo(144 / 600, 10);
  });

  it('waits for an alarm as CloudWatch does: two periods, each a minute late', async () => {
    const alarm =
      'alarms: { high: { metric: cpu, comparisonOperator: GreaterThanThreshold, threshold: 70, period: 60, evaluationPeriods: 2, scalingAdjustment: 1, cooldown: 600 } },';
    const { desired, inService } = await play(alarm, servers([0.5, 0.5, 0.9, 0.9, 0.9, 0.9, 0.9, 0.9, 0.9]));
    // Minutes 2 and 3 breach; minute 3 is seen when minute 4 is over.
    expect([...desired]).toEqual([1, 1, 1, 1, 1, 2, 2, 2, 2]);
    expect([...inService]).toEqual([1, 1, 1, 1, 1, 1, 1, 2, 2]);
  });

  it('answers each crowd once, although late counts make its alarm blink', async () => {
    const fleet = readFleet(`
name: one
groups:
  web:
    launch: { imageId: ami-0a1b2c3d4e5f60718, instanceType: c7g.large }
    minSize: 1
    maxSize: 20
    loadBalancer: { scheme: internal, protocol: HTTP, port: 80 }
    alarms:
      qps-high: { metric: requestsPerSecond, comparisonOperator: GreaterThanThreshold, threshold: 5, period: 300,
                  evaluationPeriods: 2, scalingAdjustment: 2, cooldown: 300 }
    simulation: { requestsPerSecondPerServer: 10, bootSeconds: 60 }
`);
    const quiet = Array<number>(60).fill(2);
    const crowd = Array<number>(90).fill(5.6);
    const loads = new Map([['web', servers([...quiet, ...crowd, ...quiet, ...crowd])]]);
    const { activities } = (await backtest({ fleet, start, loads })).get('web')!;
    const minutes = activities.map(({ startedAt, reason }) => [
      Math.floor((startedAt - start) / 60_000),
      reason,
    ]);
    expect(minutes).toEqual([
      [71, 'AlarmScaleOut'],
      [224, 'AlarmScaleOut'],
    ]);
  });

  it('scales in again as soon as a whole period since the last time is published', async () => {
    const alarm =
      'alarms: { low: { metric: cpu, comparisonOperator: LessThanThreshold, threshold: 30, period: 600, evaluationPeriods: 1, scalingAdjustment: -1, cooldown: 600 } },';
    const load = servers(Array.from({ length: 60 }, (_, minute) => (minute < 4 ? 3.2 : 0.2)));
    const { activities } = await play(alarm, load);
    // The minute in which it was done does not count; then ten minutes of data, and two until the last of them is published.
    expect(activities.map(({ startedAt }) => Math.floor((startedAt - start) / 60_000))).toEqual([12, 25, 38]);
  });

  it('knows the memory of servers as the local cloud has it: 30 % idle, 75 % at full load', async () => {
    const alarm = (rule: string) =>
      `alarms: { high: { metric: memory, ${rule} comparisonOperator: GreaterThanThreshold, threshold: 60, period: 60, evaluationPeriods: 1, scalingAdjustment: 1, cooldown: 600 } },`;
    // 30 + 0.6 · 45 = 57 %, 30 + 0.7 · 45 = 61.5 %
    const load = servers([0.6, 0.6, 0.7, 0.7, 0.7, 0.7]);
    expect([...(await play(alarm(''), load)).desired]).toEqual([1, 1, 1, 1, 2, 2]);
    // Minute 2 breaches and is seen when minute 3 is over. A sum over servers is not a mean, and not known.
    expect([...(await play(alarm('statistic: Sum,'), load)).desired]).toEqual([1, 1, 1, 1, 1, 1]);
  });

  it('tracks a target of memory', async () => {
    const { desired } = await play(
      'targets: [{ metric: memory, targetValue: 50 }],',
      servers([0.4, 1.6, 1.6, 1.6]),
    );
    // Full, it uses 75 %: ⌈1 · 75 ÷ 50⌉ = 2.
    expect(desired.at(-1)).toBe(2);
  });
});

describe('the lunch day of the example fleet, without a flash crowd', () => {
  const text = readFileSync(new URL('../../../fleet.yaml', import.meta.url), 'utf8');
  const fleet = readFleet(text.replace(/\n *flashCrowd:.*/, ''));
  const midnight = Date.parse('2026-03-03T16:00:00Z');
  const loads = Object.keys(fleet.groups).map((group) => {
    const load = generatedDay(fleet, group);
    return [
      group,
      Float64Array.from({ length: 1440 }, (_, minute) => load(midnight + minute * 60_000)),
    ] as const;
  });
  const day = () => backtest({ fleet, start: midnight, loads: new Map(loads) });

  it('saves three tenths of the server-hours and leaves nothing unserved', async () => {
    const groups = [...summarize(await day(), new Map()).values()];
    const total = (of: 'serverHours' | 'peakServerHours') => groups.reduce((sum, each) => sum + each[of], 0);
    expect(1 - total('serverHours') / total('peakServerHours')).toBeGreaterThanOrEqual(0.3);
    for (const { savedAgainstPeak, unserved } of groups) {
      expect(savedAgainstPeak).toBeGreaterThanOrEqual(0.3);
      expect(unserved).toBeLessThanOrEqual(0.001);
    }
  });

  it('is the same again, to the byte', async () => {
    const bytes = async () => JSON.stringify([...(await day())]);
    expect(await bytes()).toBe(await bytes());
  });
});

describe('an objective in a backtest', () => {
  const minutes = 6 * 1440;
  const policy = 'objective: { unserved: 0.5% },';
  const load = generateLoad(
    { ...lunchDayShape, nightShare: 0.5, requestsPerSecond: 4 },
    { seed: 3, minutes },
  );

  it('keeps its promise once it has a past, and launches before lunch begins', async () => {
    const { inService, needed, unserved } = await play(policy, load);
    const settled = (values: Float64Array) => values.subarray(3 * 1440).reduce((sum, each) => sum + each, 0);
    expect(settled(unserved) / settled(load)).toBeLessThan(0.005);
    const lunch = 5 * 1440 + 660;
    // What serves in the first minute of lunch was launched minutes before it.
    expect(inService[lunch]).toBeGreaterThan(Math.ceil(needed[lunch - 1]!));
  });

  it('looks at no minute that is still to come', async () => {
    const change = 4 * 1440;
    const other = load.map((each, minute) => (minute < change ? each : 3 * each));
    const [one, two] = await Promise.all([play(policy, load), play(policy, other)]);
    expect(two.desired.subarray(0, change)).toEqual(one.desired.subarray(0, change));
    expect(two.desired).not.toEqual(one.desired);
  });
});

describe('a backtest', () => {
  it('says how far it is, and can be ended early', async () => {
    const fleet = fleetWith('');
    const loads = new Map([['web', new Float64Array(10 * 1440).fill(30)]]);
    const shares: number[] = [];
    await backtest({ fleet, start, loads, onProgress: (share) => shares.push(share) });
    expect(shares).toEqual([0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9]);
    const early = backtest({ fleet, start, loads, signal: AbortSignal.abort(new Error('enough')) });
    await expect(early).rejects.toThrow('enough');
  });

  it('refuses loads that it cannot play', async () => {
    const fleet = fleetWith('');
    await expect(backtest({ fleet, start, loads: new Map() })).rejects.toThrow(RangeError);
    const strange = new Map([['nobody', new Float64Array(5)]]);
    await expect(backtest({ fleet, start, loads: strange })).rejects.toThrow('no group nobody');
  });
});

it('plays a group of another cloud by what its own load balancer measures', async () => {
  const fleet = readFleet(`
name: one
groups:
  web:
    alibaba: { region: cn-hangzhou, scalingGroup: asg-bp100000000000000001, credentials: key }
    minSize: 1
    maxSize: 4
    alarms: { busy: { metric: requestsPerSecond, comparisonOperator: GreaterThanThreshold, threshold: 1, period: 60, evaluationPeriods: 1, scalingAdjustment: 1 } }
    simulation: { requestsPerSecondPerServer: 1, bootSeconds: 60 }
`);
  const loads = new Map([['web', servers([0.5, 0.5, 0.5, 2, 2, 2, 2, 2, 2, 2])]]);
  const { activities } = (await backtest({ fleet, start, loads })).get('web')!;
  expect(activities.map(({ from, to }) => [from, to])[0]).toEqual([1, 2]);
});

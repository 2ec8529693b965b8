import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { handle as onAlarm } from '../../functions/on-alarm.ts';
import { handle as sweep } from '../../functions/sweep.ts';
import { limitConcurrency } from '../../shared/engine/limit-concurrency.ts';
import { createScaler, type Scaler } from '../../shared/engine/scaler.ts';
import { fleet as fleetSchema } from '../../shared/fleet/fleet.ts';
import { alarmName } from '../../shared/fleet/names.ts';
import type { Ports } from '../../shared/ports/ports.ts';
import type { UnderTest } from '../contract/implementation.ts';
import { localCloud } from '../contract/local-cloud.ts';
import { faultyPorts } from '../kit/faulty-ports.ts';

/** The default quota of a region. */
const size = 500;
/** As many events as are handled at once; Lambda would handle more, this machine has two cores. */
const atOnce = 40;
const names = Array.from({ length: size }, (_, index) => `g${index}`);
const rule = {
  metric: 'cpu',
  comparisonOperator: 'GreaterThanThreshold',
  threshold: 70,
  period: 60,
  evaluationPeriods: 1,
  scalingAdjustment: 2,
};
const fleet = fleetSchema.parse({
  name: 'storm',
  groups: Object.fromEntries(
    names.map((name) => [name, { existing: name, minSize: 1, maxSize: 10, alarms: { 'cpu-high': rule } }]),
  ),
});
const invocation = { awsRequestId: 'storm', getRemainingTimeInMillis: () => 60_000 };

describe('500 groups in alarm within a second, over HTTP', () => {
  let cloud: UnderTest;
  let scaler: Scaler;
  let calls: Record<string, number> = {};

  beforeAll(async () => {
    cloud = await localCloud();
    for (const name of names) {
      await cloud.makeGroup({ name, minSize: 1, maxSize: 10, desired: 1 });
      await cloud.makeAlarm(alarmName(fleet, name, 'cpu-high'));
    }
    scaler = createScaler(fleet, counted({ ...cloud.ports, clock: { now: () => cloud.now() } }));
    await cloud.advance(120);
    await sweep({}, scaler, invocation);
    for (const name of names) await cloud.setAlarm(alarmName(fleet, name, 'cpu-high'), 'ALARM');
    calls = {};
  });

  afterAll(() => cloud[Symbol.asyncDispose]());

  function counted(ports: Ports): Ports {
    return faultyPorts(ports, ({ name }, carryOut) => {
      calls[name] = (calls[name] ?? 0) + 1;
      return carryOut();
    });
  }

  /** As EventBridge tells of it. */
  function news(name: string): object {
    const state = { value: 'ALARM', timestamp: new Date(cloud.now()).toISOString() };
    return { detail: { alarmName: alarmName(fleet, name, 'cpu-high'), state } };
  }

  async function capacities(): Promise<number[]> {
    const found = await cloud.ports.groups.describe(names);
    return [...found.values()].map(({ desired }) => desired);
  }

  it('scales each of them once, and asks no alarm: fresh news is believed', async () => {
    const started = performance.now();
    await limitConcurrency(names, atOnce, async (name) => {
      await onAlarm(news(name), scaler);
    });
    const seconds = ((performance.now() - started) / 1000).toFixed(1);
    console.log(`${size} alarms in ${seconds} s: ${JSON.stringify(calls)}`);
    expect(new Set(await capacities())).toEqual(new Set([3]));
    expect(calls).toMatchObject({ 'groups.setDesired': size });
    expect(calls['alarms.describe']).toBeUndefined();
  });

  it('changes none a second time when the events come again and the sweep confirms them', async () => {
    calls = {};
    await cloud.advance(30);
    await limitConcurrency(names, atOnce, async (name) => {
      await onAlarm(news(name), scaler);
    });
    await cloud.advance(90);
    calls = {};
    const started = performance.now();
    await sweep({}, scaler, invocation);
    console.log(`sweep in ${Math.round(performance.now() - started)} ms: ${JSON.stringify(calls)}`);
    expect(new Set(await capacities())).toEqual(new Set([3]));
    expect(calls).toMatchObject({ 'groups.describe': 5, 'ledger.read': 5, 'alarms.describe': 5 });
    expect(calls['groups.setDesired']).toBeUndefined();
  });

  it('has one activity for each', async () => {
    await limitConcurrency(names, atOnce, async (name) => {
      const { activities } = await cloud.ports.activities.query(name, { limit: 20 });
      const changes = activities.filter(({ from, to }) => from !== to);
      expect(changes.map(({ from, to, reason }) => `${from} → ${to} ${reason}`)).toEqual([
        '1 → 3 AlarmScaleOut',
      ]);
    });
  });
});

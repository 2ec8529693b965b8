import { beforeEach, describe, expect, it } from 'vitest';
import { FleetCloud, startMs } from './fleet-cloud.ts';
import { SteadyWorld } from './steady-world.ts';

let cloud: FleetCloud;
beforeEach(() => {
  cloud = new FleetCloud(new SteadyWorld());
});

/** Publishes one value for each of the minutes that pass. */
async function publish(values: (number | undefined)[], metric = 'Load'): Promise<void> {
  for (const Value of values) {
    await cloud.pass(60);
    if (Value !== undefined)
      await cloud.call('monitoring', 'PutMetricData', {
        Namespace: 'App',
        MetricData: [{ MetricName: metric, Value, Timestamp: new Date(cloud.now - 60_000) }],
      });
  }
}

async function alarm(settings: Record<string, unknown> = {}): Promise<void> {
  await cloud.call('monitoring', 'PutMetricAlarm', {
    AlarmName: 'high',
    Namespace: 'App',
    MetricName: 'Load',
    Statistic: 'Average',
    Period: 60,
    EvaluationPeriods: 2,
    Threshold: 70,
    ComparisonOperator: 'GreaterThanThreshold',
    AlarmActions: [
      'arn:aws:lambda:us-east-1:000000000000:function:on-alarm',
      'arn:aws:sns:us-east-1:000000000000:notices',
    ],
    ...settings,
  });
}

async function state(name = 'high'): Promise<string> {
  const { MetricAlarms, CompositeAlarms } = await cloud.call('monitoring', 'DescribeAlarms', {
    AlarmNames: [name],
    AlarmTypes: ['MetricAlarm', 'CompositeAlarm'],
  });
  return [...MetricAlarms, ...CompositeAlarms][0].StateValue;
}

async function query(queries: unknown[]): Promise<Record<string, number[]>> {
  const { MetricDataResults } = await cloud.call('monitoring', 'GetMetricData', {
    StartTime: new Date(startMs),
    EndTime: new Date(cloud.now),
    ScanBy: 'TimestampAscending',
    MetricDataQueries: queries,
  });
  return Object.fromEntries(
    MetricDataResults.map((one: { Id: string; Values: number[] }) => [one.Id, one.Values]),
  );
}

const load = {
  Id: 'm1',
  MetricStat: { Metric: { Namespace: 'App', MetricName: 'Load' }, Period: 60, Stat: 'Sum' },
};

describe('alarms', () => {
  it('acts on the transition into ALARM only, in all three envelopes', async () => {
    await alarm();
    await publish([80, 80, 80, 80, 80, 80]);
    await cloud.pass(30);
    expect(await state()).toBe('ALARM');
    expect(cloud.calls.map((call) => call.operation)).toEqual(['Invoke', 'Publish']);
    expect(cloud.events.map((event) => event.type)).toEqual(['CloudWatch Alarm State Change']);
    const direct = JSON.parse(new TextDecoder().decode(cloud.calls[0]!.input['Payload'] as Uint8Array));
    expect(direct.alarmData).toMatchObject({
      alarmName: 'high',
      state: { value: 'ALARM' },
      previousState: { value: 'INSUFFICIENT_DATA' },
    });
    expect(JSON.parse(direct.alarmData.state.reasonData).recentDatapoints).toEqual([80, 80]);
    expect(JSON.parse(cloud.calls[1]!.input['Message'] as string)).toMatchObject({
      NewStateValue: 'ALARM',
      Trigger: { MetricName: 'Load', Threshold: 70 },
    });
  });

  it('keeps quiet while its actions are disabled, but still tells EventBridge', async () => {
    await alarm();
    await cloud.call('monitoring', 'DisableAlarmActions', { AlarmNames: ['high'] });
    await publish([80, 80, 80, 80]);
    expect(cloud.calls).toEqual([]);
    expect(cloud.events).toHaveLength(1);
  });

  it('does not act when its state is set to what it is', async () => {
    await alarm();
    const set = () =>
      cloud.call('monitoring', 'SetAlarmState', {
        AlarmName: 'high',
        StateValue: 'ALARM',
        StateReason: 'test',
      });
    await set();
    await set();
    await cloud.pass(1);
    expect(cloud.events).toHaveLength(1);
  });

  it('goes to INSUFFICIENT_DATA, not OK, when data stop', async () => {
    await alarm();
    await publish([10, 10, 10, 10]);
    expect(await state()).toBe('OK');
    await publish([undefined, undefined, undefined, undefined, undefined, undefined]);
    expect(await state()).toBe('INSUFFICIENT_DATA');
  });

  it('keeps its state when it is put again', async () => {
    await alarm();
    await publish([80, 80, 80, 80]);
    await alarm({ Threshold: 75 });
    expect(await state()).toBe('ALARM');
  });

  it('evaluates a rate computed from a filled sum', async () => {
    await alarm({
      MetricName: undefined,
      Namespace: undefined,
      Statistic: undefined,
      Period: undefined,
      Threshold: 1,
      Metrics: [
        { ...load, ReturnData: false },
        { Id: 'rate', Expression: 'FILL(m1, 0) / PERIOD(m1)' },
      ],
    });
    await publish([undefined, undefined, undefined, undefined]);
    expect(await state()).toBe('OK');
    await publish([90, 90, 90]);
    await cloud.pass(30);
    expect(await state()).toBe('ALARM');
  });

  it('combines alarms by a rule', async () => {
    await alarm();
    await cloud.call('monitoring', 'PutCompositeAlarm', {
      AlarmName: 'both',
      AlarmRule: 'ALARM("high") AND NOT OK(high)',
    });
    await publish([80, 80, 80, 80]);
    expect(await state('both')).toBe('ALARM');
  });

  it('refuses what CloudWatch refuses', async () => {
    await expect(alarm({ Period: 45 })).rejects.toMatchObject({ code: 'InvalidParameterValue' });
    await expect(alarm({ DatapointsToAlarm: 3 })).rejects.toMatchObject({ code: 'ValidationError' });
    await expect(alarm({ ExtendedStatistic: 'p90' })).rejects.toMatchObject({ code: 'ValidationError' });
    await expect(alarm({ Period: 3600, EvaluationPeriods: 200 })).rejects.toMatchObject({
      code: 'ValidationError',
    });
  });

  it('throttles the tenth DescribeAlarms within a second', async () => {
    const calls = Array.from({ length: 10 }, () => cloud.call('monitoring', 'DescribeAlarms'));
    const outcomes = await Promise.allSettled(calls);
    expect(outcomes.filter((one) => one.status === 'rejected')).toHaveLength(1);
    await cloud.pass(1);
    await expect(cloud.call('monitoring', 'DescribeAlarms')).resolves.toBeDefined();
  });

  it('pages a hundred at a time', async () => {
    for (let i = 0; i < 120; i++) await alarm({ AlarmName: `a${String(i).padStart(3, '0')}` });
    const first = await cloud.call('monitoring', 'DescribeAlarms', { MaxRecords: 100 });
    const second = await cloud.call('monitoring', 'DescribeAlarms', {
      MaxRecords: 100,
      NextToken: first.NextToken,
    });
    expect([first.MetricAlarms.length, second.MetricAlarms.length, second.NextToken]).toEqual([
      100,
      20,
      undefined,
    ]);
    await expect(cloud.call('monitoring', 'DescribeAlarms', { MaxRecords: 101 })).rejects.toMatchObject({
      code: 'ValidationError',
    });
  });
});

describe('metric data', () => {
  it('leaves silent minutes out, unless they are filled', async () => {
    await publish([60, undefined, 120]);
    const results = await query([
      load,
      { Id: 'filled', Expression: 'FILL(m1, 0)' },
      { Id: 'rate', Expression: 'm1 / PERIOD(m1)' },
    ]);
    expect(results).toEqual({ m1: [60, 120], filled: [60, 0, 120], rate: [1, 2] });
  });

  it('computes conditions and unions of series', async () => {
    await publish([10, 90]);
    const results = await query([
      load,
      { Id: 'e1', Expression: 'IF(m1 > 50, 1, 0)' },
      { Id: 'e2', Expression: 'SUM([m1, m1]) + 2 * (1 - 3)' },
    ]);
    expect(results).toMatchObject({ e1: [0, 1], e2: [16, 176] });
  });

  it('takes percentiles from values and counts', async () => {
    await cloud.pass(60);
    await cloud.call('monitoring', 'PutMetricData', {
      Namespace: 'App',
      MetricData: [
        { MetricName: 'Load', Values: [1, 2, 9], Counts: [50, 45, 5], Timestamp: new Date(startMs) },
      ],
    });
    const stat = (Stat: string) => ({
      ...load,
      Id: Stat.toLowerCase(),
      MetricStat: { ...load.MetricStat, Stat },
    });
    expect(await query([stat('p50'), stat('p95'), stat('p99'), stat('Maximum')])).toEqual({
      p50: [1],
      p95: [2],
      p99: [9],
      maximum: [9],
    });
  });

  it('refuses more than 500 queries', async () => {
    await cloud.pass(60);
    const many = Array.from({ length: 501 }, (_, i) => ({ ...load, Id: `m${i}` }));
    await expect(query(many)).rejects.toMatchObject({ code: 'ValidationError' });
  });

  it('lists metrics by dimension', async () => {
    const datum = { MetricName: 'Load', Value: 1, Dimensions: [{ Name: 'group', Value: 'a' }] };
    await cloud.call('monitoring', 'PutMetricData', {
      Namespace: 'App',
      MetricData: [datum, { MetricName: 'Load', Value: 1 }],
    });
    const { Metrics } = await cloud.call('monitoring', 'ListMetrics', { Dimensions: [{ Name: 'group' }] });
    expect(Metrics).toHaveLength(1);
  });
});

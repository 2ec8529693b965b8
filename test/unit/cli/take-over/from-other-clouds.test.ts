import { describe, expect, it } from 'vitest';
import { fleetText } from '../../../../cli/take-over/fleet-text.ts';
import { type AlibabaAccount, fromAlibaba } from '../../../../cli/take-over/from-alibaba.ts';
import { fromTencent, type TencentAccount } from '../../../../cli/take-over/from-tencent.ts';
import { readFleet } from '../../../../shared/fleet/read-fleet.ts';
import { alibabaGuide, tencentGuide } from './guides.ts';

const now = Date.parse('2026-03-04T00:00:00Z');
const cpuHigh = {
  metric: 'cpu',
  comparisonOperator: 'GreaterThanThreshold',
  threshold: 70,
  period: 300,
  evaluationPeriods: 3,
  scalingAdjustment: 2,
  cooldown: 300,
};
const cpuLow = {
  metric: 'cpu',
  comparisonOperator: 'LessThanThreshold',
  threshold: 30,
  period: 600,
  evaluationPeriods: 3,
  scalingAdjustment: -1,
  cooldown: 600,
};

describe("Alibaba's guide", () => {
  const [taken] = fromAlibaba(alibabaGuide, now);

  it('is taken over rule by rule', () => {
    expect(taken!.group).toMatchObject({ minSize: 3, maxSize: 10 });
    expect(taken!.group.alarms).toEqual({
      'cpu-high': cpuHigh,
      'cpu-low': cpuLow,
      'qps-high': {
        metric: 'requestsPerTarget',
        comparisonOperator: 'GreaterThanThreshold',
        threshold: 400,
        period: 60,
        evaluationPeriods: 2,
        scalingAdjustment: 2,
        cooldown: 300,
      },
    });
    expect(taken!.remarks.filter(({ kind }) => kind === 'lost').map(({ subject }) => subject)).toEqual([
      'credentials',
    ]);
    expect(taken!.group).toMatchObject({
      alibaba: { region: 'cn-hangzhou', scalingGroup: 'asg-bp18p2yfxow2dloq', credentials: 'alibaba' },
      mode: 'observe',
      instances: ['i-bp1fixed000000000001'],
    });
  });

  it('is a valid fleet file', () => {
    expect(Object.keys(readFleet(fleetText({ name: 'hz', groups: [taken!] })).groups)).toEqual([
      'session-hz',
    ]);
  });
});

it("an application's own metric of Alibaba Cloud stays what it is, of the account that the rule names", () => {
  const [, , qps] = alibabaGuide.alarms;
  const Dimensions = [
    { DimensionKey: 'user_id', DimensionValue: '140692647406' },
    { DimensionKey: 'app', DimensionValue: 'web' },
  ];
  const custom = { ...qps!, MetricName: 'QPS', MetricType: 'custom', Dimensions };
  const [taken] = fromAlibaba({ ...alibabaGuide, alarms: [custom] }, now);
  expect(taken!.group.alarms).toMatchObject({
    'qps-high': {
      metric: { namespace: 'acs_customMetric_140692647406', metricName: 'QPS', dimensions: { app: 'web' } },
      threshold: 400,
      evaluationPeriods: 2,
      scalingAdjustment: 2,
    },
  });
  expect(taken!.remarks).toContainEqual(
    expect.objectContaining({ kind: 'note', subject: 'event-triggered task qps-high' }),
  );
  expect(Object.keys(readFleet(fleetText({ name: 'hz', groups: [taken!] })).groups)).toEqual(['session-hz']);
});

describe("Tencent's guide", () => {
  const [taken] = fromTencent(tencentGuide, now);

  it('is taken over with its two tasks as a window', () => {
    expect(taken!.timeZone).toBe('Asia/Shanghai');
    expect(taken!.group).toMatchObject({ minSize: 3, maxSize: 10 });
    expect(taken!.group.schedules).toEqual({ lunch: { start: '0 11 * * *', end: '0 13 * * *', minSize: 5 } });
    expect(taken!.group.alarms).toEqual({
      more: cpuHigh,
      fewer: cpuLow,
    });
    expect(taken!.remarks).toContainEqual(
      expect.objectContaining({
        kind: 'lost',
        subject: 'alarm qps-high',
        message: expect.stringContaining('TotalReq has no counterpart'),
      }),
    );
  });

  it('stays the group that it is, observed, with its protected server', () => {
    expect(taken!.group).toMatchObject({
      tencent: { region: 'ap-guangzhou', scalingGroup: 'asg-2umy5jbd', credentials: 'tencent' },
      mode: 'observe',
      instances: ['ins-0a1b2c3d'],
    });
    const [known] = fromTencent(tencentGuide, now, 'shop/tencent');
    expect(known!.group).toMatchObject({ tencent: { credentials: 'shop/tencent' } });
  });

  it('is a valid fleet file', () => {
    expect(readFleet(fleetText({ name: 'gz', groups: [taken!] })).timeZone).toBe('Asia/Shanghai');
  });
});

function alibaba(change: Partial<AlibabaAccount>) {
  return fromAlibaba({ ...alibabaGuide, alarms: [], ...change }, now)[0]!;
}

const task = { ScalingGroupId: 'asg-bp18p2yfxow2dloq', LaunchTime: '2026-03-01T03:00Z' };
const ariOf = (rule: string) => `ari:acs:ess:cn-hangzhou:140692647406:scalingrule/${rule}`;

describe("Alibaba's scheduled tasks", () => {
  it('that change by a rule and back are a window, in UTC', () => {
    const more = { ...alibabaGuide.rules[0]!, AdjustmentValue: 2 };
    const fewer = { ...alibabaGuide.rules[1]!, AdjustmentValue: -2 };
    const { group, timeZone } = alibaba({
      rules: [more, fewer],
      tasks: [
        {
          ScheduledTaskName: 'up',
          LaunchTime: '2026-03-01T03:00Z',
          RecurrenceType: 'Daily',
          RecurrenceValue: '1',
          ScheduledAction: ariOf('asr-more'),
        },
        {
          ScheduledTaskName: 'down',
          LaunchTime: '2026-03-01T05:00Z',
          RecurrenceType: 'Daily',
          RecurrenceValue: '1',
          ScheduledAction: ariOf('asr-fewer'),
        },
      ],
    });
    expect(timeZone).toBe('UTC');
    expect(group.schedules).toEqual({ up: { start: '0 3 * * *', end: '0 5 * * *', scalingAdjustment: 2 } });
  });

  it('that run away are said: they never take back what they add', () => {
    const tasks = [
      {
        ScheduledTaskName: 'up',
        LaunchTime: '2026-03-01T03:00Z',
        RecurrenceType: 'Daily',
        RecurrenceValue: '1',
        ScheduledAction: ariOf('asr-more'),
      },
      {
        ScheduledTaskName: 'down',
        LaunchTime: '2026-03-01T05:00Z',
        RecurrenceType: 'Daily',
        RecurrenceValue: '1',
        ScheduledAction: ariOf('asr-fewer'),
      },
    ];
    const { group, remarks } = alibaba({ tasks });
    expect(group.schedules).toBeUndefined();
    expect(
      remarks.filter(({ kind, subject }) => kind === 'lost' && subject.startsWith('scheduled task')),
    ).toHaveLength(2);
  });

  it.each([
    ['Weekly', '1,2,3,4,5', '0 3 * * 1,2,3,4,5'],
    ['Monthly', '1-5', '0 3 1-5 * *'],
    ['Cron', '30 3 * * *', '30 3 * * *'],
  ])('that repeat %s %s', (RecurrenceType, RecurrenceValue, start) => {
    const shared = { ...task, RecurrenceType, RecurrenceValue, MaxValue: 10 };
    const end =
      RecurrenceType === 'Cron' ? { RecurrenceValue: '30 5 * * *' } : { LaunchTime: '2026-03-01T05:00Z' };
    const { group } = alibaba({
      tasks: [
        { ...shared, ScheduledTaskName: 'up', MinValue: 6 },
        { ...shared, ...end, ScheduledTaskName: 'down', MinValue: 3 },
      ],
    });
    expect(group.schedules).toMatchObject({ up: { start, minSize: 6 } });
  });

  it('of every second day are said', () => {
    const { remarks } = alibaba({
      tasks: [
        { ...task, ScheduledTaskName: 'odd', RecurrenceType: 'Daily', RecurrenceValue: '2', MinValue: 6 },
      ],
    });
    expect(remarks).toContainEqual(
      expect.objectContaining({
        subject: 'scheduled task odd',
        message: expect.stringContaining('no cron can say'),
      }),
    );
  });
});

describe("Alibaba's other rules", () => {
  const rule = alibabaGuide.rules[0]!;
  it('are targets and steps, and what they foresee is told', () => {
    const { group, remarks } = alibaba({
      rules: [
        {
          ...rule,
          ScalingRuleType: 'TargetTrackingScalingRule',
          MetricName: 'CpuUtilization',
          TargetValue: 60,
          ScaleInEvaluationCount: 10,
        },
        {
          ...rule,
          ScalingRuleType: 'PredictiveScalingRule',
          MetricName: 'CpuUtilization',
          TargetValue: 60,
          PredictiveScalingMode: 'PredictAndScale',
        },
        {
          ...rule,
          ScalingRuleId: 'asr-steps',
          ScalingRuleAri: ariOf('asr-steps'),
          ScalingRuleType: 'StepScalingRule',
          EstimatedInstanceWarmup: 120,
          Cooldown: undefined as never,
          StepAdjustments: { StepAdjustment: [{ MetricIntervalLowerBound: 0, ScalingAdjustment: 2 }] },
        },
      ],
      alarms: [{ ...alibabaGuide.alarms[0]!, AlarmActions: { AlarmAction: [ariOf('asr-steps')] } }],
    });
    expect(group).toMatchObject({
      targets: [{ metric: 'cpu', targetValue: 60 }],
      behavior: { scaleDown: { stabilizationWindowSeconds: 600 } },
      alarms: {
        'cpu-high': {
          stepAdjustments: [{ metricIntervalLowerBound: 0, scalingAdjustment: 2 }],
          cooldown: 120,
        },
      },
    });
    expect(remarks).toContainEqual(
      expect.objectContaining({
        kind: 'lost',
        message: expect.stringContaining('write a window for what it foresees'),
      }),
    );
  });

  it.each([
    [{ MetricName: 'LoadAverage' }, 'LoadAverage has no counterpart'],
    [{ Expressions: [{}] }, 'several metrics at once'],
    [{ AlarmActions: ['ari:acs:ess:cn-hangzhou:1:scalingrule/asr-gone'] }, 'not among those that were given'],
  ])('are said where they have no counterpart: %j', (change, message) => {
    const { remarks } = alibaba({ alarms: [{ ...alibabaGuide.alarms[0]!, ...change }] });
    expect(remarks).toContainEqual(
      expect.objectContaining({ kind: 'lost', message: expect.stringContaining(message) }),
    );
  });
});

function tencent(change: Partial<TencentAccount>) {
  return fromTencent({ ...tencentGuide, actions: [], alarms: [], ...change }, now)[0]!;
}

describe("Tencent's other policies", () => {
  const [policy] = tencentGuide.policies;
  it('are targets; bandwidth is in bytes a second', () => {
    const { group } = tencent({
      policies: [
        {
          ...policy!,
          ScalingPolicyType: 'TARGET_TRACKING',
          PredefinedMetricType: 'ASG_AVG_LAN_TRAFFIC_IN',
          TargetValue: 8,
          DisableScaleIn: true,
        },
      ],
    });
    expect(group.targets).toEqual([{ metric: 'networkIn', targetValue: 1_000_000, disableScaleIn: true }]);
  });

  it('leave the desired capacity where they are told to', () => {
    const [up, down] = tencentGuide.actions;
    const { group } = tencent({
      actions: [
        { ...up!, DesiredCapacity: 8, DisableUpdateDesiredCapacity: true },
        { ...down!, DisableUpdateDesiredCapacity: true },
      ],
    });
    expect(group.schedules).toEqual({ lunch: { start: '0 11 * * *', end: '0 13 * * *', minSize: 5 } });
  });

  it.each([
    [
      { MetricAlarm: { ...policy!.MetricAlarm!, MetricName: 'TCP_CURR_ESTAB' } },
      'TCP_CURR_ESTAB has no counterpart',
    ],
    [
      { MetricAlarm: { ...policy!.MetricAlarm!, ComparisonOperator: 'EQUAL_TO' } },
      'EQUAL_TO has no counterpart',
    ],
    [{ MetricAlarm: null }, 'no alarm calls it'],
    [{ AdjustmentType: 'SOMETHING' }, 'SOMETHING is not known'],
  ])('are said where they have no counterpart', (change, message) => {
    const { remarks } = tencent({ policies: [{ ...policy!, ...change }] });
    expect(remarks).toContainEqual(
      expect.objectContaining({ kind: 'lost', message: expect.stringContaining(message) }),
    );
  });
});

import type { ScalingPolicy } from '@aws-sdk/client-auto-scaling';
import type { MetricAlarm } from '@aws-sdk/client-cloudwatch';
import { describe, expect, it } from 'vitest';
import { fleetText } from '../../../../cli/take-over/fleet-text.ts';
import { fromAutoScaling } from '../../../../cli/take-over/from-auto-scaling.ts';
import type { NativeGroup } from '../../../../cli/take-over/native-group.ts';
import { swapSteps } from '../../../../cli/take-over/swap-steps.ts';
import { readFleet } from '../../../../shared/fleet/read-fleet.ts';

const now = Date.parse('2026-03-04T00:00:00Z');
const targetGroup = 'arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/web/943f017f100becff';
const balancer = 'arn:aws:elasticloadbalancing:us-east-1:123456789012:loadbalancer/app/web/50dc6c495c0c9188';
const atBalancer = [
  { Name: 'TargetGroup', Value: 'targetgroup/web/943f017f100becff' },
  { Name: 'LoadBalancer', Value: 'app/web/50dc6c495c0c9188' },
];

function native(change: Partial<NativeGroup> = {}, group: Partial<NativeGroup['group']> = {}): NativeGroup {
  return {
    group: {
      AutoScalingGroupName: 'Web_ASG',
      MinSize: 2,
      MaxSize: 10,
      DesiredCapacity: 3,
      DefaultCooldown: 240,
      AvailabilityZones: ['us-east-1a'],
      HealthCheckType: 'EC2',
      CreatedTime: new Date(0),
      ...group,
    },
    scheduledActions: [],
    policies: [],
    alarms: [],
    loadBalancers: {},
    detailedMonitoring: true,
    ...change,
  };
}

/** Taken over, and a valid fleet file. */
function taken(change: Partial<NativeGroup> = {}, group: Partial<NativeGroup['group']> = {}) {
  const one = fromAutoScaling(native(change, group), now);
  readFleet(fleetText({ name: 'taken', groups: [one] }));
  return one;
}

/** Behind the load balancer. */
const lb: [Partial<NativeGroup>, Partial<NativeGroup['group']>] = [
  { loadBalancers: { [targetGroup]: balancer } },
  { TargetGroupARNs: [targetGroup] },
];

const simple: ScalingPolicy = {
  PolicyName: 'more',
  PolicyType: 'SimpleScaling',
  AdjustmentType: 'ChangeInCapacity',
  ScalingAdjustment: 1,
  Alarms: [{ AlarmName: 'high' }],
};
const high: MetricAlarm = {
  AlarmName: 'high',
  Namespace: 'AWS/EC2',
  MetricName: 'CPUUtilization',
  Dimensions: [{ Name: 'AutoScalingGroupName', Value: 'Web_ASG' }],
  Statistic: 'Average',
  Period: 60,
  EvaluationPeriods: 3,
  Threshold: 70,
  ComparisonOperator: 'GreaterThanThreshold',
};

function rule(
  policy: Partial<ScalingPolicy>,
  alarm: Partial<MetricAlarm> = {},
  change: Partial<NativeGroup> = lb[0],
) {
  return taken({ policies: [{ ...simple, ...policy }], alarms: [{ ...high, ...alarm }], ...change }, lb[1]);
}

describe('simple and step policies', () => {
  it.each<[string, Partial<ScalingPolicy>, Partial<MetricAlarm>, object]>([
    [
      'with the cooldown of the group',
      {},
      {},
      { metric: 'cpu', threshold: 70, scalingAdjustment: 1, cooldown: 240 },
    ],
    ['with their own', { Cooldown: 60 }, {}, { cooldown: 60 }],
    [
      'to an exact size',
      { AdjustmentType: 'ExactCapacity', ScalingAdjustment: 4 },
      {},
      { adjustmentType: 'ExactCapacity', scalingAdjustment: 4 },
    ],
    [
      'by percent',
      { AdjustmentType: 'PercentChangeInCapacity', ScalingAdjustment: 20, MinAdjustmentMagnitude: 2 },
      {},
      { adjustmentType: 'PercentChangeInCapacity', minAdjustmentMagnitude: 2 },
    ],
    [
      'in steps, whose cooldown is the warm-up',
      {
        PolicyType: 'StepScaling',
        EstimatedInstanceWarmup: 90,
        StepAdjustments: [{ MetricIntervalLowerBound: 0, ScalingAdjustment: 2 }],
      },
      {},
      { stepAdjustments: [{ metricIntervalLowerBound: 0, scalingAdjustment: 2 }], cooldown: 90 },
    ],
    [
      'on some of the datapoints',
      {},
      { DatapointsToAlarm: 2 },
      { evaluationPeriods: 3, datapointsToAlarm: 2 },
    ],
    [
      'on requests a target, a minute there and a second here',
      {},
      {
        Namespace: 'AWS/ApplicationELB',
        MetricName: 'RequestCountPerTarget',
        Dimensions: atBalancer,
        Statistic: 'Sum',
        Threshold: 6000,
      },
      { metric: 'requestsPerTarget', threshold: 100 },
    ],
    [
      'on all requests, which repeat there',
      {},
      {
        Namespace: 'AWS/ApplicationELB',
        MetricName: 'RequestCount',
        Dimensions: atBalancer,
        Statistic: 'Sum',
        Threshold: 24_000,
      },
      { metric: 'requestsPerSecond', threshold: 400, repeat: true },
    ],
    [
      'on response times',
      {},
      {
        Namespace: 'AWS/ApplicationELB',
        MetricName: 'TargetResponseTime',
        Dimensions: atBalancer,
        Threshold: 0.5,
      },
      { metric: 'responseTime', statistic: 'Average', threshold: 0.5 },
    ],
    [
      'on network traffic',
      {},
      { MetricName: 'NetworkIn', Threshold: 60_000_000 },
      { metric: 'networkIn', threshold: 1_000_000 },
    ],
    [
      'on memory, as the agent measures it',
      {},
      { Namespace: 'CWAgent', MetricName: 'mem_used_percent' },
      { metric: 'memory' },
    ],
    [
      'on a metric of their own',
      {},
      {
        Namespace: 'Shop',
        MetricName: 'Queue',
        Dimensions: [{ Name: 'Service', Value: 'orders' }],
        Statistic: undefined as never,
        ExtendedStatistic: 'p90',
      },
      {
        metric: {
          namespace: 'Shop',
          metricName: 'Queue',
          dimensions: { Service: 'orders' },
          statistic: 'p90',
        },
      },
    ],
    [
      'on a queue, which no server empties by joining',
      {},
      {
        Namespace: 'AWS/SQS',
        MetricName: 'ApproximateNumberOfMessagesVisible',
        Dimensions: [{ Name: 'QueueName', Value: 'jobs' }],
      },
      {
        metric: {
          namespace: 'AWS/SQS',
          metricName: 'ApproximateNumberOfMessagesVisible',
          dimensions: { QueueName: 'jobs' },
          perServer: false,
        },
        repeat: true,
      },
    ],
    [
      'on the CPU of another group, which is no name here',
      {},
      { Dimensions: [{ Name: 'AutoScalingGroupName', Value: 'other' }] },
      {
        metric: {
          namespace: 'AWS/EC2',
          metricName: 'CPUUtilization',
          dimensions: { AutoScalingGroupName: 'other' },
        },
      },
    ],
    [
      'with missing data as it is',
      {},
      { TreatMissingData: 'notBreaching' },
      { treatMissingData: 'notBreaching' },
    ],
  ])('become rules: %s', (_, policy, alarm, lines) => {
    expect(rule(policy, alarm).group.alarms).toMatchObject({ more: lines });
  });

  it('one for each alarm that calls them', () => {
    const { group } = taken({
      policies: [{ ...simple, Alarms: [{ AlarmName: 'high' }, { AlarmName: 'higher' }] }],
      alarms: [high, { ...high, AlarmName: 'higher', Threshold: 90 }],
    });
    expect(Object.keys(group.alarms!)).toEqual(['high', 'higher']);
  });

  it.each<[string, Partial<ScalingPolicy>, Partial<MetricAlarm>, string]>([
    ['without an alarm', { Alarms: [] }, {}, 'no alarm calls it'],
    ['whose alarm is gone', {}, { AlarmName: 'another' }, 'its alarm high is gone'],
    [
      'on an expression',
      {},
      { Metrics: [{ Id: 'm1', Expression: 'a/b' }] },
      'computes its metric by an expression',
    ],
    ['on a band', {}, { ComparisonOperator: 'GreaterThanUpperThreshold' }, 'compares with a band'],
    ['that are switched off', { Enabled: false }, {}, 'it is switched off'],
  ])('are said where they cannot be carried over: %s', (_, policy, alarm, message) => {
    const { group, remarks } = rule(policy, alarm);
    expect(group.alarms).toBeUndefined();
    expect(remarks).toContainEqual(
      expect.objectContaining({ kind: 'lost', message: expect.stringContaining(message) }),
    );
  });

  it('never scale in on silence, and say so', () => {
    const { group, remarks } = rule(
      { ScalingAdjustment: -1 },
      { ComparisonOperator: 'LessThanThreshold', Threshold: 20, TreatMissingData: 'breaching' },
    );
    expect(group.alarms!['more']).not.toHaveProperty('treatMissingData');
    expect(remarks).toContainEqual(
      expect.objectContaining({ kind: 'differs', message: expect.stringContaining('silence never does') }),
    );
  });
});

const tracking = (
  TargetTrackingConfiguration: ScalingPolicy['TargetTrackingConfiguration'],
  more: Partial<ScalingPolicy> = {},
): ScalingPolicy => ({
  PolicyName: 'track',
  PolicyType: 'TargetTrackingScaling',
  TargetTrackingConfiguration,
  ...more,
});
const predefined = (PredefinedMetricType: string, TargetValue: number) =>
  ({
    PredefinedMetricSpecification: { PredefinedMetricType: PredefinedMetricType as never },
    TargetValue,
  }) as const;

describe('target tracking', () => {
  it.each([
    ['CPU', predefined('ASGAverageCPUUtilization', 60), [{ metric: 'cpu', targetValue: 60 }]],
    [
      'requests a minute',
      predefined('ALBRequestCountPerTarget', 3000),
      [{ metric: 'requestsPerTarget', targetValue: 50 }],
    ],
    [
      'network traffic',
      predefined('ASGAverageNetworkOut', 6_000_000),
      [{ metric: 'networkOut', targetValue: 100_000 }],
    ],
    [
      'out only',
      { ...predefined('ASGAverageCPUUtilization', 60), DisableScaleIn: true },
      [{ metric: 'cpu', targetValue: 60, disableScaleIn: true }],
    ],
    [
      'a metric of its own, one per server',
      {
        CustomizedMetricSpecification: {
          Namespace: 'Shop',
          MetricName: 'Backlog',
          Statistic: 'Sum' as const,
        },
        TargetValue: 10,
      },
      [{ metric: { namespace: 'Shop', metricName: 'Backlog', statistic: 'Sum' }, targetValue: 10 }],
    ],
  ])('becomes a target: %s', (_, configuration, targets) => {
    const { group } = taken(
      { policies: [tracking(configuration, { EstimatedInstanceWarmup: 180 })], ...lb[0] },
      lb[1],
    );
    expect(group).toMatchObject({
      targets,
      defaultInstanceWarmup: 180,
      behavior: { scaleDown: { stabilizationWindowSeconds: 900 } },
    });
  });

  it('keeps the lower of two targets for one metric', () => {
    const policies = [70, 60].map((target) => tracking(predefined('ASGAverageCPUUtilization', target)));
    const { group, remarks } = taken({ policies });
    expect(group.targets).toEqual([{ metric: 'cpu', targetValue: 60 }]);
    expect(remarks).toContainEqual(
      expect.objectContaining({
        kind: 'differs',
        message: expect.stringContaining('the lower target is kept'),
      }),
    );
  });

  it.each([
    ['an expression', { CustomizedMetricSpecification: { Metrics: [] }, TargetValue: 1 }, 'by an expression'],
    [
      'requests without a load balancer',
      predefined('ALBRequestCountPerTarget', 1),
      'no application load balancer',
    ],
    ['what is not known', predefined('SomethingNew', 1), 'SomethingNew is not known'],
  ])('is said where it cannot be carried over: %s', (_, configuration, message) => {
    const { group, remarks } = taken({ policies: [tracking(configuration)] });
    expect(group.targets).toBeUndefined();
    expect(remarks).toContainEqual(
      expect.objectContaining({ kind: 'lost', message: expect.stringContaining(message) }),
    );
  });
});

describe('predictive scaling', () => {
  const predictive = (Mode: 'ForecastAndScale' | 'ForecastOnly', more: object = {}): ScalingPolicy => ({
    PolicyName: 'ahead',
    PolicyType: 'PredictiveScaling',
    PredictiveScalingConfiguration: {
      Mode,
      MetricSpecifications: [
        { TargetValue: 60, PredefinedMetricPairSpecification: { PredefinedMetricType: 'ASGCPUUtilization' } },
      ],
      ...more,
    },
  });

  it('becomes a forecast where it scales', () => {
    const { group, remarks } = taken({
      policies: [predictive('ForecastAndScale', { MaxCapacityBreachBehavior: 'IncreaseMaxCapacity' })],
    });
    expect(group['forecast']).toEqual({ metric: 'cpu', targetValue: 60 });
    expect(remarks).toContainEqual(
      expect.objectContaining({ kind: 'lost', message: expect.stringContaining('above the maximum') }),
    );
  });

  it('is said where it only forecasts', () => {
    const { group, remarks } = taken({ policies: [predictive('ForecastOnly')] });
    expect(group['forecast']).toBeUndefined();
    expect(remarks).toContainEqual(
      expect.objectContaining({ kind: 'lost', subject: 'scaling policy ahead' }),
    );
  });
});

describe('what a group has besides', () => {
  it('is carried over: balancer, grace period, warm-up, monitoring, protected servers', () => {
    const Instances = [
      { InstanceId: 'i-0a5e551041adde001', ProtectedFromScaleIn: true, LifecycleState: 'InService' },
      { InstanceId: 'i-0a5e551041adde002', ProtectedFromScaleIn: false, LifecycleState: 'Standby' },
    ] as never;
    const { key, group, remarks } = taken(
      { loadBalancers: { [targetGroup]: balancer }, detailedMonitoring: false },
      { TargetGroupARNs: [targetGroup], HealthCheckGracePeriod: 120, DefaultInstanceWarmup: 90, Instances },
    );
    expect(key).toBe('web-asg');
    expect(group).toEqual({
      existing: 'Web_ASG',
      mode: 'observe',
      minSize: 2,
      maxSize: 10,
      detailedMonitoring: false,
      loadBalancer: { loadBalancerArn: balancer, targetGroupArns: [targetGroup] },
      healthCheckGracePeriod: 120,
      defaultInstanceWarmup: 90,
      instances: ['i-0a5e551041adde001'],
    });
    expect(remarks).toEqual([
      expect.objectContaining({ subject: 'standby', message: expect.stringContaining('1 of its servers') }),
    ]);
  });

  it.each<[string, Partial<NativeGroup['group']>, string, string]>([
    [
      'a classic load balancer',
      { LoadBalancerNames: ['old'] },
      'load balancer',
      'classic load balancers (old)',
    ],
    [
      'VPC Lattice',
      { TrafficSources: [{ Identifier: 'x', Type: 'vpc-lattice' }] },
      'load balancer',
      'VPC Lattice',
    ],
    [
      'protection of whatever is launched',
      { NewInstancesProtectedFromScaleIn: true },
      'protection',
      'nothing ever takes one',
    ],
    ['a warm pool', { WarmPoolConfiguration: { MinSize: 1 } }, 'warm pool', 'it stays'],
    [
      'suspended processes',
      { SuspendedProcesses: [{ ProcessName: 'AlarmNotification' }] },
      'processes',
      'AlarmNotification is suspended',
    ],
  ])('is said: %s', (_, group, subject, message) => {
    expect(taken({}, group).remarks).toContainEqual(
      expect.objectContaining({ subject, message: expect.stringContaining(message) }),
    );
  });

  it('has actions that come once at an instant, whatever the clock of the others', () => {
    const once = (name: string, at: string, MinSize: number, DesiredCapacity: number) => ({
      ScheduledActionName: name,
      StartTime: new Date(at),
      MinSize,
      DesiredCapacity,
    });
    const { group, timeZone, remarks } = taken({
      scheduledActions: [
        {
          ScheduledActionName: 'lunch',
          Recurrence: '0 11 * * *',
          TimeZone: 'Asia/Shanghai',
          MinSize: 5,
          EndTime: new Date('2026-12-31T00:00:00Z'),
        },
        {
          ScheduledActionName: 'after',
          Recurrence: '0 13 * * *',
          TimeZone: 'Asia/Shanghai',
          MinSize: 2,
          DesiredCapacity: 2,
        },
        once('sale', '2026-11-10T15:30:00Z', 8, 8),
        once('over', '2026-11-10T18:00:00Z', 2, 2),
      ],
    });
    expect(timeZone).toBe('Asia/Shanghai');
    expect(group.schedules).toMatchObject({
      lunch: { start: '0 11 * * *', end: '0 13 * * *', minSize: 5 },
      sale: { start: '2026-11-10T23:30:00', end: '2026-11-11T02:00:00', minSize: 8 },
    });
    expect(remarks).toContainEqual(
      expect.objectContaining({
        subject: 'scheduled action lunch',
        message: expect.stringContaining('it ends at 2026-12-31'),
      }),
    );
  });
});

describe('the steps to swap', () => {
  it('put the rules to sleep before they are deleted, with names as a shell takes them', () => {
    const steps = swapSteps([
      native({
        policies: [{ PolicyName: "Bob's policy" }],
        scheduledActions: [{ ScheduledActionName: 'lunch' }],
      }),
    ]);
    const [sleeps, deletes] = ['suspend-processes', 'delete-policy'].map((word) =>
      steps.findIndex((step) => step.includes(word)),
    );
    expect(sleeps).toBeGreaterThan(0);
    expect(deletes).toBeGreaterThan(sleeps!);
    expect(steps[deletes!]).toContain(`--policy-name 'Bob'\\''s policy'`);
    expect(steps.at(-1)).toContain('--scheduled-action-name lunch');
  });
});

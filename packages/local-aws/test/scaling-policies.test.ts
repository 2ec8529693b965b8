import { beforeEach, expect, it } from 'vitest';
import { FleetCloud } from './fleet-cloud.ts';
import { SteadyWorld } from './steady-world.ts';

let cloud: FleetCloud;
beforeEach(async () => {
  cloud = new FleetCloud(new SteadyWorld());
  await cloud.group({ MinSize: 1, DesiredCapacity: 2, MaxSize: 20, DefaultCooldown: 300 });
  await cloud.pass(600);
});

const AutoScalingGroupName = 'business';
const desired = async () => (await cloud.describe()).DesiredCapacity;

/** A policy, and an alarm that stays in ALARM: servers in this world use 40 % of their CPU. */
async function policyWithAlarm(policy: object, threshold = 30) {
  const { PolicyARN } = await cloud.call('autoscaling', 'PutScalingPolicy', {
    AutoScalingGroupName,
    PolicyName: 'busy',
    AdjustmentType: 'ChangeInCapacity',
    ...policy,
  });
  await cloud.call('monitoring', 'PutMetricAlarm', {
    AlarmName: 'business-busy',
    Namespace: 'AWS/EC2',
    MetricName: 'CPUUtilization',
    Dimensions: [{ Name: 'AutoScalingGroupName', Value: 'business' }],
    Statistic: 'Average',
    Period: 60,
    EvaluationPeriods: 2,
    Threshold: threshold,
    ComparisonOperator: 'GreaterThanThreshold',
    AlarmActions: [PolicyARN],
  });
}

const execute = (input: object = {}) =>
  cloud.call('autoscaling', 'ExecutePolicy', { AutoScalingGroupName, PolicyName: 'busy', ...input });

it('repeats a simple policy while its alarm stays in ALARM, after the cooldown', async () => {
  await policyWithAlarm({ PolicyType: 'SimpleScaling', ScalingAdjustment: 1, Cooldown: 300 });
  await cloud.pass(240);
  expect(await desired()).toBe(3);
  await cloud.pass(420);
  expect(await desired()).toBe(4);
  const causes = (await cloud.activities()).map(({ Cause }) => Cause).join('\n');
  expect(causes).toContain(
    'a monitor alarm business-busy in state ALARM triggered policy busy changing the desired capacity from 2 to 3.',
  );
});

it('takes the step that the metric has reached, and counts what is warming up', async () => {
  const StepAdjustments = [
    { MetricIntervalLowerBound: 0, MetricIntervalUpperBound: 5, ScalingAdjustment: 1 },
    { MetricIntervalLowerBound: 5, ScalingAdjustment: 3 },
  ];
  await policyWithAlarm({ PolicyType: 'StepScaling', StepAdjustments, EstimatedInstanceWarmup: 600 });
  await cloud.pass(480);
  expect(await desired()).toBe(5);
  await cloud.pass(600);
  expect(await desired()).toBe(8);
});

it('leaves the group alone while AlarmNotification is suspended, and goes on afterwards', async () => {
  const processes = { AutoScalingGroupName, ScalingProcesses: ['AlarmNotification'] };
  await cloud.call('autoscaling', 'SuspendProcesses', processes);
  await policyWithAlarm({ PolicyType: 'SimpleScaling', ScalingAdjustment: 1 });
  await cloud.pass(600);
  expect(await desired()).toBe(2);
  await cloud.call('autoscaling', 'ResumeProcesses', processes);
  await cloud.pass(120);
  expect(await desired()).toBe(3);
});

it('rounds a percentage as AWS does, and changes by at least the magnitude that was asked for', async () => {
  const percent = { PolicyType: 'SimpleScaling', AdjustmentType: 'PercentChangeInCapacity' };
  await policyWithAlarm({ ...percent, ScalingAdjustment: 10 }, 99);
  await execute();
  expect(await desired()).toBe(3);
  await policyWithAlarm({ ...percent, ScalingAdjustment: 10, MinAdjustmentMagnitude: 2 }, 99);
  await execute();
  expect(await desired()).toBe(5);
  await policyWithAlarm({ ...percent, ScalingAdjustment: -50 }, 99);
  await execute();
  expect(await desired()).toBe(3);
});

it('refuses a simple policy within the cooldown only where that is asked for', async () => {
  await policyWithAlarm({ PolicyType: 'SimpleScaling', ScalingAdjustment: 1, Cooldown: 3600 }, 99);
  await expect(execute({ HonorCooldown: true })).rejects.toMatchObject({ code: 'ScalingActivityInProgress' });
  await execute();
  expect(await desired()).toBe(3);
});

it('does nothing for a policy that is switched off', async () => {
  await policyWithAlarm({ PolicyType: 'SimpleScaling', ScalingAdjustment: 1, Enabled: false });
  await cloud.pass(600);
  expect(await desired()).toBe(2);
});

const tracking = (TargetValue: number, more: object = {}) =>
  cloud.call('autoscaling', 'PutScalingPolicy', {
    AutoScalingGroupName,
    PolicyName: 'track',
    PolicyType: 'TargetTrackingScaling',
    TargetTrackingConfiguration: {
      PredefinedMetricSpecification: { PredefinedMetricType: 'ASGAverageCPUUtilization' },
      TargetValue,
      ...more,
    },
  });

const policiesOf = async () =>
  (await cloud.call('autoscaling', 'DescribePolicies', { AutoScalingGroupName })).ScalingPolicies;

it('tracks a target with two alarms of its own, which go with the policy', async () => {
  await tracking(25);
  const [{ Alarms }] = await policiesOf();
  const names: string[] = Alarms.map(({ AlarmName }: { AlarmName: string }) => AlarmName);
  expect(names.map((name) => name.replace(/-[0-9a-f-]{36}$/, '')).sort()).toEqual([
    'TargetTracking-business-AlarmHigh',
    'TargetTracking-business-AlarmLow',
  ]);
  const { MetricAlarms } = await cloud.call('monitoring', 'DescribeAlarms', { AlarmNames: names });
  expect(MetricAlarms.map(({ Threshold }: { Threshold: number }) => Threshold).sort()).toEqual([22.5, 25]);
  // Servers in this world use 40 % of their CPU, however many they are.
  await cloud.pass(300);
  expect(await desired()).toBe(4);
  await cloud.call('autoscaling', 'DeletePolicy', { AutoScalingGroupName, PolicyName: 'track' });
  expect((await cloud.call('monitoring', 'DescribeAlarms', {})).MetricAlarms).toEqual([]);
});

it('scales in by a target after fifteen minutes, and only where every target agrees', async () => {
  await cloud.call('autoscaling', 'SetDesiredCapacity', { AutoScalingGroupName, DesiredCapacity: 4 });
  // Ten minutes are measured already.
  await tracking(80);
  await cloud.pass(3 * 60);
  expect(await desired()).toBe(4);
  await cloud.pass(6 * 60);
  expect(await desired()).toBeLessThan(4);
  await cloud.call('autoscaling', 'SetDesiredCapacity', { AutoScalingGroupName, DesiredCapacity: 4 });
  const TargetTrackingConfiguration = {
    CustomizedMetricSpecification: { Namespace: 'Shop', MetricName: 'Nobody', Statistic: 'Average' },
    TargetValue: 5,
  };
  await cloud.call('autoscaling', 'PutScalingPolicy', {
    AutoScalingGroupName,
    PolicyName: 'silent',
    PolicyType: 'TargetTrackingScaling',
    TargetTrackingConfiguration,
  });
  await cloud.pass(40 * 60);
  expect(await desired()).toBe(4);
});

it('never scales in by a target that only scales out', async () => {
  await tracking(80, { DisableScaleIn: true });
  expect((await policiesOf())[0].Alarms).toHaveLength(1);
  await cloud.pass(40 * 60);
  expect(await desired()).toBe(2);
});

it('lists with every policy the alarms that name it', async () => {
  await policyWithAlarm({ PolicyType: 'SimpleScaling', ScalingAdjustment: 1 }, 99);
  const [{ Alarms }] = await policiesOf();
  expect(Alarms).toEqual([
    { AlarmName: 'business-busy', AlarmARN: expect.stringContaining(':alarm:business-busy') },
  ]);
});

it('refuses policies that lack what their type goes by', async () => {
  for (const PolicyType of ['TargetTrackingScaling', 'PredictiveScaling'])
    await expect(
      cloud.call('autoscaling', 'PutScalingPolicy', { AutoScalingGroupName, PolicyName: 'none', PolicyType }),
    ).rejects.toMatchObject({ code: 'ValidationError' });
});

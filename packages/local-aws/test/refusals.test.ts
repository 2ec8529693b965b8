import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Principal } from '../src/service.ts';
import { wholeCloud } from '../src/whole-cloud.ts';
import { SteadyWorld } from './steady-world.ts';

const start = Date.parse('2026-03-04T10:00:00Z');
const owner: Principal = { kind: 'owner', arn: 'arn:aws:iam::000000000000:user/owner' };
const { cloud, fleet } = wholeCloud({ start, seed: 7 }, new SteadyWorld());
const image = 'ami-0123456789abcdef0';
fleet.ec2.images.seed(image, 'fleet', 'arm64', start);
const call = (service: string, operation: string, input: object) =>
  cloud.call(service, operation, input, owner);

afterAll(() => cloud.close());

beforeAll(async () => {
  await call('ec2', 'CreateLaunchTemplate', {
    LaunchTemplateName: 'fleet',
    LaunchTemplateData: { ImageId: image, InstanceType: 'c7g.large' },
  });
  await call('autoscaling', 'CreateAutoScalingGroup', {
    AutoScalingGroupName: 'web',
    MinSize: 0,
    MaxSize: 2,
    AvailabilityZones: ['us-east-1a'],
    LaunchTemplate: { LaunchTemplateName: 'fleet' },
  });
  await call('monitoring', 'PutMetricAlarm', {
    AlarmName: 'busy',
    Namespace: 'AWS/EC2',
    MetricName: 'CPUUtilization',
    Statistic: 'Average',
    Period: 60,
    EvaluationPeriods: 1,
    Threshold: 70,
    ComparisonOperator: 'GreaterThanThreshold',
  });
});

const schedule = {
  Name: 's',
  ScheduleExpression: 'rate(1 minutes)',
  FlexibleTimeWindow: { Mode: 'OFF' },
  Target: { Arn: 'arn:aws:sqs:us-east-1:000000000000:q', RoleArn: 'arn:aws:iam::000000000000:role/r' },
};
const group = { AutoScalingGroupName: 'web' };
const hour = { StartTime: new Date(start - 3_600_000), EndTime: new Date(start) };
const metric = { Namespace: 'Own', MetricName: 'load', Period: 60, Statistics: ['Sum'] };
const datum = { MetricName: 'load', Value: 1 };
const targetGroup = { Name: 't', Port: 80, VpcId: 'vpc-1' };
const template = JSON.stringify({ Resources: { A: { Type: 'AWS::SNS::Topic' } } });

describe('what AWS refuses, the local cloud refuses', () => {
  it.each([
    [
      'monitoring',
      'SetAlarmState',
      { AlarmName: 'busy', StateValue: 'RED', StateReason: 'x' },
      /'stateValue'/,
    ],
    ['monitoring', 'DescribeAlarms', { StateValue: 'RED' }, /enum value set/],
    ['monitoring', 'DescribeAlarms', { AlarmNames: ['busy'], AlarmNamePrefix: 'b' }, /together/],
    ['monitoring', 'PutMetricData', { Namespace: 'AWS/EC2', MetricData: [datum] }, /AWS\/EC2.*is invalid/],
    ['monitoring', 'PutMetricData', { Namespace: 'Own', MetricData: [{ ...datum, Unit: 'Feet' }] }, /'Feet'/],
    [
      'monitoring',
      'GetMetricStatistics',
      { ...metric, StartTime: hour.EndTime, EndTime: hour.StartTime },
      /must be less than/,
    ],
    ['lambda', 'Invoke', { FunctionName: 'nobody', InvocationType: 'Later' }, /'invocationType'/],
    ['scheduler', 'CreateSchedule', { ...schedule, Name: 'two words' }, /'name'/],
    ['scheduler', 'CreateSchedule', { ...schedule, State: 'ON' }, /'state'/],
    [
      'scheduler',
      'CreateSchedule',
      { ...schedule, FlexibleTimeWindow: { Mode: 'ON' } },
      /'flexibleTimeWindow.mode'/,
    ],
    ['events', 'PutRule', { Name: 'r', EventPattern: '{"a":[{"wildcard":"b**c"}]}' }, /Consecutive wildcard/],
    ['events', 'PutRule', { Name: 'r', EventPattern: '{"a":[{"wildcard":"b\\\\c"}]}' }, /Invalid escape/],
    [
      'events',
      'TestEventPattern',
      { EventPattern: '{"source":["a"]}', Event: '{"source":"a"}' },
      /id is missing/,
    ],
    ['events', 'PutRule', { Name: 'two words', ScheduleExpression: 'rate(5 minutes)' }, /'name'/],
    ['events', 'PutRule', { Name: 'r', ScheduleExpression: 'rate(1 minutes)' }, /not valid/],
    ['events', 'PutRule', { Name: 'r', ScheduleExpression: 'rate(5 minute)' }, /not valid/],
    ['events', 'PutRule', { Name: 'r', ScheduleExpression: 'rate(1 hour)', State: 'ON' }, /'state'/],
    ['elasticloadbalancing', 'CreateTargetGroup', { ...targetGroup, Protocol: 'SMOKE' }, /'protocol'/],
    [
      'autoscaling',
      'PutScheduledUpdateGroupAction',
      { ...group, ScheduledActionName: 'a', Recurrence: 'at noon', DesiredCapacity: 1 },
      /recurrence string: at noon is invalid/,
    ],
    [
      'autoscaling',
      'PutScalingPolicy',
      { ...group, PolicyName: 'p', AdjustmentType: 'Some', ScalingAdjustment: 1 },
      /AdjustmentType must be one of/,
    ],
    ['cloudformation', 'CreateStack', { StackName: '9lives', TemplateBody: template }, /'stackName'/],
    ['s3', 'CreateBucket', { Bucket: 'My_Bucket' }, /not valid/],
    ['ec2', 'DescribeInstances', { InstanceIds: ['i-nope'] }, /Invalid id: "i-nope"/],
    ['ec2', 'DescribeInstances', { InstanceIds: ['i-0123456789abcdef0'] }, /does not exist/],
  ])('%s %s %j', async (service, operation, input, message) => {
    await expect(call(service, operation, input)).rejects.toThrow(message);
  });

  it('leaves an alarm as it was that was given a state that does not exist', async () => {
    const { MetricAlarms } = await call('monitoring', 'DescribeAlarms', {});
    expect(MetricAlarms[0]).toMatchObject({ AlarmName: 'busy', StateValue: 'INSUFFICIENT_DATA' });
  });

  it('answers a dry run of EC2 that it would have succeeded, and does nothing', async () => {
    const input = { ImageId: image, InstanceType: 'c7g.large', MinCount: 1, MaxCount: 1, DryRun: true };
    await expect(call('ec2', 'RunInstances', input)).rejects.toMatchObject({
      code: 'DryRunOperation',
      status: 412,
    });
    expect((await call('ec2', 'DescribeInstances', {})).Reservations).toEqual([]);
  });
});

describe('metric statistics', () => {
  it('count their periods from the minute that was asked for, and say the unit', async () => {
    const at = (minutes: number) => new Date(start - 30 * 60_000 + minutes * 60_000);
    const data = [0, 4, 5, 9].map((minute) => ({ ...datum, Unit: 'Count', Timestamp: at(minute), Value: 1 }));
    await call('monitoring', 'PutMetricData', { Namespace: 'Own', MetricData: data });
    const asked = { ...metric, Period: 300, StartTime: new Date(at(-1).getTime() + 30_000), EndTime: at(10) };
    const { Datapoints } = await call('monitoring', 'GetMetricStatistics', asked);
    expect(Datapoints).toEqual([
      { Timestamp: at(-1), Sum: 1, Unit: 'Count' },
      { Timestamp: at(4), Sum: 2, Unit: 'Count' },
      { Timestamp: at(9), Sum: 1, Unit: 'Count' },
    ]);
    expect((await call('monitoring', 'GetMetricStatistics', { ...asked, Unit: 'Bytes' })).Datapoints).toEqual(
      [],
    );
  });
});

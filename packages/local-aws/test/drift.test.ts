import { beforeEach, describe, expect, it } from 'vitest';
import type { Principal } from '../src/service.ts';
import { wholeCloud } from '../src/whole-cloud.ts';
import { image, startMs } from './fleet-cloud.ts';
import { SteadyWorld } from './steady-world.ts';

const owner: Principal = { kind: 'owner', arn: 'arn:aws:iam::000000000000:root' };
const zones = ['us-east-1a', 'us-east-1b'];
const template = {
  Resources: {
    Template: {
      Type: 'AWS::EC2::LaunchTemplate',
      Properties: { LaunchTemplateData: { ImageId: image, InstanceType: 'c7g.large' } },
    },
    Group: {
      Type: 'AWS::AutoScaling::AutoScalingGroup',
      Properties: {
        AutoScalingGroupName: 'business',
        MinSize: '0',
        MaxSize: '4',
        AvailabilityZones: zones,
        LaunchTemplate: {
          LaunchTemplateId: { Ref: 'Template' },
          Version: { 'Fn::GetAtt': ['Template', 'LatestVersionNumber'] },
        },
      },
    },
    Alarm: {
      Type: 'AWS::CloudWatch::Alarm',
      Properties: {
        AlarmName: 'busy',
        Namespace: 'Fleet',
        MetricName: 'Load',
        Statistic: 'Average',
        Period: 60,
        EvaluationPeriods: 2,
        Threshold: 80,
        Tags: [{ Key: 'team', Value: 'web' }],
        ComparisonOperator: 'GreaterThanThreshold',
        OKActions: ['arn:aws:sns:us-east-1:000000000000:ops'],
      },
    },
    Log: { Type: 'AWS::Logs::LogGroup', Properties: { LogGroupName: 'log', RetentionInDays: 7 } },
  },
};

let cloud: ReturnType<typeof wholeCloud>;
// biome-ignore lint/suspicious/noExplicitAny: tests look into outputs of every operation.
const call = (operation: string, input: object, service = 'cloudformation'): Promise<any> =>
  cloud.cloud.call(service, operation, input, owner);
const pass = (seconds: number) =>
  cloud.cloud.eventQueue.runUntil(cloud.cloud.eventQueue.now() + seconds * 1000);

beforeEach(async () => {
  cloud = wholeCloud({ start: startMs, seed: 7 }, new SteadyWorld());
  cloud.fleet.ec2.images.seed(image, 'fleet', 'arm64', startMs);
  await call('CreateStack', { StackName: 'fleet', TemplateBody: JSON.stringify(template) });
  for (let step = 0; step < 6; step++) await pass(10);
});

const stack = async () => (await call('DescribeStacks', { StackName: 'fleet' })).Stacks[0];

/** Detects the whole stack's drift. @returns the status of the detection when it has ended */
async function detect(more: object = {}) {
  const { StackDriftDetectionId } = await call('DetectStackDrift', { StackName: 'fleet', ...more });
  const status = () => call('DescribeStackDriftDetectionStatus', { StackDriftDetectionId });
  expect(await status()).toMatchObject({ DetectionStatus: 'DETECTION_IN_PROGRESS' });
  await pass(10);
  return status();
}

async function drifts(more: object = {}): Promise<Record<string, Record<string, unknown>>> {
  const { StackResourceDrifts } = await call('DescribeStackResourceDrifts', { StackName: 'fleet', ...more });
  return Object.fromEntries(
    StackResourceDrifts.map((one: { LogicalResourceId: string }) => [one.LogicalResourceId, one]),
  );
}

const changeGroup = () =>
  call('UpdateAutoScalingGroup', { AutoScalingGroupName: 'business', MaxSize: 9 }, 'autoscaling');

describe('the drift of a stack', () => {
  it('is not checked until somebody asks, and then in sync when nobody has touched anything', async () => {
    expect((await stack()).StackStatus).toBe('CREATE_COMPLETE');
    expect((await stack()).DriftInformation).toEqual({ StackDriftStatus: 'NOT_CHECKED' });
    expect(await drifts()).toEqual({});
    expect(await detect()).toMatchObject({
      DetectionStatus: 'DETECTION_COMPLETE',
      StackDriftStatus: 'IN_SYNC',
      DriftedStackResourceCount: 0,
    });
    const found = await drifts();
    expect(Object.values(found).map((one) => one['StackResourceDriftStatus'])).toEqual([
      'IN_SYNC',
      'IN_SYNC',
      'IN_SYNC',
    ]);
    expect(found['Alarm']!['PropertyDifferences']).toBeUndefined();
    expect((await stack()).DriftInformation).toEqual({
      StackDriftStatus: 'IN_SYNC',
      LastCheckTimestamp: expect.any(Date),
    });
  });

  it('names what was changed by hand, what was added and taken away, and what is gone', async () => {
    await changeGroup();
    const [alarm] = (await call('DescribeAlarms', {}, 'monitoring')).MetricAlarms;
    await call(
      'PutMetricAlarm',
      { ...alarm, Threshold: 95, OKActions: ['arn:aws:sns:us-east-1:000000000000:me'] },
      'monitoring',
    );
    await call('DeleteLogGroup', { logGroupName: 'log' }, 'logs');
    expect(await detect()).toMatchObject({ StackDriftStatus: 'DRIFTED', DriftedStackResourceCount: 3 });
    const { Group, Alarm, Log } = await drifts();
    expect(Group).toMatchObject({
      StackResourceDriftStatus: 'MODIFIED',
      PropertyDifferences: [
        { PropertyPath: '/MaxSize', ExpectedValue: '4', ActualValue: '9', DifferenceType: 'NOT_EQUAL' },
      ],
    });
    expect(JSON.parse(Group!['ActualProperties'] as string)).toMatchObject({ MinSize: 0, MaxSize: 9 });
    const arn = 'arn:aws:sns:us-east-1:000000000000';
    expect(Alarm!['PropertyDifferences']).toEqual([
      { PropertyPath: '/Threshold', ExpectedValue: '80', ActualValue: '95', DifferenceType: 'NOT_EQUAL' },
      {
        PropertyPath: '/OKActions/0',
        ExpectedValue: `${arn}:ops`,
        ActualValue: 'null',
        DifferenceType: 'REMOVE',
      },
      {
        PropertyPath: '/OKActions/0',
        ExpectedValue: 'null',
        ActualValue: `${arn}:me`,
        DifferenceType: 'ADD',
      },
    ]);
    expect(Log!['StackResourceDriftStatus']).toBe('DELETED');
    expect(Log!['ExpectedProperties']).toBeUndefined();
    expect(Object.keys(await drifts({ StackResourceDriftStatusFilters: ['DELETED'] }))).toEqual(['Log']);
    expect((await stack()).DriftInformation.StackDriftStatus).toBe('DRIFTED');
  });

  it('does not look at what the template leaves open', async () => {
    await call('SetDesiredCapacity', { AutoScalingGroupName: 'business', DesiredCapacity: 2 }, 'autoscaling');
    expect(await detect()).toMatchObject({ StackDriftStatus: 'IN_SYNC' });
  });

  it('does not tell of a type that nobody compares', async () => {
    await detect();
    expect(Object.keys(await drifts())).not.toContain('Template');
    const { StackResourceSummaries } = await call('ListStackResources', { StackName: 'fleet' });
    const status = Object.fromEntries(
      StackResourceSummaries.map(
        (one: { LogicalResourceId: string; DriftInformation: { StackResourceDriftStatus: string } }) => [
          one.LogicalResourceId,
          one.DriftInformation.StackResourceDriftStatus,
        ],
      ),
    );
    expect(status).toMatchObject({ Template: 'NOT_CHECKED', Group: 'IN_SYNC' });
    await expect(
      call('DetectStackResourceDrift', { StackName: 'fleet', LogicalResourceId: 'Template' }),
    ).rejects.toMatchObject({ code: 'ValidationError' });
  });

  it('is that of the resources that were named, when some were', async () => {
    await changeGroup();
    expect(await detect({ LogicalResourceIds: ['Alarm'] })).toMatchObject({ StackDriftStatus: 'IN_SYNC' });
    expect(Object.keys(await drifts())).toEqual(['Alarm']);
    const { StackResourceDrift } = await call('DetectStackResourceDrift', {
      StackName: 'fleet',
      LogicalResourceId: 'Group',
    });
    expect(StackResourceDrift.StackResourceDriftStatus).toBe('MODIFIED');
    expect((await stack()).DriftInformation.StackDriftStatus).toBe('DRIFTED');
    await expect(detect({ LogicalResourceIds: ['Nobody'] })).rejects.toThrow('Nobody does not exist');
  });

  it('is looked for once at a time, and not while the stack is changed', async () => {
    await call('DetectStackDrift', { StackName: 'fleet' });
    await expect(call('DetectStackDrift', { StackName: 'fleet' })).rejects.toThrow('already in progress');
    await pass(10);
    await call('DeleteStack', { StackName: 'fleet' });
    await expect(call('DetectStackDrift', { StackName: 'fleet' })).rejects.toThrow('DELETE_IN_PROGRESS');
  });

  it('is unknown, and its detection failed, when what the template refers to cannot be read any more', async () => {
    await call('PutParameter', { Name: '/name', Value: 'other', Type: 'String' }, 'ssm');
    const Other = { Type: 'AWS::Logs::LogGroup', Properties: { LogGroupName: '{{resolve:ssm:/name}}' } };
    const TemplateBody = JSON.stringify({ Resources: { ...template.Resources, Other } });
    await call('UpdateStack', { StackName: 'fleet', TemplateBody });
    await pass(10);
    expect(await detect()).toMatchObject({
      DetectionStatus: 'DETECTION_COMPLETE',
      StackDriftStatus: 'IN_SYNC',
    });
    await call('DeleteParameter', { Name: '/name' }, 'ssm');
    expect(await detect()).toMatchObject({
      DetectionStatus: 'DETECTION_FAILED',
      DetectionStatusReason: expect.stringContaining('[Other]'),
      StackDriftStatus: 'UNKNOWN',
    });
    expect((await drifts())['Other']).toMatchObject({
      StackResourceDriftStatus: 'UNKNOWN',
      DriftStatusReason: expect.stringContaining('/name'),
    });
  });
});

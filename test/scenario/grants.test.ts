import type { PolicyStatement } from '@rushhour/local-aws/policy';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Deployed, exampleFleet } from '../kit/deployed.ts';
import { CallLog } from './call-log.ts';

const adopted = 'i-0a5e551041adde001';
/** Of a group that is destroyed. */
const spare = 'i-0a5e551041adde002';
/** They run the sweep's path, from whichever event. */
const othersThatReconcile = ['on-schedule', 'on-alarm', 'on-instance-event', 'bump', 'adopt'];
let account: Deployed;
let calls: CallLog;

/** A fleet in which there is something to do for every grant. */
async function livelyFleet(session: string): Promise<string> {
  const measured = 'targets: [{ metric: requestsPerTarget, targetValue: 50 }]\n    forecast: {}';
  const fleet = await exampleFleet(
    ['initialCapacity: 5', `initialCapacity: 5\n    ${measured}`],
    [`instances: [${adopted}]`, `${session}\n    forecast: { metric: requestsPerSecond }`],
  );
  const launch = '{ imageId: ami-0a1b2c3d4e5f60718, instanceType: c7g.large }';
  return `${fleet}
  taken: { existing: my-group, minSize: 1, maxSize: 4 }
  spare: { launch: ${launch}, minSize: 0, maxSize: 4, instances: [${spare}] }
`;
}

async function makeGroupToTakeOver(): Promise<void> {
  const LaunchTemplateData = { ImageId: 'ami-0a1b2c3d4e5f60718', InstanceType: 'c7g.large' };
  await account.call('ec2', 'CreateLaunchTemplate', { LaunchTemplateName: 'old', LaunchTemplateData });
  await account.call('autoscaling', 'CreateAutoScalingGroup', {
    AutoScalingGroupName: 'my-group',
    MinSize: 1,
    MaxSize: 4,
    AvailabilityZones: ['us-east-1a'],
    LaunchTemplate: { LaunchTemplateName: 'old' },
  });
}

/** Launches a server in the group that is to be destroyed, and protects it as a person would. */
async function protectByHand(AutoScalingGroupName: string): Promise<void> {
  await invoke('bump', { ...bump, group: 'spare' });
  await account.pass(300);
  const names = { AutoScalingGroupNames: [AutoScalingGroupName] };
  const { AutoScalingGroups } = await account.call('autoscaling', 'DescribeAutoScalingGroups', names);
  const InstanceIds = AutoScalingGroups[0].Instances.map(
    ({ InstanceId }: { InstanceId: string }) => InstanceId,
  );
  const ProtectedFromScaleIn = true;
  await account.call('autoscaling', 'SetInstanceProtection', {
    AutoScalingGroupName,
    InstanceIds,
    ProtectedFromScaleIn,
  });
}

/** @returns the function's answer, or its error's message */
async function invoke(name: string, event: object, InvocationType = 'RequestResponse'): Promise<string> {
  const Payload = Buffer.from(JSON.stringify(event));
  const input = { FunctionName: `lunch-${name}`, Payload, InvocationType };
  return Buffer.from((await account.call('lambda', 'Invoke', input)).Payload ?? []).toString();
}

const bump = { group: 'business', adjustment: 1, reason: 'test' };
const opening = { group: 'business', window: 'lunch', edge: 'start', at: '2026-03-04T03:00:00Z' };
const adopt = { group: 'session', instances: [adopted], reason: 'test' };

beforeAll(async () => {
  account = new Deployed('2026-03-04T02:10:00Z');
  calls = new CallLog(account.cloud);
  await makeGroupToTakeOver();
  await account.deploy(await livelyFleet(`instances: [${adopted}]`));
  await account.pass(900);
  // The adopted server is released, and unhealthy servers of its group are replaced again.
  await account.deploy(await livelyFleet('replaceUnhealthy: true'));
  await account.pass(300);
  for (const rule of ['cpu-high', 'cpu-low']) {
    const state = { AlarmName: `lunch-business-${rule}`, StateValue: 'ALARM', StateReason: 'test' };
    await account.call('monitoring', 'SetAlarmState', state);
    await account.pass(300);
  }
  await invoke('bump', bump);
  await invoke('adopt', adopt);
  await invoke('history', { group: 'business' });
  await protectByHand('lunch-spare');
  // What is in progress when a group goes is put on record as cancelled.
  await invoke('bump', { group: 'spare', adjustment: 1, reason: 'test' });
  await account.destroy('lunch-spare');
  await account.pass(Math.max(0, Date.parse('2026-03-04T03:12:00Z') - account.now) / 1000);
});

afterAll(() => account[Symbol.asyncDispose]());

interface Policy {
  readonly RoleName: string;
  readonly PolicyName: string;
  readonly Statement: readonly PolicyStatement[];
}

const actionsOf = ({ Action = [] }: PolicyStatement) => [Action].flat();

/** The one inline policy of a function's role. */
async function policyOf(name: string): Promise<Policy> {
  const about = { FunctionName: `lunch-${name}` };
  const { Role } = await account.call('lambda', 'GetFunctionConfiguration', about);
  const RoleName = Role.split('/').at(-1);
  const [PolicyName] = (await account.call('iam', 'ListRolePolicies', { RoleName })).PolicyNames;
  const { PolicyDocument } = await account.call('iam', 'GetRolePolicy', { RoleName, PolicyName });
  return { RoleName, PolicyName, Statement: JSON.parse(decodeURIComponent(PolicyDocument)).Statement };
}

/** What the CDK grants beside: the log, and the way to the dead-letter queue. */
const ofEveryFunction = /^(logs|sqs):/;

async function grantsOf(name: string): Promise<string[]> {
  const { Statement } = await policyOf(name);
  const actions = new Set(Statement.flatMap(actionsOf));
  return [...actions].filter((action) => !ofEveryFunction.test(action)).toSorted();
}

describe('on a day on which everything happens', () => {
  it('no function is denied anything', () => {
    // Lambda itself tries to make a log group; ours is there already, and has a retention.
    expect(calls.denied.filter((message) => !message.includes('logs:CreateLogGroup'))).toEqual([]);
  });

  it.each(['sweep', 'history', 'learn', 'release'])('%s needs every grant that it has', async (name) => {
    const used = calls.usedBy(`lunch-${name}`);
    expect((await grantsOf(name)).filter((action) => !used.has(action))).toEqual([]);
  });

  it.each(othersThatReconcile)(
    '%s, which may meet the same, may do what the sweep may, but send no mail',
    async (name) => {
      const mail = ['dynamodb:DeleteItem', 'dynamodb:Query', 'sns:Publish'];
      expect([...(await grantsOf(name)), ...mail].toSorted()).toEqual(await grantsOf('sweep'));
    },
  );
});

/** Takes one action from a function's role while something is done. */
async function without<T>(name: string, action: string, work: () => Promise<T>): Promise<T> {
  const { RoleName, PolicyName, Statement } = await policyOf(name);
  const put = (statements: readonly PolicyStatement[]) =>
    account.call('iam', 'PutRolePolicy', {
      RoleName,
      PolicyName,
      PolicyDocument: JSON.stringify({ Version: '2012-10-17', Statement: statements }),
    });
  const fewer = Statement.map((one) => ({
    ...one,
    Action: actionsOf(one).filter((each) => each !== action),
  }));
  await put(fewer.filter(({ Action }) => Action.length > 0));
  try {
    return await work();
  } finally {
    await put(Statement);
    // What was begun is finished by the sweep.
    await account.pass(120);
  }
}

describe('a function that lost a grant', () => {
  it.each([
    ['bump', 'autoscaling:SetDesiredCapacity', bump],
    ['bump', 'dynamodb:BatchGetItem', bump],
    ['bump', 'dynamodb:PutItem', bump],
    ['bump', 'events:PutEvents', bump],
    ['on-schedule', 'autoscaling:DescribeAutoScalingGroups', opening],
    ['sweep', 'cloudwatch:DescribeAlarms', {}],
    ['adopt', 'autoscaling:DescribeAutoScalingGroups', adopt],
    ['history', 'dynamodb:Query', { group: 'business' }],
    ['learn', 'dynamodb:BatchGetItem', {}],
  ])('%s without %s is told that it may not', async (name, action, event) => {
    const answer = await without(name, action, () => invoke(name, event));
    expect(answer).toContain(`is not authorized to perform: ${action}`);
  });

  it('says that it may not send a mail, which the next sweep that may sends', async () => {
    const answer = await without('sweep', 'sns:Publish', async () => {
      await invoke('bump', bump);
      return invoke('sweep', {});
    });
    expect(answer).toContain('is not authorized to perform: sns:Publish');
  });

  it('leaves its event, with the reason, in the dead-letter queue', async () => {
    const found = await without('bump', 'autoscaling:SetDesiredCapacity', async () => {
      // The sweep would do in its stead what the function may not.
      await account.call('scheduler', 'DeleteSchedule', { GroupName: 'lunch', Name: 'lunch-sweep' });
      await invoke('bump', bump, 'Event');
      await account.pass(600);
      const queue = { QueueUrl: 'lunch-dead-letters', MaxNumberOfMessages: 10 };
      return (await account.call('sqs', 'ReceiveMessage', queue)).Messages;
    });
    expect(found).toHaveLength(1);
    const { requestPayload, responsePayload } = JSON.parse(found[0].Body);
    expect(requestPayload).toEqual(bump);
    expect(responsePayload.errorMessage).toContain('AccessDenied');
  });
});

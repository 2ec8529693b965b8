import { Cloud } from '@rushhour/local-aws/cloud';
import { DynamoDb } from '@rushhour/local-aws/dynamodb';
import { Endpoint } from '@rushhour/local-aws/endpoint';
import { EventBridge } from '@rushhour/local-aws/events';
import { fleetServices } from '@rushhour/local-aws/fleet-services';
import type { Principal } from '@rushhour/local-aws/service';
import { Sns } from '@rushhour/local-aws/sns';
import { Sqs } from '@rushhour/local-aws/sqs';
import { confirmMail } from '../../local/confirm-mail.ts';
import type { MetricQuery } from '../../shared/fleet/metric-query.ts';
import { type Clients, makeClients } from '../../shared/providers/aws/clients.ts';
import { CloudWatchReader } from '../../shared/providers/aws/cloudwatch-reader.ts';
import { awsPorts } from '../../shared/providers/aws/ports.ts';
import { World } from '../../simulate/world/world.ts';
import { type GroupSettings, start, type UnderTest } from './implementation.ts';

const owner: Principal = { kind: 'owner', arn: 'arn:aws:iam::000000000000:user/owner' };
const imageId = 'ami-0123456789abcdef0';
const noCapacity =
  'We currently do not have sufficient c7g.xlarge capacity in the Availability Zone you requested (us-east-1a).';
/** Auto Scaling's names. */
const processes = {
  launching: 'Launch',
  terminating: 'Terminate',
  replacing: 'ReplaceUnhealthy',
  registering: 'AddToLoadBalancer',
};
const zones = ['us-east-1a', 'us-east-1b'];

/** The AWS adapters, unchanged, with the real SDK and a real connection; what is on the other end was written apart. */
export async function localCloud(): Promise<UnderTest> {
  return (await openLocalCloud()).tested;
}

/** Likewise, with a hand in the cloud itself. */
export async function openLocalCloud(): Promise<LocalCloud> {
  const cloud = new Cloud({ start, seed: 7 });
  const world = new World(7, {});
  const services = fleetServices(cloud, world);
  const sns = new Sns(cloud);
  cloud.add(...services.all, new DynamoDb(cloud), new EventBridge(cloud), sns, new Sqs(cloud));
  services.ec2.images.seed(imageId, 'fleet', 'arm64', start);
  const endpoint = new Endpoint(cloud);
  const url = await endpoint.listen();
  const call: CallApi = (service, operation, input) => cloud.call(service, operation, input, owner);

  await makeTables(call);
  const queueUrl = await makeEars(call);
  const { TopicArn } = await call('sns', 'CreateTopic', { Name: 'notices' });
  await call('sns', 'Subscribe', { TopicArn, Protocol: 'email', Endpoint: 'ops@example.com' });
  await confirmMail({ cloud, sns });
  await call('ec2', 'CreateLaunchTemplate', {
    LaunchTemplateName: 'fleet',
    LaunchTemplateData: { ImageId: imageId, InstanceType: 'c7g.xlarge', Monitoring: { Enabled: true } },
  });

  Object.assign(process.env, {
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'local',
    AWS_SECRET_ACCESS_KEY: 'x',
  });
  const clients = makeClients({ endpoint: url, maxAttempts: 2 });
  const ports = awsPorts(clients, {
    fleet: 'lunch',
    ledgerTable: 'ledger',
    activitiesTable: 'activities',
    historyRetentionDays: 400,
    eventBus: 'default',
    topicArn: TopicArn,
  });
  const settle = () => cloud.eventQueue.runUntil(cloud.eventQueue.now());
  const tested: UnderTest = {
    ports,
    series: new CloudWatchReader(clients.cloudWatch),
    now: () => cloud.eventQueue.now(),
    advance: (seconds) => cloud.eventQueue.runUntil(cloud.eventQueue.now() + seconds * 1000),
    makeGroup: (settings) => makeGroup(call, settings),
    suspend: (name, process) =>
      call('autoscaling', 'SuspendProcesses', {
        AutoScalingGroupName: name,
        ScalingProcesses: [processes[process]],
      }),
    makeServer: async () => {
      const input = { ImageId: imageId, InstanceType: 'c7g.xlarge', MinCount: 1, MaxCount: 1 };
      const { Instances } = await call('ec2', 'RunInstances', input);
      await cloud.eventQueue.runUntil(cloud.eventQueue.now() + 60_000);
      return Instances[0].InstanceId;
    },
    refuseLaunches: () =>
      world.refuseLaunches(() => ({ code: 'InsufficientInstanceCapacity', message: noCapacity })),
    kill: (_, server) => call('ec2', 'TerminateInstances', { InstanceIds: [server] }),
    makeAlarm: (name) => call('monitoring', 'PutMetricAlarm', alarm(name)),
    setAlarm: (name, value) =>
      call('monitoring', 'SetAlarmState', { AlarmName: name, StateValue: value, StateReason: 'test' }),
    putMetric: metricPutter(call),
    events: async () => {
      await settle();
      const input = { QueueUrl: queueUrl, MaxNumberOfMessages: 10 };
      const { Messages = [] } = await call('sqs', 'ReceiveMessage', input);
      return Messages.map(({ Body }: { Body: string }) => JSON.parse(Body).detail);
    },
    mails: async () => {
      await settle();
      return sns.inbox.map(({ subject }) => subject);
    },
    [Symbol.asyncDispose]: async () => {
      await endpoint.close();
      await cloud.close();
    },
  };
  const inRegion = (region: string): CallApi => {
    const there = cloud.openRegion(region);
    const known = there.services.length > 0;
    if (!known) there.add(...fleetServices(there, world, services).all, new EventBridge(there));
    return (service, operation, input) => there.call(service, operation, input, owner);
  };
  return { tested, call, clients, url, cloud, inRegion };
}

interface LocalCloud {
  readonly tested: UnderTest;
  readonly cloud: Cloud;
  readonly call: CallApi;
  /** Calls of another region of the account, which is opened by the first. */
  readonly inRegion: (region: string) => CallApi;
  readonly clients: Clients;
  readonly url: string;
}

// biome-ignore lint/suspicious/noExplicitAny: outputs of every operation.
export type CallApi = (service: string, operation: string, input: object) => Promise<any>;

async function makeTables(call: CallApi): Promise<void> {
  const attribute = (AttributeName: string) => ({ AttributeName, AttributeType: 'S' });
  const group = { AttributeName: 'group', KeyType: 'HASH' };
  const tables = [
    { TableName: 'ledger', AttributeDefinitions: [attribute('group')], KeySchema: [group] },
    {
      TableName: 'activities',
      AttributeDefinitions: [attribute('group'), attribute('sort')],
      KeySchema: [group, { AttributeName: 'sort', KeyType: 'RANGE' }],
    },
  ];
  for (const table of tables) {
    await call('dynamodb', 'CreateTable', { ...table, BillingMode: 'PAY_PER_REQUEST' });
  }
}

/** A queue that hears every event of the fleet. @returns its URL */
async function makeEars(call: CallApi): Promise<string> {
  const { QueueUrl } = await call('sqs', 'CreateQueue', { QueueName: 'ears' });
  const { Attributes } = await call('sqs', 'GetQueueAttributes', { QueueUrl, AttributeNames: ['QueueArn'] });
  const Policy = JSON.stringify({
    Version: '2012-10-17',
    Statement: [
      { Effect: 'Allow', Principal: '*', Action: 'sqs:SendMessage', Resource: Attributes.QueueArn },
    ],
  });
  await call('sqs', 'SetQueueAttributes', { QueueUrl, Attributes: { Policy } });
  const pattern = { source: ['rushhour'], 'detail-type': ['Rushhour Scaling Activity'] };
  await call('events', 'PutRule', { Name: 'ears', EventPattern: JSON.stringify(pattern) });
  await call('events', 'PutTargets', { Rule: 'ears', Targets: [{ Id: 'ears', Arn: Attributes.QueueArn }] });
  return QueueUrl;
}

async function makeGroup(
  call: CallApi,
  { name, minSize, maxSize, desired, loadBalancer, deploying }: GroupSettings,
): Promise<void> {
  const targets = loadBalancer ? [await makeLoadBalancer(call, name)] : [];
  await call('autoscaling', 'CreateAutoScalingGroup', {
    AutoScalingGroupName: name,
    MinSize: minSize,
    MaxSize: maxSize,
    DesiredCapacity: desired,
    AvailabilityZones: zones,
    LaunchTemplate: { LaunchTemplateName: 'fleet' },
    TargetGroupARNs: targets,
    Tags: deploying ? [{ Key: 'rushhour:group', Value: name, PropagateAtLaunch: true }] : [],
  });
}

/** @param TargetType what is registered: servers by id, or addresses */
export async function makeLoadBalancer(
  call: CallApi,
  name: string,
  TargetType = 'instance',
): Promise<string> {
  const { Subnets } = await call('ec2', 'DescribeSubnets', {});
  const { LoadBalancers } = await call('elasticloadbalancing', 'CreateLoadBalancer', {
    Name: name,
    Type: 'application',
    Subnets: Subnets.map(({ SubnetId }: { SubnetId: string }) => SubnetId),
  });
  const { TargetGroups } = await call('elasticloadbalancing', 'CreateTargetGroup', {
    Name: name,
    TargetType,
    Protocol: 'HTTP',
    Port: 80,
    HealthCheckIntervalSeconds: 15,
    HealthyThresholdCount: 2,
  });
  const [{ TargetGroupArn }] = TargetGroups;
  await call('elasticloadbalancing', 'CreateListener', {
    LoadBalancerArn: LoadBalancers[0].LoadBalancerArn,
    Port: 80,
    Protocol: 'HTTP',
    DefaultActions: [{ Type: 'forward', TargetGroupArn }],
  });
  return TargetGroupArn;
}

function alarm(AlarmName: string) {
  return {
    AlarmName,
    Namespace: 'Test',
    MetricName: 'm',
    Statistic: 'Average',
    Period: 60,
    EvaluationPeriods: 1,
    Threshold: 1,
    ComparisonOperator: 'GreaterThanThreshold',
  };
}

export function metricPutter(call: CallApi): UnderTest['putMetric'] {
  return (query, at, value) => call('monitoring', 'PutMetricData', datum(query, at, value));
}

function datum(query: MetricQuery, at: number, Value: number) {
  const Dimensions = Object.entries(query.dimensions).map(([Name, Value]) => ({ Name, Value }));
  const MetricData = [{ MetricName: query.metricName, Dimensions, Timestamp: new Date(at), Value }];
  return { Namespace: query.namespace, MetricData };
}

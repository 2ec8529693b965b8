import { Cloud } from '../local/cloud/cloud.ts';
import { DynamoDb } from '../local/cloud/dynamodb/dynamodb.ts';
import { Endpoint } from '../local/cloud/endpoint.ts';
import { EventBridge } from '../local/cloud/events/event-bridge.ts';
import { fleetServices } from '../local/cloud/fleet-services.ts';
import type { Principal } from '../local/cloud/service.ts';
import { Sns } from '../local/cloud/sns/sns.ts';
import { World } from '../local/world/world.ts';
import { type Clients, makeClients } from '../shared/aws/clients.ts';
import { awsPorts } from '../shared/aws/ports.ts';
import { alarmName, tableName } from '../shared/fleet/names.ts';
import { readFleet } from '../shared/fleet/read-fleet.ts';
import { type House, openHouse } from '../shared/house.ts';

const owner: Principal = { kind: 'owner', arn: 'arn:aws:iam::000000000000:user/owner' };
const imageId = 'ami-0123456789abcdef0';
const bootSeconds = 300;

/** Counts what arrives, retries included, by operation. */
class CountingCloud extends Cloud {
  readonly calls = new Map<string, number>();

  override perform(...args: Parameters<Cloud['perform']>): Promise<unknown> {
    const [, operation] = args;
    this.calls.set(operation, (this.calls.get(operation) ?? 0) + 1);
    return super.perform(...args);
  }
}

/** A fleet at rest in a cloud on loopback, and clients that reach it as they reach AWS. */
export interface SweepStage extends AsyncDisposable {
  readonly house: House;
  readonly clients: Clients;
  /** By operation, since it was cleared. */
  readonly calls: Map<string, number>;
  /** Quotas per second fill up again: they run on the cloud's clock, which stands still otherwise. */
  rest(): Promise<void>;
}

/** Makes the groups without CloudFormation, which would take longer than what is to be measured. */
export async function sweepStage(groups: number): Promise<SweepStage> {
  const fleet = readFleet(fleetOf(groups));
  const cloud = new CountingCloud({ start: Date.UTC(2026, 2, 4), seed: 7 });
  const services = fleetServices(cloud, new World(7, {}));
  cloud.add(...services.all, new DynamoDb(cloud), new EventBridge(cloud), new Sns(cloud));
  services.ec2.images.seed(imageId, 'bench', 'arm64', cloud.agenda.now());
  services.ec2.instances.vcpuLimit = 8 * groups;
  const endpoint = new Endpoint(cloud);
  const url = await endpoint.listen();
  const pass = (seconds: number) => cloud.agenda.runUntil(cloud.agenda.now() + seconds * 1000);

  const call: Call = (service, operation, input) => cloud.call(service, operation, input, owner);
  await makeTable(call, tableName(fleet, 'ledger'), ['group']);
  await makeTable(call, tableName(fleet, 'activities'), ['group', 'sort']);
  await makeLaunchTemplate(call);
  for (const name of Object.keys(fleet.groups)) {
    await makeGroup(call, name);
    await makeAlarm(call, alarmName(fleet, name, 'cpu-high'));
  }
  await pass(bootSeconds);

  Object.assign(process.env, {
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'local',
    AWS_SECRET_ACCESS_KEY: 'x',
  });
  const clients = makeClients({ endpoint: url });
  const ports = awsPorts(clients, {
    fleet: fleet.name,
    ledgerTable: tableName(fleet, 'ledger'),
    activitiesTable: tableName(fleet, 'activities'),
    historyRetentionDays: fleet.historyRetentionDays,
    eventBus: 'default',
  });
  return {
    house: openHouse(fleet, { ...ports, clock: { now: () => cloud.agenda.now() } }),
    clients,
    calls: cloud.calls,
    rest: () => pass(1),
    [Symbol.asyncDispose]: async () => {
      for (const client of Object.values(clients)) client.destroy();
      await endpoint.close();
      await cloud.close();
    },
  };
}

/** Each group with what most have: a window and an alarm. */
function fleetOf(groups: number): string {
  const rule =
    '{ metric: cpu, comparisonOperator: GreaterThanThreshold, threshold: 70, period: 60, evaluationPeriods: 3, scalingAdjustment: 2 }';
  const group = (_: unknown, index: number) => `
  g${index}:
    existing: g${index}
    minSize: 2
    maxSize: 10
    schedules: { lunch: { start: "0 11 * * MON-FRI", end: "0 13 * * MON-FRI", scalingAdjustment: 2 } }
    alarms: { cpu-high: ${rule} }`;
  return `name: bench\ntimeZone: Asia/Shanghai\ngroups:${Array.from({ length: groups }, group).join('')}\n`;
}

type Call = (service: string, operation: string, input: object) => Promise<unknown>;

async function makeTable(call: Call, TableName: string, keys: readonly string[]): Promise<void> {
  const AttributeDefinitions = keys.map((AttributeName) => ({ AttributeName, AttributeType: 'S' }));
  const KeySchema = keys.map((AttributeName, at) => ({
    AttributeName,
    KeyType: at === 0 ? 'HASH' : 'RANGE',
  }));
  const BillingMode = 'PAY_PER_REQUEST';
  await call('dynamodb', 'CreateTable', { TableName, AttributeDefinitions, KeySchema, BillingMode });
}

async function makeLaunchTemplate(call: Call): Promise<void> {
  const LaunchTemplateData = { ImageId: imageId, InstanceType: 'c7g.large' };
  await call('ec2', 'CreateLaunchTemplate', { LaunchTemplateName: 'bench', LaunchTemplateData });
}

async function makeGroup(call: Call, AutoScalingGroupName: string): Promise<void> {
  await call('autoscaling', 'CreateAutoScalingGroup', {
    AutoScalingGroupName,
    MinSize: 2,
    MaxSize: 10,
    AvailabilityZones: ['us-east-1a', 'us-east-1b'],
    LaunchTemplate: { LaunchTemplateName: 'bench' },
  });
}

async function makeAlarm(call: Call, AlarmName: string): Promise<void> {
  await call('monitoring', 'PutMetricAlarm', {
    AlarmName,
    Namespace: 'AWS/EC2',
    MetricName: 'CPUUtilization',
    Statistic: 'Average',
    Period: 60,
    EvaluationPeriods: 3,
    Threshold: 70,
    ComparisonOperator: 'GreaterThanThreshold',
  });
}

import { Cloud } from '@rushhour/local-aws/cloud';
import { DynamoDb } from '@rushhour/local-aws/dynamodb';
import { Endpoint } from '@rushhour/local-aws/endpoint';
import { EventBridge } from '@rushhour/local-aws/events';
import { fleetServices } from '@rushhour/local-aws/fleet-services';
import type { Principal } from '@rushhour/local-aws/service';
import type { EcsService } from '../../shared/fleet/ecs.ts';
import type { Fleet } from '../../shared/fleet/fleet.ts';
import { alarmName, scalingGroupName } from '../../shared/fleet/names.ts';
import { type Clients, makeClients } from '../../shared/providers/aws/clients.ts';
import type { AwsSettings } from '../../shared/providers/aws/ports.ts';
import { World } from '../../simulate/world/world.ts';

const start = Date.parse('2026-03-04T00:00:00Z');
const owner: Principal = { kind: 'owner', arn: 'arn:aws:iam::000000000000:user/owner' };
const image = 'ami-0123456789abcdef0';

class CountingCloud extends Cloud {
  /** By operation. */
  readonly calls = new Map<string, number>();

  override perform(...args: Parameters<Cloud['perform']>): Promise<unknown> {
    const [, operation] = args;
    this.calls.set(operation, (this.calls.get(operation) ?? 0) + 1);
    return super.perform(...args);
  }
}

/** A cloud on loopback that holds a fleet's groups, one server each, their alarms, and the tables. */
export class LoopbackCloud implements AsyncDisposable {
  /** That reach it as they reach AWS. */
  readonly clients: Clients;
  readonly settings: AwsSettings = {
    fleet: 'bench',
    ledgerTable: 'ledger',
    activitiesTable: 'activities',
    historyRetentionDays: 400,
    eventBus: 'default',
  };
  readonly url: string;
  readonly #made: { destroy(): void }[] = [];
  readonly #cloud: CountingCloud;
  readonly #endpoint: Endpoint;

  private constructor(cloud: CountingCloud, endpoint: Endpoint, url: string) {
    this.url = url;
    this.#cloud = cloud;
    this.#endpoint = endpoint;
    const each = (client: { destroy(): void }) => {
      this.#made.push(client);
    };
    this.clients = makeClients({ endpoint: url, each });
  }

  static async open(fleet: Fleet): Promise<LoopbackCloud> {
    const cloud = new CountingCloud({ start, seed: 7 });
    const services = fleetServices(cloud, new World(7, {}));
    cloud.add(...services.all, new DynamoDb(cloud), new EventBridge(cloud));
    services.ec2.images.seed(image, 'fleet', 'arm64', start);
    const endpoint = new Endpoint(cloud);
    const url = await endpoint.listen();
    Object.assign(process.env, {
      AWS_REGION: 'us-east-1',
      AWS_ACCESS_KEY_ID: 'local',
      AWS_SECRET_ACCESS_KEY: 'x',
    });
    const opened = new LoopbackCloud(cloud, endpoint, url);
    await opened.#fill(fleet);
    await opened.advance(600);
    return opened;
  }

  get now(): number {
    return this.#cloud.eventQueue.now();
  }

  async advance(seconds: number): Promise<void> {
    await this.#cloud.eventQueue.runUntil(this.now + seconds * 1000);
  }

  /** How often a task calls each operation, retries included. */
  async callsOf(task: () => Promise<unknown>): Promise<Record<string, number>> {
    this.#cloud.calls.clear();
    await task();
    return Object.fromEntries([...this.#cloud.calls].sort(([one], [other]) => one.localeCompare(other)));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const client of this.#made) client.destroy();
    await this.#endpoint.close();
    await this.#cloud.close();
  }

  async #fill(fleet: Fleet): Promise<void> {
    await this.#makeTables();
    await this.#call('ec2', 'CreateLaunchTemplate', {
      LaunchTemplateName: 'fleet',
      // One vCPU each: five hundred groups are within the account's limit, and all of them quiet.
      LaunchTemplateData: { ImageId: image, InstanceType: 'c7g.medium' },
    });
    for (const [name, { ecs }] of Object.entries(fleet.groups)) {
      if (ecs) {
        await this.#makeService(ecs);
        continue;
      }
      await this.#call('autoscaling', 'CreateAutoScalingGroup', {
        AutoScalingGroupName: scalingGroupName(fleet, name),
        MinSize: 1,
        MaxSize: 10,
        AvailabilityZones: ['us-east-1a'],
        LaunchTemplate: { LaunchTemplateName: 'fleet' },
      });
      await this.#call('monitoring', 'PutMetricAlarm', {
        AlarmName: alarmName(fleet, name, 'cpu-high'),
        Namespace: 'Bench',
        MetricName: 'load',
        Statistic: 'Average',
        Period: 300,
        EvaluationPeriods: 3,
        Threshold: 70,
        ComparisonOperator: 'GreaterThanThreshold',
      });
    }
  }

  async #makeService({ cluster, service: serviceName }: EcsService): Promise<void> {
    const containerDefinitions = [{ name: 'web', image: 'shop/web:1' }];
    await this.#call('ecs', 'RegisterTaskDefinition', { family: 'web', containerDefinitions });
    await this.#call('ecs', 'CreateCluster', { clusterName: cluster });
    const input = { cluster, serviceName, taskDefinition: 'web:1', desiredCount: 1 };
    await this.#call('ecs', 'CreateService', input);
  }

  async #makeTables(): Promise<void> {
    const text = (AttributeName: string) => ({ AttributeName, AttributeType: 'S' });
    const group = { AttributeName: 'group', KeyType: 'HASH' };
    const sort = { AttributeName: 'sort', KeyType: 'RANGE' };
    const tables = [
      { TableName: 'ledger', AttributeDefinitions: [text('group')], KeySchema: [group] },
      {
        TableName: 'activities',
        AttributeDefinitions: [text('group'), text('sort')],
        KeySchema: [group, sort],
      },
    ];
    for (const table of tables)
      await this.#call('dynamodb', 'CreateTable', { ...table, BillingMode: 'PAY_PER_REQUEST' });
  }

  #call(service: string, operation: string, input: object): Promise<unknown> {
    return this.#cloud.call(service, operation, input, owner);
  }
}

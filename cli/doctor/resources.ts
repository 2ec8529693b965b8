import {
  AutoScalingClient,
  type AutoScalingGroup,
  DescribeAutoScalingGroupsCommand,
  DescribeAutoScalingInstancesCommand,
  paginateDescribePolicies,
  paginateDescribeScheduledActions,
  type ScalingPolicy,
  type ScheduledUpdateGroupAction,
} from '@aws-sdk/client-auto-scaling';
import { CloudWatchClient, DescribeAlarmsCommand, type MetricAlarm } from '@aws-sdk/client-cloudwatch';
import { EC2Client, type Instance, paginateDescribeInstances } from '@aws-sdk/client-ec2';
import { ElasticLoadBalancingV2Client } from '@aws-sdk/client-elastic-load-balancing-v2';
import type { NativeRule } from '../../shared/ports/capacity.ts';
import { batches } from '../../shared/providers/aws/batches.ts';
import { LoadBalancerLookup } from '../../shared/providers/aws/load-balancers.ts';
import { nativeRules } from '../../shared/providers/aws/native-rules.ts';
import type { FleetInCloud } from '../cloud.ts';
import { paced } from '../paced.ts';

/**
 * What the checks look at of all groups. Each kind of thing is asked for once, as many in a call as AWS takes: five hundred groups that
 * each asked for themselves would be throttled.
 */
class FleetResources {
  readonly #cloud: FleetInCloud;
  readonly #autoScaling = paced(new AutoScalingClient());
  readonly #answers = new Map<string, Promise<unknown>>();

  constructor(cloud: FleetInCloud) {
    this.#cloud = cloud;
  }

  /** Scaling groups by their own names; those that are not there are missing. */
  scalingGroups(): Promise<ReadonlyMap<string, AutoScalingGroup>> {
    return this.#once('scaling groups', async () => {
      const names = [...this.#cloud.scaler.byScalingGroup.keys()];
      const found = new Map<string, AutoScalingGroup>();
      for (const AutoScalingGroupNames of batches(names, 100)) {
        const input = { AutoScalingGroupNames, MaxRecords: 100 };
        const { AutoScalingGroups = [] } = await this.#autoScaling.send(
          new DescribeAutoScalingGroupsCommand(input),
        );
        for (const group of AutoScalingGroups) found.set(group.AutoScalingGroupName!, group);
      }
      return found;
    });
  }

  /** Servers in the groups, and those that the fleet file names, by id. */
  instances(): Promise<ReadonlyMap<string, Instance>> {
    return this.#once('instances', async () => {
      const groups = [...(await this.scalingGroups()).values()];
      const members = groups.flatMap(({ Instances = [] }) => Instances.map(({ InstanceId }) => InstanceId!));
      const client = paced(new EC2Client());
      const found = new Map<string, Instance>();
      // A filter, for an id that does not exist is an error; it takes 200 values.
      for (const Values of batches([...new Set([...members, ...this.#toAdopt()])], 200)) {
        const input = { Filters: [{ Name: 'instance-id', Values }] };
        for await (const { Reservations = [] } of paginateDescribeInstances({ client }, input))
          for (const { Instances = [] } of Reservations)
            for (const instance of Instances) found.set(instance.InstanceId!, instance);
      }
      return found;
    });
  }

  /** The groups that servers to be adopted are in, by server id. */
  owners(): Promise<ReadonlyMap<string, string>> {
    return this.#once('owners', async () => {
      const found = new Map<string, string>();
      for (const InstanceIds of batches(this.#toAdopt(), 50)) {
        const { AutoScalingInstances = [] } = await this.#autoScaling.send(
          new DescribeAutoScalingInstancesCommand({ InstanceIds }),
        );
        for (const one of AutoScalingInstances) found.set(one.InstanceId!, one.AutoScalingGroupName!);
      }
      return found;
    });
  }

  /** Alarms of the rules, by name. */
  alarms(): Promise<ReadonlyMap<string, MetricAlarm>> {
    return this.#once('alarms', async () => {
      const client = paced(new CloudWatchClient());
      const found = new Map<string, MetricAlarm>();
      for (const AlarmNames of batches([...this.#cloud.scaler.byAlarm.keys()], 100)) {
        const input = { AlarmNames, MaxRecords: 100 };
        const { MetricAlarms = [] } = await client.send(new DescribeAlarmsCommand(input));
        for (const alarm of MetricAlarms) found.set(alarm.AlarmName!, alarm);
      }
      return found;
    });
  }

  /** Load balancers by the target groups that they stand before. */
  loadBalancers(): Promise<ReadonlyMap<string, string>> {
    return this.#once('load balancers', async () => {
      const groups = [...(await this.scalingGroups()).values()];
      const lookup = new LoadBalancerLookup(paced(new ElasticLoadBalancingV2Client()));
      return lookup.of(groups.flatMap(({ TargetGroupARNs = [] }) => TargetGroupARNs));
    });
  }

  /** AWS's own policies and scheduled actions by scaling group. Those of the whole account: one list is fewer calls than one for each. */
  nativeScaling(): Promise<ReadonlyMap<string, readonly NativeRule[]>> {
    return this.#once('native scaling', async () => {
      const groups = await this.scalingGroups();
      const policies: ScalingPolicy[] = [];
      const actions: ScheduledUpdateGroupAction[] = [];
      const config = { client: this.#autoScaling, pageSize: 100 };
      for await (const { ScalingPolicies = [] } of paginateDescribePolicies(config, {}))
        policies.push(...ScalingPolicies);
      for await (const { ScheduledUpdateGroupActions = [] } of paginateDescribeScheduledActions(config, {}))
        actions.push(...ScheduledUpdateGroupActions);
      return new Map(
        [...groups].map(([name, { SuspendedProcesses = [] }]) => {
          const isIts = ({ AutoScalingGroupName }: { AutoScalingGroupName?: string | undefined }) =>
            AutoScalingGroupName === name;
          const suspended = SuspendedProcesses.map(({ ProcessName }) => ProcessName);
          return [name, nativeRules(policies.filter(isIts), actions.filter(isIts), suspended)];
        }),
      );
    });
  }

  #toAdopt(): string[] {
    return Object.values(this.#cloud.scaler.fleet.groups).flatMap(({ instances }) => instances);
  }

  #once<T>(what: string, ask: () => Promise<T>): Promise<T> {
    const known = this.#answers.get(what) as Promise<T> | undefined;
    if (known) return known;
    const answer = ask();
    this.#answers.set(what, answer);
    return answer;
  }
}

const known = new WeakMap<FleetInCloud, FleetResources>();

/** The same for every check of one run. */
export function resourcesOf(cloud: FleetInCloud): FleetResources {
  const resources = known.get(cloud) ?? new FleetResources(cloud);
  known.set(cloud, resources);
  return resources;
}

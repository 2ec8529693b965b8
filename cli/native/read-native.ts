import {
  type AutoScalingClient,
  type AutoScalingGroup,
  paginateDescribeAutoScalingGroups,
  paginateDescribePolicies,
  paginateDescribeScheduledActions,
  type ScalingPolicy,
} from '@aws-sdk/client-auto-scaling';
import { type CloudWatchClient, DescribeAlarmsCommand, type MetricAlarm } from '@aws-sdk/client-cloudwatch';
import { DescribeInstancesCommand, type EC2Client } from '@aws-sdk/client-ec2';
import {
  DescribeTargetGroupsCommand,
  type ElasticLoadBalancingV2Client,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { exitCodes, Failure } from '../failure.ts';
import type { NativeGroup } from '../take-over/native-group.ts';

/** What an account is asked with. */
export interface NativeClients {
  readonly autoScaling: AutoScalingClient;
  readonly cloudWatch: CloudWatchClient;
  readonly ec2: EC2Client;
  readonly balancing: ElasticLoadBalancingV2Client;
}

/** DescribeAlarms takes so many names at once. */
const alarmsAtOnce = 100;
/** A group's servers are alike: some tell of all. */
const serversAsked = 20;

/**
 * Reads groups of EC2 Auto Scaling with everything that scales them.
 * @throws Failure that names the groups that the account does not have; what the SDK says
 */
export async function readNative(clients: NativeClients, names: readonly string[]): Promise<NativeGroup[]> {
  const groups = await describeGroups(clients.autoScaling, names);
  const found: NativeGroup[] = [];
  for (const group of groups) found.push(await readGroup(clients, group));
  return found;
}

async function describeGroups(
  client: AutoScalingClient,
  names: readonly string[],
): Promise<AutoScalingGroup[]> {
  const groups = new Map<string, AutoScalingGroup>();
  const all: string[] = [];
  for await (const { AutoScalingGroups = [] } of paginateDescribeAutoScalingGroups({ client }, {}))
    for (const group of AutoScalingGroups) {
      all.push(group.AutoScalingGroupName!);
      groups.set(group.AutoScalingGroupName!, group);
    }
  const missing = names.filter((name) => !groups.has(name));
  if (missing.length === 0) return names.map((name) => groups.get(name)!);
  throw new Failure(`The account has no scaling group ${missing.join(', ')} in this region.`, {
    advice:
      all.length === 0
        ? 'It has none at all: is it the right region?'
        : `It has ${all.slice(0, 20).join(', ')}${all.length > 20 ? ', …' : ''}.`,
    exitCode: exitCodes.misused,
  });
}

async function readGroup(clients: NativeClients, group: AutoScalingGroup): Promise<NativeGroup> {
  const { autoScaling: client } = clients;
  const AutoScalingGroupName = group.AutoScalingGroupName!;
  const policies: ScalingPolicy[] = [];
  for await (const page of paginateDescribePolicies({ client }, { AutoScalingGroupName }))
    policies.push(...(page.ScalingPolicies ?? []));
  const scheduledActions = [];
  for await (const page of paginateDescribeScheduledActions({ client }, { AutoScalingGroupName }))
    scheduledActions.push(...(page.ScheduledUpdateGroupActions ?? []));
  const alarmNames = policies.flatMap(({ Alarms = [] }) => Alarms.map(({ AlarmName }) => AlarmName!));
  return {
    group,
    policies,
    scheduledActions,
    alarms: await describeAlarms(clients.cloudWatch, [...new Set(alarmNames)]),
    loadBalancers: await balancersBefore(clients.balancing, group.TargetGroupARNs ?? []),
    detailedMonitoring: await publishesEveryMinute(clients.ec2, group),
  };
}

export async function describeAlarms(
  client: CloudWatchClient,
  names: readonly string[],
): Promise<MetricAlarm[]> {
  const alarms: MetricAlarm[] = [];
  for (let from = 0; from < names.length; from += alarmsAtOnce) {
    const AlarmNames = names.slice(from, from + alarmsAtOnce);
    const { MetricAlarms = [] } = await client.send(
      new DescribeAlarmsCommand({ AlarmNames, MaxRecords: 100 }),
    );
    alarms.push(...MetricAlarms);
  }
  return alarms;
}

export async function balancersBefore(
  client: ElasticLoadBalancingV2Client,
  TargetGroupArns: string[],
): Promise<Record<string, string>> {
  if (TargetGroupArns.length === 0) return {};
  const { TargetGroups = [] } = await client.send(new DescribeTargetGroupsCommand({ TargetGroupArns }));
  const before = TargetGroups.flatMap(({ TargetGroupArn, LoadBalancerArns = [] }) =>
    LoadBalancerArns[0] === undefined ? [] : [[TargetGroupArn!, LoadBalancerArns[0]] as const],
  );
  return Object.fromEntries(before);
}

/** Where a single one does not, the group's metrics have gaps. A group without servers is taken to do as the default has it. */
async function publishesEveryMinute(
  client: EC2Client,
  { Instances = [] }: AutoScalingGroup,
): Promise<boolean> {
  const InstanceIds = Instances.slice(0, serversAsked).map(({ InstanceId }) => InstanceId!);
  if (InstanceIds.length === 0) return true;
  const { Reservations = [] } = await client.send(new DescribeInstancesCommand({ InstanceIds }));
  const servers = Reservations.flatMap((reservation) => reservation.Instances ?? []);
  return servers.every(({ Monitoring }) => Monitoring?.State !== 'disabled');
}

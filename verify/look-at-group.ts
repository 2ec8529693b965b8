import { type AutoScalingGroup, DescribeScalingActivitiesCommand } from '@aws-sdk/client-auto-scaling';
import { GetMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import { DescribeTargetGroupsCommand } from '@aws-sdk/client-elastic-load-balancing-v2';
import type { Bench } from './bench.ts';
import { Differs } from './differs.ts';
import { describeGroup } from './group.ts';

/** Something that the product relies upon in a group, seen without changing it. */
export interface Look {
  readonly name: string;
  readonly fact: string;
  look(bench: Bench, group: AutoScalingGroup): Promise<string>;
}

const minuteMs = 60_000;
/** Metrics may be three minutes late; what is not there after ten is not published. */
const lookBackMs = 20 * minuteMs;
const lateAtMostMs = 10 * minuteMs;

/** What there is to look at in a group. @throws Error when there is no such group */
export async function looksAt(bench: Bench, name: string) {
  const group = await describeGroup(bench, name);
  return looks.map((one) => ({ ...one, run: () => one.look(bench, group) }));
}

const looks: readonly Look[] = [
  {
    name: 'nothing-suspended',
    fact: 'No process of the group is suspended: what is desired comes about',
    look: async (_, { SuspendedProcesses = [] }) => {
      const names = SuspendedProcesses.map(({ ProcessName }) => ProcessName);
      if (names.length > 0) throw new Differs(`suspended: ${names.join(', ')}`);
      return 'none is suspended';
    },
  },
  {
    name: 'desired-is-there',
    fact: 'As many servers are in service as are desired, within the group’s bounds',
    look: async (_, { DesiredCapacity = 0, MinSize = 0, MaxSize = 0, Instances = [] }) => {
      const ready = Instances.filter(({ LifecycleState }) => LifecycleState === 'InService').length;
      const saw = `${ready} in service, ${DesiredCapacity} desired, ${MinSize} to ${MaxSize}`;
      if (ready !== DesiredCapacity) throw new Differs(saw);
      return saw;
    },
  },
  {
    name: 'launches-succeed',
    fact: 'The newest launch that has ended was successful',
    look: async (bench, { AutoScalingGroupName }) => {
      const asked = new DescribeScalingActivitiesCommand({ AutoScalingGroupName, MaxRecords: 100 });
      const { Activities = [] } = await bench.clients.autoScaling.send(asked);
      const launches = Activities.filter(
        ({ Description, EndTime }) => EndTime && Description?.startsWith('Launching'),
      );
      const [newest] = launches.sort((one, other) => Number(other.EndTime) - Number(one.EndTime));
      if (!newest) return 'none in the last six weeks';
      const saw = `${newest.StatusCode} at ${newest.EndTime!.toISOString()}`;
      if (newest.StatusCode !== 'Successful') throw new Differs(`${saw}: ${newest.StatusMessage ?? ''}`);
      return saw;
    },
  },
  {
    name: 'cpu-each-minute',
    fact: 'CPUUtilization of the group comes each minute (detailed monitoring), at most ten minutes late',
    look: async (bench, { AutoScalingGroupName, Instances = [] }) => {
      if (Instances.length === 0) return 'no server, and so no CPU';
      const found = await published(bench, 'AWS/EC2', 'CPUUtilization', {
        AutoScalingGroupName: AutoScalingGroupName!,
      });
      if (found.gapMinutes > 1)
        throw new Differs(`a value each ${found.gapMinutes} minutes: basic monitoring`);
      return found.text;
    },
  },
  {
    name: 'hosts-are-counted',
    fact: 'Each of its target groups has a load balancer, and HealthyHostCount is published under both names',
    look: async (bench, { TargetGroupARNs = [] }) => {
      if (TargetGroupARNs.length === 0) return 'no target group';
      const asked = new DescribeTargetGroupsCommand({ TargetGroupArns: TargetGroupARNs });
      const { TargetGroups = [] } = await bench.clients.loadBalancing.send(asked);
      const texts = [];
      for (const { TargetGroupArn, TargetGroupName, LoadBalancerArns = [] } of TargetGroups) {
        const [balancer] = LoadBalancerArns;
        if (!balancer) throw new Differs(`no load balancer uses ${TargetGroupName}`);
        const namespace = balancer.includes('/net/') ? 'AWS/NetworkELB' : 'AWS/ApplicationELB';
        const found = await published(bench, namespace, 'HealthyHostCount', {
          TargetGroup: TargetGroupArn!.split(':').at(-1)!,
          LoadBalancer: balancer.split(':loadbalancer/')[1]!,
        });
        texts.push(`${TargetGroupName}: ${found.text}`);
      }
      return texts.join('\n');
    },
  },
];

/** @throws Differs for a metric of which nothing came in time */
async function published(
  bench: Bench,
  Namespace: string,
  MetricName: string,
  dimensions: Readonly<Record<string, string>>,
): Promise<{ text: string; gapMinutes: number }> {
  const now = await bench.now();
  const Dimensions = Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value }));
  const MetricStat = { Metric: { Namespace, MetricName, Dimensions }, Period: 60, Stat: 'Average' };
  const { MetricDataResults } = await bench.clients.cloudWatch.send(
    new GetMetricDataCommand({
      StartTime: new Date(Math.floor((now - lookBackMs) / minuteMs) * minuteMs),
      EndTime: new Date(now),
      MetricDataQueries: [{ Id: 'm', MetricStat }],
      ScanBy: 'TimestampAscending',
    }),
  );
  const times = (MetricDataResults?.[0]?.Timestamps ?? []).map(Number);
  const last = times.at(-1);
  if (last === undefined || now - last > lateAtMostMs)
    throw new Differs(`${MetricName}: nothing of the last ten minutes was published`);
  const gaps = times.slice(1).map((at, index) => (at - times[index]!) / minuteMs);
  const ago = Math.round((now - last) / minuteMs);
  const text = `${times.length} values of ${lookBackMs / minuteMs} minutes, the last of ${ago} minutes ago`;
  return { text, gapMinutes: gaps.length > 0 ? Math.min(...gaps) : 1 };
}

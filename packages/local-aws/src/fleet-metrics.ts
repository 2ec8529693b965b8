import type { Instance } from '@aws-sdk/client-ec2';
import type { AutoScaling } from './autoscaling/autoscaling.ts';
import type { Group } from './autoscaling/group.ts';
import type { MetricSink } from './cloudwatch/cloudwatch.ts';
import type { Ec2 } from './ec2/ec2.ts';
import { balancerMetrics } from './elbv2/balancer-metrics.ts';
import type { LoadBalancing } from './elbv2/elbv2.ts';
import type { Agenda, Instant } from './service.ts';
import type { Placement, ServerMinute, TrafficWorld, WorldMinute } from './traffic-world.ts';

const MINUTE = 60_000;
/** Basic monitoring publishes every five minutes, detailed monitoring every minute. */
const BASIC_PERIOD = 5 * MINUTE;

/** One datapoint on its way to CloudWatch. */
export interface Datum {
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: Readonly<Record<string, string>>;
  readonly observation: Parameters<MetricSink['record']>[2];
}

interface Services {
  readonly ec2: Ec2;
  readonly balancing: LoadBalancing;
  readonly scaling: AutoScaling;
  readonly metrics: MetricSink;
}

/** Plays the world minute by minute and publishes what EC2, the load balancers and Auto Scaling measure of it. */
export class FleetMetrics {
  readonly #agenda: Agenda;
  readonly #services: Services;
  readonly #world: TrafficWorld;
  #unpublished: { at: Instant; data: Datum[] } | undefined;

  constructor(agenda: Agenda, services: Services, world: TrafficWorld) {
    this.#agenda = agenda;
    this.#services = services;
    this.#world = world;
  }

  /** Starts with the minute that begins next. */
  start(): void {
    this.#scheduleEnd(Math.ceil(this.#agenda.now() / MINUTE) * MINUTE);
  }

  #scheduleEnd(start: Instant): void {
    this.#agenda.at(start + MINUTE, 'a minute passes', () => {
      this.#endMinute(start);
      this.#scheduleEnd(start + MINUTE);
    });
  }

  /** Datapoints show up a minute after their minute has ended. */
  #endMinute(start: Instant): void {
    const last = this.#unpublished;
    for (const { namespace, name, dimensions, observation } of last?.data ?? [])
      this.#services.metrics.record({ namespace, name, dimensions }, last!.at, observation);
    const groups = this.#services.scaling.groups.all();
    const minute = this.#world.minute(
      start,
      groups.map((group) => this.#placementOf(group)),
    );
    this.#unpublished = {
      at: start,
      data: [
        ...this.#serverData(minute, start),
        ...groups.flatMap((group) => this.#groupData(group, minute)),
      ],
    };
  }

  #placementOf(group: Group): Placement {
    const members = [...group.members.keys()];
    const inService = members.filter((id) => group.members.get(id)!.state === 'InService');
    const healthy = group.targetGroupArns.flatMap(
      (arn) => this.#services.balancing.targetGroups.find(arn)?.healthyInstances() ?? [],
    );
    const serving = group.targetGroupArns.length > 0 ? [...new Set(healthy)] : inService;
    return { group: group.name, serving, members };
  }

  #serverData(minute: WorldMinute, start: Instant): Datum[] {
    return this.#services.ec2.instances.instances.all().flatMap((instance) => {
      const measured = minute.servers.get(instance.InstanceId!);
      if (!measured || instance.State?.Name !== 'running') return [];
      const group = this.#services.scaling.groups.groupOf(instance.InstanceId!)?.name;
      return [...ec2Data(instance, measured, group, start), ...agentData(instance, measured, group)];
    });
  }

  #groupData(group: Group, minute: WorldMinute): Datum[] {
    const traffic = minute.traffic.get(group.name);
    const balanced = group.targetGroupArns.flatMap((arn) => {
      const targets = this.#services.balancing.targetGroups.find(arn);
      return targets ? balancerMetrics(targets, traffic) : [];
    });
    return [...balanced, ...groupMetrics(group)];
  }
}

/** Basic monitoring is a sample of the last minute of every five. */
function ec2Data(
  instance: Instance,
  measured: ServerMinute,
  group: string | undefined,
  start: Instant,
): Datum[] {
  const basic = instance.Monitoring?.State !== 'enabled';
  if (basic && (start + MINUTE) % BASIC_PERIOD !== 0) return [];
  const factor = basic ? BASIC_PERIOD / MINUTE : 1;
  const values = {
    CPUUtilization: measured.cpuPercent,
    NetworkIn: measured.bytesIn * factor,
    NetworkOut: measured.bytesOut * factor,
    StatusCheckFailed: 0,
  };
  return Object.entries(values).flatMap(([name, observation]) =>
    dimensionsOf(instance, group).map((dimensions) => ({
      namespace: 'AWS/EC2',
      name,
      dimensions,
      observation,
    })),
  );
}

/** What the CloudWatch agent on the server publishes. */
function agentData(instance: Instance, measured: ServerMinute, group: string | undefined): Datum[] {
  const values = { mem_used_percent: measured.memoryPercent, disk_used_percent: measured.diskPercent };
  return Object.entries(values).flatMap(([name, observation]) =>
    dimensionsOf(instance, group).map((dimensions) => ({
      namespace: 'CWAgent',
      name,
      dimensions,
      observation,
    })),
  );
}

function dimensionsOf(instance: Instance, group: string | undefined): Record<string, string>[] {
  const own = { InstanceId: instance.InstanceId! };
  return group ? [own, { AutoScalingGroupName: group }] : [own];
}

/** The metrics of the group itself, those that were switched on. */
function groupMetrics(group: Group): Datum[] {
  const members = [...group.members.values()];
  const count = (prefix: string) => members.filter((member) => member.state.startsWith(prefix)).length;
  const values: Record<string, number> = {
    GroupMinSize: group.minSize,
    GroupMaxSize: group.maxSize,
    GroupDesiredCapacity: group.desired,
    GroupInServiceInstances: count('InService'),
    GroupPendingInstances: count('Pending'),
    GroupTerminatingInstances: count('Terminating'),
    GroupTotalInstances: members.length,
  };
  return [...group.metrics]
    .filter((name) => name in values)
    .map((name) => ({
      namespace: 'AWS/AutoScaling',
      name,
      dimensions: { AutoScalingGroupName: group.name },
      observation: values[name]!,
    }));
}

import type { Instance } from '@aws-sdk/client-ec2';
import type { AutoScaling } from './autoscaling/autoscaling.ts';
import type { Group } from './autoscaling/group.ts';
import type { MetricSink } from './cloudwatch/cloudwatch.ts';
import type { Datum } from './datum.ts';
import { agentData } from './ec2/cloudwatch-agent.ts';
import type { Ec2 } from './ec2/ec2.ts';
import type { Ecs } from './ecs/ecs.ts';
import type { EcsService } from './ecs/ecs-service.ts';
import { balancerMetrics } from './elbv2/balancer-metrics.ts';
import type { LoadBalancing } from './elbv2/elbv2.ts';
import { seededRandom } from './random.ts';
import type { EventQueue, Instant } from './service.ts';
import type { Placement, ServerMinute, TrafficWorld, WorldMinute } from './traffic-world.ts';

const minuteMs = 60_000;
/** Basic monitoring publishes every five minutes, detailed monitoring every minute. */
const basicPeriod = 5 * minuteMs;

/**
 * Datapoints show up a minute after their minute has ended; those of load balancers, one to three minutes after it.
 * @returns whole minutes
 */
function usualMinutesLate(namespace: string, start: Instant): number {
  if (!namespace.endsWith('ELB')) return 1;
  const chance = seededRandom(start / minuteMs).next();
  return chance < 0.5 ? 1 : chance < 0.85 ? 2 : 3;
}

/** Those of one region. */
interface Services {
  readonly ec2: Ec2;
  readonly balancing: LoadBalancing;
  readonly scaling: AutoScaling;
  readonly ecs: Ecs;
  readonly metrics: MetricSink;
}

/** A datapoint of a minute, and who is to have it. */
interface Coming {
  readonly at: Instant;
  readonly datum: Datum;
  readonly metrics: MetricSink;
}

/**
 * Plays the world minute by minute and publishes what EC2, the load balancers and Auto Scaling measure of it, each region's in its own
 * CloudWatch.
 */
export class FleetMetrics {
  readonly #eventQueue: EventQueue;
  readonly #regions: Services[];
  readonly #world: TrafficWorld;
  /** Datapoints on their way, by the instant at which they show up. */
  readonly #onTheWay = new Map<Instant, Coming[]>();

  constructor(eventQueue: EventQueue, services: Services, world: TrafficWorld) {
    this.#eventQueue = eventQueue;
    this.#regions = [services];
    this.#world = world;
  }

  /** Another region of the same world. */
  add(services: Services): void {
    this.#regions.push(services);
  }

  /** Starts with the minute that begins next. */
  start(): void {
    this.#scheduleEnd(Math.ceil(this.#eventQueue.now() / minuteMs) * minuteMs);
  }

  #scheduleEnd(start: Instant): void {
    this.#eventQueue.at(start + minuteMs, 'a minute passes', () => {
      this.#endMinute(start);
      this.#scheduleEnd(start + minuteMs);
    });
  }

  #endMinute(start: Instant): void {
    const now = start + minuteMs;
    for (const { at, datum, metrics } of this.#onTheWay.get(now) ?? []) {
      metrics.record(datum, at, datum.observation, datum.isFine);
    }
    this.#onTheWay.delete(now);
    const placements = this.#regions.flatMap((services) => [
      ...services.scaling.groups.all().map((group) => placementOf(services, group)),
      ...services.ecs.all().map((service) => placementOfTasks(services, service)),
    ]);
    const minute = this.#world.minute(start, placements);
    for (const services of this.#regions) {
      const groupData = services.scaling.groups
        .all()
        .flatMap((group) => groupDataOf(services, group, minute));
      const serviceData = services.ecs.all().flatMap((service) => serviceDataOf(services, service, minute));
      this.#send([...serverDataOf(services, minute, start), ...groupData, ...serviceData], services, start);
    }
  }

  #send(data: readonly Datum[], { metrics }: Services, start: Instant): void {
    for (const [namespace, some] of Map.groupBy(data, (datum) => datum.namespace)) {
      const minutesLate = this.#world.minutesLate?.(namespace, start) ?? usualMinutesLate(namespace, start);
      if (!Number.isFinite(minutesLate)) continue;
      const due = start + (1 + minutesLate) * minuteMs;
      const coming = this.#onTheWay.get(due) ?? [];
      this.#onTheWay.set(due, coming);
      for (const datum of some) coming.push({ at: start, datum, metrics });
    }
  }
}

function placementOfTasks({ balancing }: Services, service: EcsService): Placement {
  const running = service.running().map(({ address }) => address);
  const healthy = service.targetGroupArns.flatMap(
    (arn) => balancing.targetGroups.find(arn)?.healthyInstances() ?? [],
  );
  const serving = service.targetGroupArns.length > 0 ? [...new Set(healthy)] : running;
  return { group: service.worldName, serving, members: running };
}

/** ECS measures a service by its running tasks, and what stands before it by its target groups. */
function serviceDataOf({ balancing }: Services, service: EcsService, minute: WorldMinute): Datum[] {
  const dimensions = { ClusterName: service.cluster, ServiceName: service.name };
  const own = service.running().flatMap(({ address }): Datum[] => {
    const measured = minute.servers.get(address);
    if (!measured) return [];
    const values = { CPUUtilization: measured.cpuPercent, MemoryUtilization: measured.memoryPercent };
    return Object.entries(values).map(([name, observation]) => ({
      namespace: 'AWS/ECS',
      name,
      dimensions,
      observation,
      isFine: service.publishesFinely,
    }));
  });
  const traffic = minute.traffic.get(service.worldName);
  const balanced = service.targetGroupArns.flatMap((arn) => {
    const targets = balancing.targetGroups.find(arn);
    return targets ? balancerMetrics(targets, traffic) : [];
  });
  return [...own, ...balanced];
}

function placementOf({ balancing }: Services, group: Group): Placement {
  const members = [...group.members.keys()];
  const inService = members.filter((id) => group.members.get(id)!.state === 'InService');
  const healthy = group.targetGroupArns.flatMap(
    (arn) => balancing.targetGroups.find(arn)?.healthyInstances() ?? [],
  );
  const serving = group.targetGroupArns.length > 0 ? [...new Set(healthy)] : inService;
  return { group: group.name, serving, members };
}

function serverDataOf({ ec2, scaling }: Services, minute: WorldMinute, start: Instant): Datum[] {
  return ec2.instances.instances.all().flatMap((instance) => {
    const measured = minute.servers.get(instance.InstanceId!);
    if (!measured || instance.State?.Name !== 'running') return [];
    const group = scaling.groups.groupOf(instance.InstanceId!)?.name;
    const script = ec2.instances.userDataOf(instance.InstanceId!);
    return [...ec2Data(instance, measured, group, start), ...agentData(script, instance, group, measured)];
  });
}

function groupDataOf({ balancing }: Services, group: Group, minute: WorldMinute): Datum[] {
  const traffic = minute.traffic.get(group.name);
  const balanced = group.targetGroupArns.flatMap((arn) => {
    const targets = balancing.targetGroups.find(arn);
    return targets ? balancerMetrics(targets, traffic) : [];
  });
  return [...balanced, ...groupMetrics(group)];
}

/** Basic monitoring is a sample of the last minute of every five. */
function ec2Data(
  instance: Instance,
  measured: ServerMinute,
  group: string | undefined,
  start: Instant,
): Datum[] {
  const basic = instance.Monitoring?.State !== 'enabled';
  if (basic && (start + minuteMs) % basicPeriod !== 0) return [];
  const factor = basic ? basicPeriod / minuteMs : 1;
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

import type { CloudContext } from '../cloud-context.ts';
import type { Ec2 } from '../ec2/ec2.ts';
import type { ServerWorld } from '../ec2/server-world.ts';
import type { TargetGroups } from '../elbv2/target-groups.ts';
import type { CapacityLoop } from './capacity-loop.ts';
import type { Group, Member } from './group.ts';
import { instant } from './groups.ts';

const interval = 30_000;

/** Checks the instances in service every half minute and replaces the unhealthy ones. */
export class Health {
  readonly #cloud: CloudContext;
  readonly #ec2: Ec2;
  readonly #targetGroups: TargetGroups;
  readonly #world: ServerWorld;
  readonly #capacityLoop: CapacityLoop;

  constructor(
    cloud: CloudContext,
    ec2: Ec2,
    targetGroups: TargetGroups,
    world: ServerWorld,
    capacityLoop: CapacityLoop,
  ) {
    this.#cloud = cloud;
    this.#ec2 = ec2;
    this.#targetGroups = targetGroups;
    this.#world = world;
    this.#capacityLoop = capacityLoop;
  }

  /** Watches a group for as long as `exists` says so. */
  watch(group: Group, exists: () => boolean): void {
    this.#cloud.eventQueue.at(this.#cloud.eventQueue.now() + interval, `health of ${group.name}`, () => {
      if (!exists()) return;
      this.#check(group);
      this.watch(group, exists);
    });
  }

  #check(group: Group): void {
    if (group.suspended.has('HealthCheck')) return;
    for (const member of [...group.members.values()]) {
      if (member.state !== 'InService') continue;
      const complaint = this.#complaint(group, member);
      if (!member.healthIsManual) member.health = complaint ? 'Unhealthy' : 'Healthy';
      if (member.health === 'Healthy' || group.suspended.has('ReplaceUnhealthy')) continue;
      const why = complaint ?? 'a user health-check';
      const cause = `At ${instant(this.#cloud.eventQueue.now())} an instance was taken out of service in response to ${why}.`;
      group.cause = '';
      this.#capacityLoop.terminate(group, member, cause);
    }
  }

  /** What a health check that is not in order says; undefined when all are. */
  #complaint(group: Group, member: Member): string | undefined {
    const now = this.#cloud.eventQueue.now();
    const state = this.#ec2.instances.instances.find(member.instanceId)?.State?.Name;
    if (state !== 'running') return 'an EC2 health check indicating it has been terminated or stopped';
    if (now < member.inServiceAt! + group.gracePeriodSeconds * 1000) return undefined;
    if (!this.#world.reachable(member.instanceId, now)) return 'an EC2 instance status checks failure';
    if (group.healthCheckType.split(',').includes('ELB') && this.#isRefusedByBalancer(group, member))
      return 'an ELB system health check failure';
    return undefined;
  }

  #isRefusedByBalancer(group: Group, member: Member): boolean {
    return group.targetGroupArns.some(
      (arn) => this.#targetGroups.find(arn)?.isUnhealthy(member.instanceId) ?? false,
    );
  }
}

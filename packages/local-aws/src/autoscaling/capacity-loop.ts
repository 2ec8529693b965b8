import type { Instance as Ec2Instance, InstanceStateName } from '@aws-sdk/client-ec2';
import type { CloudContext } from '../cloud-context.ts';
import type { Ec2 } from '../ec2/ec2.ts';
import type { TargetGroups } from '../elbv2/target-groups.ts';
import { ServiceError } from '../service.ts';
import type { ActivityLog } from './activities.ts';
import { capacityOf, type Group, isActive, type Member } from './group.ts';
import { instant } from './groups.ts';
import type { Lifecycle } from './lifecycle.ts';
import { isSpot, place, purchased, templateOf } from './placement.ts';
import { chooseVictim } from './termination-policy.ts';

/** How long after a change Auto Scaling acts on it. */
const reaction = 3_000;
const minute = 60_000;
const longestBackoffMinutes = 30;
/** EC2's errors that another zone may not have. */
const lacksCapacity =
  /^(InsufficientInstanceCapacity|InsufficientHostCapacity|SpotMaxPriceTooLow|Unsupported)$/;
/** AWS itself suspends Launch for a group whose launches failed for a day. */
const giveUp = 24 * 60 * minute;

/** Brings instances into a group and takes them out, until there are as many as desired. */
export class CapacityLoop {
  readonly #waiting = new Set<Group>();
  readonly #cloud: CloudContext;
  readonly #ec2: Ec2;
  readonly #targetGroups: TargetGroups;
  readonly #log: ActivityLog;
  readonly #lifecycle: Lifecycle;
  readonly #groupOf: (instanceId: string) => Group | undefined;

  constructor(
    cloud: CloudContext,
    ec2: Ec2,
    targetGroups: TargetGroups,
    log: ActivityLog,
    lifecycle: Lifecycle,
    groupOf: (instanceId: string) => Group | undefined,
  ) {
    this.#cloud = cloud;
    this.#ec2 = ec2;
    this.#targetGroups = targetGroups;
    this.#log = log;
    this.#lifecycle = lifecycle;
    this.#groupOf = groupOf;
    ec2.instances.onState((instance, state) => this.#onState(instance, state));
  }

  /** Looks at the group soon. */
  wake(group: Group, at = this.#cloud.eventQueue.now() + reaction): void {
    if (this.#waiting.has(group)) return;
    this.#waiting.add(group);
    this.#cloud.eventQueue.at(at, `converge ${group.name}`, () => {
      this.#waiting.delete(group);
      this.#converge(group);
    });
  }

  /** Takes an instance out, whatever it is doing. The caller has changed desired if it should. */
  terminate(group: Group, member: Member, cause: string): void {
    if (!isActive(member)) return;
    this.#lifecycle.forget(member.instanceId);
    this.#log.end(group, member.activity, 'Cancelled');
    const activity = this.#log.begin(group, `Terminating EC2 instance: ${member.instanceId}`, cause);
    activity.Details = this.#detailsOf(member);
    member.activity = activity;
    member.state = 'Terminating';
    const now = this.#cloud.eventQueue.now();
    const drained = Math.max(
      now,
      ...group.targetGroupArns.map((arn) => this.#targetGroups.deregister(arn, member.instanceId)),
    );
    if (drained > now) this.#log.progress(activity, 'WaitingForELBConnectionDraining', 30);
    this.#cloud.eventQueue.at(drained, `drained ${member.instanceId}`, () =>
      this.#runTerminationHooks(group, member),
    );
    this.wake(group);
  }

  /** Registers a member at the group's target groups and puts it to work. */
  enterService(group: Group, member: Member): void {
    for (const arn of group.targetGroupArns) this.#targetGroups.register(arn, member.instanceId);
    member.state = 'InService';
    member.inServiceAt = this.#cloud.eventQueue.now();
    this.wake(group);
  }

  /** Takes a member out of its load balancers for a while: it does not serve, and stays in the group. */
  standBy(group: Group, member: Member, done: () => void): void {
    member.state = 'EnteringStandby';
    const soon = this.#cloud.eventQueue.now() + reaction;
    const drained = group.targetGroupArns.map((arn) => this.#targetGroups.deregister(arn, member.instanceId));
    this.#cloud.eventQueue.at(Math.max(soon, ...drained), `stand by ${member.instanceId}`, () => {
      if (member.state === 'EnteringStandby') member.state = 'Standby';
      done();
    });
    this.wake(group);
  }

  /** Puts a member that stood by to work again. */
  comeBack(group: Group, member: Member, done: () => void): void {
    member.state = 'Pending';
    this.#cloud.eventQueue.at(
      this.#cloud.eventQueue.now() + reaction,
      `come back ${member.instanceId}`,
      () => {
        if (member.state === 'Pending') this.enterService(group, member);
        done();
      },
    );
  }

  #converge(group: Group): void {
    if (group.deleting) return;
    const now = this.#cloud.eventQueue.now();
    if (!group.suspended.has('Launch') && now >= group.failures.retryAt) this.#launchMissing(group);
    if (!group.suspended.has('Terminate')) this.#terminateExcess(group);
    if (group.isRepurchasing && !group.suspended.has('Launch')) this.#matchPurchase(group);
    if (capacityOf(group) < group.desired && !group.suspended.has('Launch') && group.failures.retryAt > now)
      this.wake(group, group.failures.retryAt);
  }

  #launchMissing(group: Group): void {
    while (capacityOf(group) < group.desired) if (!this.#launchSomewhere(group)) return;
  }

  /** What one zone has no capacity for, the next may have. @returns whether one of them had it */
  #launchSomewhere(group: Group): boolean {
    const zones = group.subnetIds.length;
    let failed: ServiceError | undefined;
    for (let attempt = 0; attempt < zones; attempt++) {
      failed = this.#launch(group, zones * group.failures.count + attempt);
      if (!failed) return true;
      if (!lacksCapacity.test(failed.code)) break;
    }
    this.#backOff(group);
    return false;
  }

  /**
   * One by one, a new server before an old one goes.
   * @see https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_UpdateAutoScalingGroup.html
   */
  #matchPurchase(group: Group): void {
    if (isChanging(group) || capacityOf(group) !== group.desired) return;
    const { onDemand, spot } = purchased(group, this.#ec2, group.desired);
    if (onDemand <= 0 && spot <= 0) group.isRepurchasing = false;
    else this.#launchSomewhere(group);
  }

  /** While servers are replaced to match the purchase options, one of those that are too many goes. */
  #candidates(group: Group): Member[] {
    const serving = [...group.members.values()].filter((member) => member.state === 'InService');
    if (!group.isRepurchasing) return serving;
    const { spot } = purchased(group, this.#ec2, group.desired);
    return serving.filter((member) => isSpot(this.#ec2, member.instanceId) === spot > 0);
  }

  #terminateExcess(group: Group): void {
    if (group.isRepurchasing && isChanging(group)) return;
    for (;;) {
      const excess = capacityOf(group) - group.desired;
      const candidates = this.#candidates(group);
      const victim = chooseVictim(
        group,
        candidates,
        this.#currentVersion(group),
        this.#cloud.eventQueue.now(),
      );
      // With weights, an instance that counts for more than the excess stays.
      if (!victim || excess < victim.weight) return;
      const capacity = capacityOf(group);
      const at = instant(this.#cloud.eventQueue.now());
      const reason = `At ${at} an instance was taken out of service in response to a difference between desired and actual capacity, shrinking the capacity from ${capacity} to ${capacity - victim.weight}.  At ${at} instance ${victim.instanceId} was selected for termination.`;
      this.terminate(group, victim, `${group.cause}  ${reason}`);
    }
  }

  /** @returns why it has failed already; undefined: not yet */
  #launch(group: Group, attempt: number): ServiceError | undefined {
    const now = this.#cloud.eventQueue.now();
    const capacity = capacityOf(group);
    const placement = place(group, this.#ec2, attempt);
    const reason = `At ${instant(now)} an instance was started in response to a difference between desired and actual capacity, increasing the capacity from ${capacity} to ${capacity + placement.weight}.`;
    const activity = this.#log.begin(
      group,
      'Launching a new EC2 instance',
      `${group.cause}  ${reason}`.trim(),
    );
    try {
      const template = this.#ec2.templates.version(placement.template);
      const [instance] = this.#ec2.instances.run(
        {
          MinCount: 1,
          MaxCount: 1,
          LaunchTemplate: placement.template,
          SubnetId: placement.subnetId,
          InstanceType: placement.instanceType as never,
          ...(placement.isSpot ? { InstanceMarketOptions: { MarketType: 'spot' as const } } : {}),
          TagSpecifications: [{ ResourceType: 'instance', Tags: this.#instanceTags(group) }],
        },
        now,
      );
      const { LaunchTemplateId, LaunchTemplateName, VersionNumber } = template;
      const member = this.join(group, instance!, placement.weight);
      group.members.set(member.instanceId, {
        ...member,
        activity,
        launchTemplate: { LaunchTemplateId, LaunchTemplateName, Version: String(VersionNumber) },
      });
      activity.Description = `Launching a new EC2 instance: ${member.instanceId}`;
      activity.Details = this.#detailsOf(member);
      this.#log.progress(activity, 'PreInService', 30);
      return undefined;
    } catch (error) {
      if (!(error instanceof ServiceError)) throw error;
      this.#log.end(group, activity, 'Failed', `${error.message} Launching EC2 instance failed.`);
      this.#log.announce(group, 'Launch', 'Unsuccessful', undefined, activity);
      return error;
    }
  }

  /** A record for an instance that joins the group, not yet in it. */
  join(group: Group, instance: Ec2Instance, weight: number): Member {
    return {
      instanceId: instance.InstanceId!,
      zone: instance.Placement!.AvailabilityZone!,
      instanceType: instance.InstanceType!,
      weight,
      launchTemplate: undefined,
      launchedAt: instance.LaunchTime!.getTime(),
      state: 'Pending',
      health: 'Healthy',
      healthIsManual: false,
      isProtected: group.protectNew,
      inServiceAt: undefined,
      activity: undefined,
    };
  }

  /** No zone had it: the next try waits longer than the one before. */
  #backOff(group: Group): void {
    const now = this.#cloud.eventQueue.now();
    const { failures } = group;
    if (failures.count === 0) failures.since = now;
    failures.count += 1;
    failures.retryAt = now + Math.min(2 ** (failures.count - 1), longestBackoffMinutes) * minute;
    if (now - failures.since >= giveUp)
      group.suspended.set('Launch', `Suspended by AWS at ${instant(now)}: launches failed for 24 hours`);
  }

  #onState(instance: Ec2Instance, state: InstanceStateName): void {
    const group = this.#groupOf(instance.InstanceId!);
    const member = group?.members.get(instance.InstanceId!);
    if (!group || !member) return;
    if (state === 'running' && member.state === 'Pending') this.#runLaunchHooks(group, member);
    if (state !== 'terminated') return;
    if (isActive(member)) this.#lostWhileLaunching(group, member);
    else this.#terminated(group, member);
  }

  #runLaunchHooks(group: Group, member: Member): void {
    const waits = this.#lifecycle.pause(group, member, 'LAUNCHING', (result, why) => {
      if (result === 'ABANDON') {
        this.#log.end(group, member.activity, 'Cancelled', why);
        this.#log.announce(group, 'Launch', 'Unsuccessful', member, member.activity);
        this.terminate(
          group,
          member,
          `At ${instant(this.#cloud.eventQueue.now())} an instance was taken out of service in response to a lifecycle action that abandoned it.`,
        );
      } else this.#launched(group, member);
    });
    if (!waits) return;
    member.state = 'Pending:Wait';
    this.#log.progress(member.activity, 'MidLifecycleAction', 50);
  }

  #launched(group: Group, member: Member): void {
    group.failures = { count: 0, since: 0, retryAt: 0 };
    this.enterService(group, member);
    const { activity } = member;
    this.#log.announce(group, 'Launch', 'Successful', member, activity);
    const warmup = group.defaultInstanceWarmup ?? 0;
    if (warmup === 0) this.#log.end(group, activity, 'Successful');
    else {
      this.#log.progress(activity, 'WaitingForInstanceWarmup', 66);
      this.#cloud.eventQueue.at(
        this.#cloud.eventQueue.now() + warmup * 1000,
        `warm ${member.instanceId}`,
        () => this.#log.end(group, activity, 'Successful'),
      );
    }
  }

  #runTerminationHooks(group: Group, member: Member): void {
    if (!group.members.has(member.instanceId)) return;
    const waits = this.#lifecycle.pause(group, member, 'TERMINATING', () => {
      member.state = 'Terminating:Proceed';
      this.#log.progress(member.activity, 'InProgress', 80);
      const instance = this.#ec2.instances.instances.find(member.instanceId);
      if (!instance || instance.State?.Name === 'terminated') this.#terminated(group, member);
      else this.#ec2.instances.terminate(member.instanceId, this.#cloud.eventQueue.now());
    });
    if (!waits) return;
    member.state = 'Terminating:Wait';
    this.#log.progress(member.activity, 'MidLifecycleAction', 60);
  }

  #terminated(group: Group, member: Member): void {
    // Terminated by somebody else while its hooks or its draining still run: those finish first.
    if (member.state !== 'Terminating:Proceed') return;
    group.members.delete(member.instanceId);
    this.#log.end(group, member.activity, 'Successful');
    this.#log.announce(group, 'Terminate', 'Successful', member, member.activity);
    this.wake(group);
  }

  /** An instance that dies before it is in service; one that is in service is found by the health check. */
  #lostWhileLaunching(group: Group, member: Member): void {
    if (member.state === 'InService') return;
    this.#lifecycle.forget(member.instanceId);
    group.members.delete(member.instanceId);
    this.#log.end(
      group,
      member.activity,
      'Cancelled',
      'Instance became unhealthy while waiting for instance to be in InService state. Termination Reason: Server.InternalError: Internal error on launch',
    );
    this.#log.announce(group, 'Launch', 'Unsuccessful', member, member.activity);
    this.wake(group);
  }

  #currentVersion(group: Group): string | undefined {
    return String(this.#ec2.templates.findVersion(templateOf(group))?.VersionNumber);
  }

  #instanceTags(group: Group) {
    const own = group.tags.filter((tag) => tag.PropagateAtLaunch).map(({ Key, Value }) => ({ Key, Value }));
    return [...own, { Key: 'aws:autoscaling:groupName', Value: group.name }];
  }

  #detailsOf(member: Member): string {
    const subnet = this.#ec2.instances.instances.find(member.instanceId)?.SubnetId;
    return JSON.stringify({ 'Subnet ID': subnet, 'Availability Zone': member.zone });
  }
}

/** Somebody is coming or going. */
function isChanging(group: Group): boolean {
  return [...group.members.values()].some((member) => member.state !== 'InService');
}

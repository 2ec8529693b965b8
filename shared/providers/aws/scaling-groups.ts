import {
  type Activity,
  AttachInstancesCommand,
  type AutoScalingClient,
  type AutoScalingGroup,
  CreateOrUpdateTagsCommand,
  DescribeAutoScalingGroupsCommand,
  DescribeInstanceRefreshesCommand,
  DescribePoliciesCommand,
  DescribeScalingActivitiesCommand,
  DescribeScheduledActionsCommand,
  DetachInstancesCommand,
  ResumeProcessesCommand,
  SetDesiredCapacityCommand,
  SetInstanceProtectionCommand,
  SuspendProcessesCommand,
} from '@aws-sdk/client-auto-scaling';
import type { ElasticLoadBalancingV2Client } from '@aws-sdk/client-elastic-load-balancing-v2';
import type { Instant, LaunchFailure, LostServer, ScalingGroup } from '../../domain/observation.ts';
import { groupTag, releaseTag } from '../../fleet/names.ts';
import type {
  Adopt,
  Capacity,
  Health,
  LaunchFailures,
  Losses,
  NativeRule,
  Protect,
  Refresh,
  ReplaceUnhealthy,
  Rivals,
} from '../../ports/capacity.ts';
import type { PortError } from '../../ports/port-error.ts';
import { batches } from './batches.ts';
import { beginOf, newestLaunchFailure } from './launch-failures.ts';
import { isHeld, toLifecycle, toSuspensions } from './lifecycle.ts';
import { lostServers } from './losses.ts';
import { nativeRules } from './native-rules.ts';
import { wellAt } from './target-health.ts';
import { attempt, doubtIfRepeated } from './to-port-error.ts';

/** An instance refresh in one of these still replaces servers, or is about to. */
const refreshing = new Set(['Pending', 'InProgress', 'Cancelling', 'RollbackInProgress', 'Baking']);

/** Hundreds may be launching at once; more than that tell nothing new. */
const pagesAtMost = 5;

/** EC2 Auto Scaling, and the target groups that its servers are registered with. */
export class AwsScalingGroups
  implements Capacity, Adopt, Protect, ReplaceUnhealthy, Refresh, LaunchFailures, Losses, Health, Rivals
{
  readonly #autoScaling: AutoScalingClient;
  readonly #loadBalancing: ElasticLoadBalancingV2Client;

  constructor(autoScaling: AutoScalingClient, loadBalancing: ElasticLoadBalancingV2Client) {
    this.#autoScaling = autoScaling;
    this.#loadBalancing = loadBalancing;
  }

  async describe(names: readonly string[]): Promise<ReadonlyMap<string, ScalingGroup>> {
    const found = new Map<string, ScalingGroup>();
    for (const batch of batches(names, 100)) {
      let next: string | undefined;
      do {
        const page = await attempt(`describe ${batch.length} groups`, () =>
          this.#autoScaling.send(
            new DescribeAutoScalingGroupsCommand({
              AutoScalingGroupNames: batch,
              MaxRecords: 100,
              NextToken: next,
            }),
          ),
        );
        for (const group of page.AutoScalingGroups ?? [])
          found.set(group.AutoScalingGroupName!, toGroup(group));
        next = page.NextToken;
      } while (next);
    }
    return found;
  }

  async setDesired(name: string, desired: number): Promise<void> {
    // Cooldowns are ours: AWS's own would silently refuse.
    const input = { AutoScalingGroupName: name, DesiredCapacity: desired, HonorCooldown: false };
    await attempt(`set desired capacity of ${name} to ${desired}`, () =>
      this.#autoScaling.send(new SetDesiredCapacityCommand(input)),
    );
  }

  async attach(name: string, serverIds: readonly string[]): Promise<void> {
    for (const InstanceIds of batches(serverIds, 20)) {
      try {
        await attempt(`attach ${InstanceIds.join(', ')} to ${name}`, () =>
          this.#autoScaling.send(new AttachInstancesCommand({ AutoScalingGroupName: name, InstanceIds })),
        );
      } catch (error) {
        const refusal = error as PortError;
        if (refusal.transient || !(await this.#has(name, InstanceIds))) throw doubtIfRepeated(refusal);
      }
    }
  }

  /** When an answer was lost and the SDK asks again, Auto Scaling refuses what it has already done. */
  async #has(name: string, serverIds: readonly string[]): Promise<boolean> {
    const servers = (await this.describe([name])).get(name)?.servers ?? [];
    return serverIds.every((id) =>
      servers.some((server) => server.id === id && server.lifecycle !== 'leaving'),
    );
  }

  async detach(name: string, serverIds: readonly string[]): Promise<void> {
    for (const InstanceIds of batches(serverIds, 20)) {
      const input = { AutoScalingGroupName: name, InstanceIds, ShouldDecrementDesiredCapacity: true };
      await attempt(`detach ${InstanceIds.join(', ')} from ${name}`, () =>
        this.#autoScaling.send(new DetachInstancesCommand(input)),
      ).catch((error: PortError) => {
        throw doubtIfRepeated(error);
      });
    }
  }

  async detachBeforeDelete(name: string, serverIds: readonly string[]): Promise<void> {
    // Desired stays, for it may be at the minimum; with launches suspended nothing comes in their place.
    const input = { AutoScalingGroupName: name, ScalingProcesses: ['Launch'] };
    await attempt(`suspend launches of ${name}`, () =>
      this.#autoScaling.send(new SuspendProcessesCommand(input)),
    );
    for (const InstanceIds of batches(serverIds, 20)) {
      const detachment = { AutoScalingGroupName: name, InstanceIds, ShouldDecrementDesiredCapacity: false };
      await attempt(`detach ${InstanceIds.join(', ')} from ${name}`, () =>
        this.#autoScaling.send(new DetachInstancesCommand(detachment)),
      );
    }
  }

  async allowAdoption(name: string): Promise<void> {
    const tag = { Key: releaseTag, Value: 'true', PropagateAtLaunch: false };
    const Tags = [{ ...tag, ResourceId: name, ResourceType: 'auto-scaling-group' }];
    await attempt(`mark ${name} as one that may adopt servers`, () =>
      this.#autoScaling.send(new CreateOrUpdateTagsCommand({ Tags })),
    );
  }

  async protect(name: string, serverIds: readonly string[], protectedFromScaleIn: boolean): Promise<void> {
    for (const InstanceIds of batches(serverIds, 50)) {
      const input = { AutoScalingGroupName: name, InstanceIds, ProtectedFromScaleIn: protectedFromScaleIn };
      await attempt(`set scale-in protection in ${name}`, () =>
        this.#autoScaling.send(new SetInstanceProtectionCommand(input)),
      );
    }
  }

  async replaceUnhealthy(name: string, replace: boolean): Promise<void> {
    const input = { AutoScalingGroupName: name, ScalingProcesses: ['ReplaceUnhealthy'] };
    await attempt(`say whether ${name} replaces unhealthy servers`, () =>
      this.#autoScaling.send(
        replace ? new ResumeProcessesCommand(input) : new SuspendProcessesCommand(input),
      ),
    );
  }

  async nativeScaling(name: string): Promise<readonly NativeRule[]> {
    const input = { AutoScalingGroupName: name, MaxRecords: 100 };
    const groups = { AutoScalingGroupNames: [name] };
    const { AutoScalingGroups = [] } = await attempt(`describe ${name}`, () =>
      this.#autoScaling.send(new DescribeAutoScalingGroupsCommand(groups)),
    );
    const suspended = (AutoScalingGroups[0]?.SuspendedProcesses ?? []).map(({ ProcessName }) => ProcessName);
    const { ScalingPolicies = [] } = await attempt(`describe scaling policies of ${name}`, () =>
      this.#autoScaling.send(new DescribePoliciesCommand(input)),
    );
    const { ScheduledUpdateGroupActions = [] } = await attempt(`describe scheduled actions of ${name}`, () =>
      this.#autoScaling.send(new DescribeScheduledActionsCommand(input)),
    );
    return nativeRules(ScalingPolicies, ScheduledUpdateGroupActions, suspended);
  }

  async healthy({ trafficSources }: Pick<ScalingGroup, 'trafficSources'>): Promise<ReadonlySet<string>> {
    let healthy: readonly string[] | undefined;
    for (const TargetGroupArn of trafficSources) {
      const well = await wellAt(this.#loadBalancing, TargetGroupArn);
      healthy = (healthy ?? [...well]).filter((id) => well.has(id));
    }
    return new Set(healthy);
  }

  async instanceRefresh(name: string): Promise<string | null> {
    const { InstanceRefreshes } = await attempt(`describe instance refreshes of ${name}`, () =>
      this.#autoScaling.send(
        new DescribeInstanceRefreshesCommand({ AutoScalingGroupName: name, MaxRecords: 1 }),
      ),
    );
    const status = InstanceRefreshes?.[0]?.Status;
    return status && refreshing.has(status) ? status : null;
  }

  async launchFailure(name: string, since: Instant): Promise<LaunchFailure | null> {
    return newestLaunchFailure(await this.#activities(name, since), since);
  }

  async losses(name: string, since: Instant): Promise<readonly LostServer[]> {
    return lostServers(await this.#activities(name, since), since);
  }

  /** Those that began since then, and perhaps some before. */
  async #activities(name: string, since: Instant): Promise<readonly Activity[]> {
    const activities: Activity[] = [];
    let next: string | undefined;
    for (let page = 0; page < pagesAtMost; page++) {
      const input = { AutoScalingGroupName: name, MaxRecords: 100, NextToken: next };
      const { Activities = [], NextToken } = await attempt(`describe scaling activities of ${name}`, () =>
        this.#autoScaling.send(new DescribeScalingActivitiesCommand(input)),
      );
      activities.push(...Activities);
      next = NextToken;
      // Those under way come first, whenever they began; the others are in order, newest first.
      const oldest = Activities.at(-1);
      if (!next || (oldest?.EndTime && beginOf(oldest) < since)) break;
    }
    return activities;
  }
}

function toGroup(group: AutoScalingGroup): ScalingGroup {
  return {
    name: group.AutoScalingGroupName!,
    minSize: group.MinSize!,
    maxSize: group.MaxSize!,
    desired: group.DesiredCapacity!,
    servers: (group.Instances ?? []).map((instance) => ({
      id: instance.InstanceId!,
      lifecycle: toLifecycle(instance),
      ...(isHeld(instance) && { held: true }),
      protectedFromScaleIn: instance.ProtectedFromScaleIn ?? false,
      weight: Number(instance.WeightedCapacity ?? 1),
    })),
    suspended: toSuspensions(group.SuspendedProcesses ?? []),
    trafficSources: group.TargetGroupARNs ?? [],
    ...(isDeploying(group) && { deploying: true }),
  };
}

/** A group that existed before the fleet carries no tag of the fleet's, and no stack of ours deletes it. */
function isDeploying({ Tags = [] }: AutoScalingGroup): boolean {
  const has = (tag: string) => Tags.some(({ Key }) => Key === tag);
  return has(groupTag) && !has(releaseTag);
}

import type { ScalingGroup, Server, Suspension } from '../../domain/observation.ts';
import { alibabaGroupName } from '../../fleet/alibaba.ts';
import type { Adopt, Capacity, Protect } from '../../ports/capacity.ts';
import { PortError } from '../../ports/port-error.ts';
import { batches } from '../aws/batches.ts';
import type { AlibabaAccount, Place } from './account.ts';
import type { AlibabaActivities } from './activities.ts';
import type { GroupRecord, InstanceRecord } from './records.ts';
import { serverOf } from './server-of.ts';
import { sourcesOf } from './traffic-sources.ts';

/** Groups in a call, and servers that are attached, detached or protected at once. */
const groupsAtOnce = 50;
const serversAtOnce = 20;

/** Scaling groups (伸缩组) of Alibaba Cloud's Auto Scaling. */
export class AlibabaScalingGroups implements Capacity, Adopt, Protect {
  readonly #account: AlibabaAccount;
  readonly #activities: AlibabaActivities;
  /** Groups that were seen without a desired capacity (期望实例数). */
  readonly #withoutDesired = new Map<string, boolean>();

  constructor(account: AlibabaAccount, activities: AlibabaActivities) {
    this.#account = account;
    this.#activities = activities;
  }

  /** Ids of groups that do not exist are left out of the answer. */
  async describe(names: readonly string[]): Promise<ReadonlyMap<string, ScalingGroup>> {
    const byPlace = Map.groupBy(names, (name) => {
      const { region, credentials } = this.#account.groupOf(name);
      return JSON.stringify([region, credentials]);
    });
    const found = new Map<string, ScalingGroup>();
    for (const some of byPlace.values()) {
      const place = this.#account.groupOf(some[0]!);
      const ids = some.map((name) => this.#account.groupOf(name).scalingGroup);
      for (const record of await this.#groups(place, ids)) {
        const name = alibabaGroupName({ ...place, scalingGroup: record.ScalingGroupId });
        found.set(name, await this.#describeOne(name, record));
      }
    }
    return found;
  }

  /**
   * A group without a desired capacity is told by an activity, which is refused while another runs; it would silently stay within
   * its bounds.
   */
  async setDesired(name: string, desired: number, seen: ScalingGroup): Promise<void> {
    const { scalingGroup: ScalingGroupId } = this.#account.groupOf(name);
    const what = `set the desired capacity of ${ScalingGroupId} to ${desired}`;
    if (desired < seen.minSize || desired > seen.maxSize)
      throw new PortError('OutOfBounds', `${what}: it takes ${seen.minSize} to ${seen.maxSize}`);
    if (!this.#withoutDesired.has(name)) await this.describe([name]);
    if (!this.#withoutDesired.get(name)) {
      await this.#do(name, what, 'ModifyScalingGroup', { ScalingGroupId, DesiredCapacity: desired });
      return;
    }
    const adjustment = { AdjustmentType: 'TotalCapacity', AdjustmentValue: desired };
    try {
      await this.#do(name, what, 'ScaleWithAdjustment', { ScalingGroupId, ...adjustment });
    } catch (error) {
      if (!(error instanceof PortError && error.message.includes('IncorrectCapacity.NoChange'))) throw error;
      // It has that many already, as an earlier try came through; or it may not change, as its process is suspended.
      const now = (await this.describe([name])).get(name)?.desired;
      if (now !== desired)
        throw new PortError(
          'Invalid',
          `${what}: it stays at ${now}: is its scaling suspended? ${error.message}`,
        );
    }
  }

  /** They stay their owner's: a server that the group takes out later is not released (`Entrusted` is false). */
  async attach(name: string, serverIds: readonly string[]): Promise<void> {
    const inside = new Set((await this.#instances(name)).map(({ InstanceId }) => InstanceId));
    const missing = serverIds.filter((id) => !inside.has(id));
    await this.#move(name, 'AttachInstances', missing);
  }

  /** One that is on its way out has an activity running, in which all else is refused as too early: it is told for what it is. */
  async detach(name: string, serverIds: readonly string[]): Promise<void> {
    const staying = (await this.#instances(name)).filter((one) => serverOf(one)?.lifecycle !== 'leaving');
    const inside = new Set(staying.map(({ InstanceId }) => InstanceId));
    const gone = serverIds.filter((id) => !inside.has(id));
    if (gone.length > 0)
      throw new PortError(
        'Invalid',
        `detach ${serverIds.join(', ')}: ${gone.join(', ')} leaves ${name} or has left`,
      );
    await this.#move(name, 'DetachInstances', serverIds);
  }

  /** A group of Alibaba Cloud is never ours to delete. */
  async detachBeforeDelete(name: string, serverIds: readonly string[]): Promise<void> {
    await this.detach(name, serverIds);
  }

  /** No stack of ours makes such a group, so none has to let its servers go. */
  async allowAdoption(): Promise<void> {}

  async protect(name: string, serverIds: readonly string[], protectedFromScaleIn: boolean): Promise<void> {
    const { scalingGroup: ScalingGroupId } = this.#account.groupOf(name);
    for (const InstanceIds of batches(serverIds, serversAtOnce))
      await this.#do(
        name,
        `protect ${InstanceIds.length} servers of ${ScalingGroupId}`,
        'SetInstancesProtection',
        { ScalingGroupId, InstanceIds, ProtectedFromScaleIn: protectedFromScaleIn },
      );
  }

  /** More than are moved in one call: the next call is refused until the activity has ended, and is made at the next look. */
  async #move(name: string, action: 'AttachInstances' | 'DetachInstances', ids: readonly string[]) {
    const { scalingGroup: ScalingGroupId } = this.#account.groupOf(name);
    const verb = action === 'AttachInstances' ? 'attach' : 'detach';
    for (const InstanceIds of batches(ids, serversAtOnce))
      await this.#do(name, `${verb} ${InstanceIds.join(', ')} of ${ScalingGroupId}`, action, {
        ScalingGroupId,
        InstanceIds,
        ...(action === 'DetachInstances' ? { DecreaseDesiredCapacity: true } : {}),
      });
  }

  async #do(
    name: string,
    what: string,
    action: string,
    input: Readonly<Record<string, unknown>>,
  ): Promise<void> {
    const place = this.#account.groupOf(name);
    await this.#account.ask(place, {
      what,
      service: 'ess',
      action,
      // These operations find the region by the group; one that takes a region takes this one.
      input: action === 'AttachInstances' ? { ...input, RegionId: place.region } : input,
    });
  }

  async #describeOne(name: string, record: GroupRecord): Promise<ScalingGroup> {
    const servers = (await this.#instances(name)).flatMap((instance) => serverOf(instance) ?? []);
    const desired = desiredOf(record);
    this.#withoutDesired.set(name, desired === undefined);
    const total = desired ?? (await this.#activities.totalToBe(name)) ?? countOf(servers);
    return {
      name,
      minSize: record.MinSize,
      maxSize: record.MaxSize,
      desired: total,
      servers,
      suspended: suspendedIn(record),
      trafficSources: sourcesOf(record),
    };
  }

  async #groups(place: Place, ids: readonly string[]): Promise<GroupRecord[]> {
    const found: GroupRecord[] = [];
    for (const ScalingGroupIds of batches(ids, groupsAtOnce)) {
      const asked = {
        what: `describe ${ScalingGroupIds.length} groups in ${place.region}`,
        service: 'ess',
        action: 'DescribeScalingGroups',
        input: { ScalingGroupIds },
      } as const;
      const listing = { key: 'ScalingGroups', pageSize: 50 } as const;
      found.push(...(await this.#account.list<GroupRecord>(place, asked, listing)));
    }
    return found;
  }

  #instances(name: string): Promise<InstanceRecord[]> {
    const place = this.#account.groupOf(name);
    const asked = {
      what: `describe servers of ${place.scalingGroup}`,
      service: 'ess',
      action: 'DescribeScalingInstances',
      input: { ScalingGroupId: place.scalingGroup },
    } as const;
    return this.#account.list<InstanceRecord>(place, asked, { key: 'ScalingInstances', pageSize: 100 });
  }
}

/** @returns undefined: the group has no desired capacity */
function desiredOf({ EnableDesiredCapacity, DesiredCapacity }: GroupRecord): number | undefined {
  return EnableDesiredCapacity === false ? undefined : (DesiredCapacity ?? undefined);
}

function countOf(servers: readonly Server[]): number {
  return servers
    .filter(({ lifecycle }) => lifecycle !== 'leaving' && lifecycle !== 'standby')
    .reduce((total, { weight }) => total + weight, 0);
}

const suspensions: Readonly<Record<string, Suspension | undefined>> = {
  ScaleOut: 'launching',
  ScaleIn: 'terminating',
  HealthCheck: 'replacing',
};

/** A disabled group (停用) does nothing by itself and refuses to be told. */
function suspendedIn({ LifecycleState, SuspendedProcesses }: GroupRecord): Suspension[] {
  if (LifecycleState !== 'Active') return ['launching', 'terminating'];
  return (SuspendedProcesses ?? []).flatMap((process) => suspensions[process] ?? []);
}

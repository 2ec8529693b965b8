import type { ScalingGroup } from '../../domain/observation.ts';
import { tencentGroupName } from '../../fleet/tencent.ts';
import type { Adopt, Capacity, Health, Protect } from '../../ports/capacity.ts';
import { PortError } from '../../ports/port-error.ts';
import { batches } from '../aws/batches.ts';
import type { Place, TencentAccount } from './account.ts';
import type { ForwardRecord, GroupRecord, HealthRecord, InstanceRecord, TargetRecord } from './records.ts';
import { serverOf } from './server-of.ts';

/** Ids in a call, values of a filter, and load balancers whose targets are asked for at once. */
const groupsAtOnce = 100;
const filterValues = 5;
const balancersAtOnce = 30;

/** Scaling groups of Tencent Cloud's Auto Scaling. */
export class TencentScalingGroups implements Capacity, Adopt, Protect, Health {
  readonly #account: TencentAccount;

  constructor(account: TencentAccount) {
    this.#account = account;
  }

  async describe(names: readonly string[]): Promise<ReadonlyMap<string, ScalingGroup>> {
    const byPlace = Map.groupBy(names, (name) => {
      const { region, credentials } = this.#account.groupOf(name);
      return JSON.stringify([region, credentials]);
    });
    const found = new Map<string, ScalingGroup>();
    for (const some of byPlace.values()) {
      const place = this.#account.groupOf(some[0]!);
      const ids = some.map((name) => this.#account.groupOf(name).scalingGroup);
      const groups = await this.#groups(place, ids);
      const instances = await this.#instances(
        place,
        groups.map(({ AutoScalingGroupId }) => AutoScalingGroupId),
      );
      const byGroup = Map.groupBy(instances, ({ AutoScalingGroupId }) => AutoScalingGroupId);
      for (const group of groups) {
        const name = tencentGroupName({ ...place, scalingGroup: group.AutoScalingGroupId });
        found.set(name, toGroup(name, group, byGroup.get(group.AutoScalingGroupId) ?? []));
      }
    }
    return found;
  }

  async setDesired(name: string, desired: number): Promise<void> {
    const { scalingGroup: AutoScalingGroupId } = this.#account.groupOf(name);
    await this.#do(
      name,
      `set the desired capacity of ${AutoScalingGroupId} to ${desired}`,
      'ModifyDesiredCapacity',
      {
        AutoScalingGroupId,
        DesiredCapacity: desired,
      },
    );
  }

  async attach(name: string, serverIds: readonly string[]): Promise<void> {
    const { scalingGroup } = this.#account.groupOf(name);
    const inside = new Set((await this.#instances(this.#account.groupOf(name), [scalingGroup])).map(idOf));
    const missing = serverIds.filter((id) => !inside.has(id));
    await this.#move(name, 'AttachInstances', missing);
  }

  async detach(name: string, serverIds: readonly string[]): Promise<void> {
    await this.#move(name, 'DetachInstances', serverIds);
  }

  /** A group of Tencent Cloud is never ours to delete. */
  async detachBeforeDelete(name: string, serverIds: readonly string[]): Promise<void> {
    await this.detach(name, serverIds);
  }

  /** No stack of ours makes such a group, so none has to let its servers go. */
  async allowAdoption(): Promise<void> {}

  async protect(name: string, serverIds: readonly string[], protectedFromScaleIn: boolean): Promise<void> {
    const { scalingGroup: AutoScalingGroupId } = this.#account.groupOf(name);
    for (const InstanceIds of batches(serverIds, groupsAtOnce))
      await this.#do(
        name,
        `protect ${InstanceIds.length} servers of ${AutoScalingGroupId}`,
        'SetInstancesProtection',
        {
          AutoScalingGroupId,
          InstanceIds,
          ProtectedFromScaleIn: protectedFromScaleIn,
        },
      );
  }

  /** A load balancer without health checks finds nobody unhealthy. */
  async healthy({ name, servers, trafficSources }: ScalingGroup): Promise<ReadonlySet<string>> {
    const place = this.#account.groupOf(name);
    const sources = new Set(trafficSources);
    const ids = [...new Set(trafficSources.map((source) => source.split('/')[0]!))];
    let well = servers.map(({ id }) => id);
    for (const LoadBalancerIds of batches(ids, balancersAtOnce)) {
      const { LoadBalancers = [] } = await this.#account.ask<{ LoadBalancers?: HealthRecord[] }>(place, {
        what: `read the health of targets of ${LoadBalancerIds.join(', ')}`,
        service: 'clb',
        action: 'DescribeTargetHealth',
        input: { LoadBalancerIds },
      });
      for (const targets of targetsOf(LoadBalancers, sources)) {
        const answering = new Set(targets.filter(isWell).map(({ TargetId }) => TargetId));
        well = well.filter((id) => answering.has(id));
      }
    }
    return new Set(well);
  }

  async #move(name: string, action: 'AttachInstances' | 'DetachInstances', ids: readonly string[]) {
    if (ids.length === 0) return;
    const { scalingGroup: AutoScalingGroupId } = this.#account.groupOf(name);
    const verb = action === 'AttachInstances' ? 'attach' : 'detach';
    const what = `${verb} ${ids.join(', ')} of ${AutoScalingGroupId}`;
    await this.#do(name, what, action, { AutoScalingGroupId, InstanceIds: ids });
  }

  async #do(
    name: string,
    what: string,
    action: string,
    input: Readonly<Record<string, unknown>>,
  ): Promise<void> {
    await this.#account.ask(this.#account.groupOf(name), { what, service: 'as', action, input });
  }

  /** Those of them that exist. An id that is none of a group has all of the call refused: then each is asked for alone. */
  async #groups(place: Place, ids: readonly string[]): Promise<GroupRecord[]> {
    const found: GroupRecord[] = [];
    for (const AutoScalingGroupIds of batches(ids, groupsAtOnce)) {
      const asked = {
        what: `describe ${AutoScalingGroupIds.length} groups in ${place.region}`,
        service: 'as',
        action: 'DescribeAutoScalingGroups',
        input: { AutoScalingGroupIds, Limit: groupsAtOnce },
      } as const;
      try {
        const { AutoScalingGroupSet = [] } = await this.#account.ask<{ AutoScalingGroupSet?: GroupRecord[] }>(
          place,
          asked,
        );
        found.push(...AutoScalingGroupSet);
      } catch (error) {
        if (!(error instanceof PortError) || error.code !== 'NotFound') throw error;
        if (AutoScalingGroupIds.length === 1) continue;
        for (const id of AutoScalingGroupIds) found.push(...(await this.#groups(place, [id])));
      }
    }
    return found;
  }

  async #instances(place: Place, groupIds: readonly string[]): Promise<InstanceRecord[]> {
    const found: InstanceRecord[] = [];
    for (const Values of batches(groupIds, filterValues)) {
      const asked = {
        what: `describe servers of ${Values.join(', ')}`,
        service: 'as',
        action: 'DescribeAutoScalingInstances',
        input: { Filters: [{ Name: 'auto-scaling-group-id', Values }] },
      } as const;
      found.push(...(await this.#account.list<InstanceRecord>(place, asked, 'AutoScalingInstanceSet')));
    }
    return found;
  }
}

function idOf({ InstanceId }: InstanceRecord): string {
  return InstanceId;
}

/** A disabled group does nothing by itself and refuses to be told (停用). Neither minimum nor maximum are ours to change. */
function toGroup(name: string, group: GroupRecord, instances: readonly InstanceRecord[]): ScalingGroup {
  const { MinSize, MaxSize, DesiredCapacity, EnabledStatus, ForwardLoadBalancerSet } = group;
  return {
    name,
    minSize: MinSize,
    maxSize: MaxSize,
    desired: DesiredCapacity,
    servers: instances.flatMap((instance) => serverOf(instance) ?? []),
    suspended: EnabledStatus === 'DISABLED' ? ['launching', 'terminating'] : [],
    trafficSources: (ForwardLoadBalancerSet ?? []).map(sourceOf),
  };
}

/** `lb-1/lbl-2/loc-3`; a listener of the fourth layer has no location. */
function sourceOf({ LoadBalancerId, ListenerId, LocationId }: ForwardRecord): string {
  return [LoadBalancerId, ListenerId, ...(LocationId ? [LocationId] : [])].join('/');
}

/** The targets of each listener or location that the group stands behind. */
function targetsOf(
  balancers: readonly HealthRecord[],
  sources: ReadonlySet<string>,
): (readonly TargetRecord[])[] {
  return balancers.flatMap(({ LoadBalancerId, Listeners = [] }) =>
    Listeners.flatMap(({ ListenerId, Rules = [] }) =>
      Rules.flatMap(({ LocationId, Targets }) => {
        const places = [LoadBalancerId, ListenerId];
        const isOurs = sources.has(places.join('/')) || sources.has([...places, LocationId].join('/'));
        return isOurs ? [Targets ?? []] : [];
      }),
    ),
  );
}

function isWell({ HealthStatus, HealthStatusDetail }: TargetRecord): boolean {
  return HealthStatus || HealthStatusDetail === 'Close';
}

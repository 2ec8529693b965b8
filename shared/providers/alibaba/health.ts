import type { ScalingGroup } from '../../domain/observation.ts';
import type { Health } from '../../ports/capacity.ts';
import type { AlibabaAccount, Place } from './account.ts';
import type { ClassicHealthRecord, ListenerHealthRecord, ServerGroupRecord } from './records.ts';

/** Which servers the group's load balancers find healthy. A group's own health check does not ask them. */
export class AlibabaHealth implements Health {
  readonly #account: AlibabaAccount;

  constructor(account: AlibabaAccount) {
    this.#account = account;
  }

  /** A balancer without health checks (`unavailable`) finds nobody unhealthy. */
  async healthy({ name, servers, trafficSources }: ScalingGroup): Promise<ReadonlySet<string>> {
    const place = this.#account.groupOf(name);
    const well = new Set(servers.map(({ id }) => id));
    const idsOf = (kind: string) =>
      trafficSources.flatMap((source) =>
        source.startsWith(`${kind}/`) ? source.slice(kind.length + 1) : [],
      );
    for (const id of idsOf('clb')) {
      const states = await this.#classic(place, id);
      // A server that is not behind the balancer (yet) gets no traffic.
      for (const server of well) if (states.get(server) !== true) well.delete(server);
    }
    for (const server of await this.#unwell(place, idsOf('alb'))) well.delete(server);
    return well;
  }

  /** By server: does every listener that checks it find it well? */
  async #classic(place: Place, LoadBalancerId: string): Promise<ReadonlyMap<string, boolean>> {
    const { BackendServers } = await this.#account.ask<ClassicHealthRecord>(place, {
      what: `read the health of servers at ${LoadBalancerId}`,
      service: 'slb',
      action: 'DescribeHealthStatus',
      input: { RegionId: place.region, LoadBalancerId },
    });
    const states = new Map<string, boolean>();
    for (const { ServerId, ServerHealthStatus } of BackendServers?.BackendServer ?? [])
      states.set(ServerId, (states.get(ServerId) ?? true) && ServerHealthStatus !== 'abnormal');
    return states;
  }

  /** An application load balancer tells of those that are not normal, listener by listener. */
  async #unwell(place: Place, serverGroups: readonly string[]): Promise<ReadonlySet<string>> {
    const unwell = new Set<string>();
    const ours = new Set(serverGroups);
    for (const listener of await this.#listeners(place, serverGroups)) {
      const health = await this.#account.ask<ListenerHealthRecord>(place, {
        what: `read the health of servers at listener ${listener}`,
        service: 'alb',
        action: 'GetListenerHealthStatus',
        input: { ListenerId: listener, IncludeRule: true },
      });
      const infos = [...(health.ListenerHealthStatus ?? []), ...(health.RuleHealthStatus ?? [])].flatMap(
        ({ ServerGroupInfos }) => ServerGroupInfos ?? [],
      );
      for (const { ServerGroupId, NonNormalServers } of infos)
        for (const { ServerId, Status } of NonNormalServers ?? [])
          if (ours.has(ServerGroupId ?? '') && ServerId && Status !== 'Unavailable') unwell.add(ServerId);
    }
    return unwell;
  }

  async #listeners(place: Place, serverGroups: readonly string[]): Promise<string[]> {
    if (serverGroups.length === 0) return [];
    const { ServerGroups = [] } = await this.#account.ask<{ ServerGroups?: ServerGroupRecord[] }>(place, {
      what: `look what stands before ${serverGroups.join(', ')}`,
      service: 'alb',
      action: 'ListServerGroups',
      input: { ServerGroupIds: serverGroups, MaxResults: 100 },
    });
    const LoadBalancerIds = [...new Set(ServerGroups.flatMap((one) => one.RelatedLoadBalancerIds ?? []))];
    if (LoadBalancerIds.length === 0) return [];
    const { Listeners = [] } = await this.#account.ask<{ Listeners?: { readonly ListenerId: string }[] }>(
      place,
      {
        what: `list the listeners of ${LoadBalancerIds.join(', ')}`,
        service: 'alb',
        action: 'ListListeners',
        input: { LoadBalancerIds, MaxResults: 100 },
      },
    );
    return Listeners.map(({ ListenerId }) => ListenerId);
  }
}

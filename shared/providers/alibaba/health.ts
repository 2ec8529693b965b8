import type { ScalingGroup } from '../../domain/observation.ts';
import type { Health } from '../../ports/capacity.ts';
import type { AlibabaAccount, Place } from './account.ts';
import { AlibabaListeners, type BalancerKind } from './listeners.ts';
import type { ClassicHealthRecord, ListenerHealthRecord, ServerGroupHealth } from './records.ts';
import { sourcesAt } from './traffic-sources.ts';

/** Which servers the group's load balancers find healthy. A group's own health check does not ask them. */
export class AlibabaHealth implements Health {
  readonly #account: AlibabaAccount;
  readonly #listeners: AlibabaListeners;

  constructor(account: AlibabaAccount) {
    this.#account = account;
    this.#listeners = new AlibabaListeners(account);
  }

  /** A balancer without health checks (`unavailable`) finds nobody unhealthy. */
  async healthy({ name, servers, trafficSources }: ScalingGroup): Promise<ReadonlySet<string>> {
    const place = this.#account.groupOf(name);
    const well = new Set(servers.map(({ id }) => id));
    for (const id of sourcesAt(trafficSources, 'clb')) {
      const states = await this.#classic(place, id);
      // A server that is not behind the balancer (yet) gets no traffic.
      for (const server of well) if (states.get(server) !== true) well.delete(server);
    }
    for (const kind of ['alb', 'nlb'] as const)
      for (const server of await this.#unwell(place, kind, sourcesAt(trafficSources, kind)))
        well.delete(server);
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

  /** Application and network load balancers tell of those that are not normal, listener by listener. */
  async #unwell(
    place: Place,
    kind: BalancerKind,
    serverGroups: readonly string[],
  ): Promise<ReadonlySet<string>> {
    const unwell = new Set<string>();
    const ours = new Set(serverGroups);
    for (const { ListenerId } of await this.#listeners.before(place, kind, serverGroups)) {
      const infos = await this.#serverGroupsAt(place, kind, ListenerId);
      for (const { ServerGroupId, NonNormalServers } of infos)
        for (const { ServerId, Status } of NonNormalServers ?? [])
          if (ours.has(ServerGroupId ?? '') && ServerId && Status !== 'Unavailable') unwell.add(ServerId);
    }
    return unwell;
  }

  /** A listener of many rules tells of their groups of servers page by page. */
  async #serverGroupsAt(place: Place, kind: BalancerKind, ListenerId: string) {
    const found: ServerGroupHealth[] = [];
    // Only application balancers forward by rules.
    const hasRules = kind === 'alb';
    const asked = {
      what: `read the health of servers at listener ${ListenerId}`,
      service: kind,
      action: 'GetListenerHealthStatus',
      input: { ListenerId, ...(hasRules ? { IncludeRule: true } : {}) },
    };
    for await (const health of this.#account.pages<ListenerHealthRecord>(place, asked)) {
      for (const { ServerGroupInfos } of [
        ...(health.ListenerHealthStatus ?? []),
        ...(health.RuleHealthStatus ?? []),
      ])
        found.push(...(ServerGroupInfos ?? []));
      if (!hasRules) break;
    }
    return found;
  }
}

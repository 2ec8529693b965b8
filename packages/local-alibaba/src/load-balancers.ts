import { ApiError } from './api-error.ts';
import { type Group, isServing } from './group.ts';
import type { Input } from './parameters.ts';
import type { ServerWorld } from './server-world.ts';
import type { Timeline } from './timeline.ts';

/** Classic and application load balancers (传统型, 应用型负载均衡): which servers they find healthy. */
export class LoadBalancers {
  readonly #groups: ReadonlyMap<string, Group>;
  readonly #timeline: Timeline;
  readonly #world: ServerWorld;

  constructor(groups: ReadonlyMap<string, Group>, timeline: Timeline, world: ServerWorld) {
    this.#groups = groups;
    this.#timeline = timeline;
    this.#world = world;
  }

  readonly classic: Readonly<Record<string, (input: Input) => Readonly<Record<string, unknown>>>> = {
    DescribeHealthStatus: ({ LoadBalancerId }) => {
      const groups = this.#all().filter(({ classicBalancer }) => classicBalancer === LoadBalancerId);
      if (groups.length === 0)
        throw new ApiError(
          'InvalidLoadBalancerId.NotFound',
          'The specified LoadBalancerId does not exist.',
          404,
        );
      const BackendServer = groups.flatMap((group) =>
        serversOf(group).map((ServerId) => ({
          ServerId,
          ListenerPort: 80,
          Port: 80,
          Protocol: 'http',
          ServerHealthStatus: this.#answers(ServerId) ? 'normal' : 'abnormal',
        })),
      );
      return { BackendServers: { BackendServer } };
    },
  };

  readonly application: Readonly<Record<string, (input: Input) => Readonly<Record<string, unknown>>>> = {
    ListServerGroups: ({ ServerGroupIds }) => ({
      ServerGroups: this.#all().flatMap(({ applicationBalancer: balancer }) =>
        balancer && (ServerGroupIds as string[] | undefined)?.includes(balancer.serverGroupId) !== false
          ? [{ ServerGroupId: balancer.serverGroupId, RelatedLoadBalancerIds: [balancer.loadBalancerId] }]
          : [],
      ),
    }),
    ListListeners: ({ LoadBalancerIds }) => ({
      Listeners: this.#all().flatMap(({ applicationBalancer: balancer }) =>
        balancer && (LoadBalancerIds as string[] | undefined)?.includes(balancer.loadBalancerId) !== false
          ? [{ ListenerId: balancer.listenerId, LoadBalancerId: balancer.loadBalancerId }]
          : [],
      ),
    }),
    GetListenerHealthStatus: ({ ListenerId }) => {
      const groups = this.#all().filter((one) => one.applicationBalancer?.listenerId === ListenerId);
      if (groups.length === 0)
        throw new ApiError(
          'ResourceNotFound.Listener',
          'The specified resource of listener is not found.',
          404,
        );
      const ServerGroupInfos = groups.map((group) => ({
        ServerGroupId: group.applicationBalancer!.serverGroupId,
        HealthCheckEnabled: 'on',
        NonNormalServers: serversOf(group)
          .filter((id) => !this.#answers(id))
          .map((ServerId) => ({ ServerId, Port: 80, Status: 'Unhealthy' })),
      }));
      return {
        ListenerHealthStatus: [{ ListenerId, ListenerPort: 80, ServerGroupInfos }],
        RuleHealthStatus: [],
      };
    },
  };

  #all(): Group[] {
    return [...this.#groups.values()];
  }

  #answers(id: string): boolean {
    return this.#world.answers(id, this.#timeline.now());
  }
}

/** Who was put behind the balancer: whoever has joined. */
function serversOf({ members }: Group): string[] {
  return [...members.values()].filter(isServing).map(({ id }) => id);
}

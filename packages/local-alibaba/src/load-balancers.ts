import { ApiError } from './api-error.ts';
import { type ForwardingBalancer, type Group, isServing } from './group.ts';
import type { Input } from './parameters.ts';
import type { ServerWorld } from './server-world.ts';
import type { Timeline } from './timeline.ts';

type Operation = (input: Input) => Readonly<Record<string, unknown>>;

/** Groups of servers whose health is told at once, where nobody says how many. */
const groupsAtOnce = 20;

/** Classic, application and network load balancers (传统型, 应用型, 网络型负载均衡): which servers they find healthy. */
export class LoadBalancers {
  readonly #groups: ReadonlyMap<string, Group>;
  readonly #timeline: Timeline;
  readonly #world: ServerWorld;

  constructor(groups: ReadonlyMap<string, Group>, timeline: Timeline, world: ServerWorld) {
    this.#groups = groups;
    this.#timeline = timeline;
    this.#world = world;
  }

  readonly classic: Readonly<Record<string, Operation>> = {
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

  readonly application = this.#forwarding(({ applicationBalancer }) => applicationBalancer, 'HTTP', 'on');
  readonly network = this.#forwarding(({ networkBalancer }) => networkBalancer, 'TCP', true);

  #forwarding(
    of: (group: Group) => ForwardingBalancer | undefined,
    ListenerProtocol: string,
    checked: 'on' | true,
  ): Readonly<Record<string, Operation>> {
    const behind = (isAsked: (balancer: ForwardingBalancer) => boolean) =>
      this.#all().flatMap((group) => {
        const balancer = of(group);
        return balancer && isAsked(balancer) ? [{ group, balancer }] : [];
      });
    const listed = (ids: unknown, id: string) => (ids as string[] | undefined)?.includes(id) !== false;
    return {
      ListServerGroups: ({ ServerGroupIds }) => ({
        ServerGroups: behind(({ serverGroupId }) => listed(ServerGroupIds, serverGroupId)).map(
          ({ balancer: { serverGroupId, loadBalancerId } }) => ({
            ServerGroupId: serverGroupId,
            RelatedLoadBalancerIds: [loadBalancerId],
          }),
        ),
      }),
      // Groups of servers share one listener.
      ListListeners: ({ LoadBalancerIds }) => {
        const some = behind(({ loadBalancerId }) => listed(LoadBalancerIds, loadBalancerId));
        const byId = new Map(some.map(({ balancer }) => [balancer.listenerId, balancer.loadBalancerId]));
        const Listeners = [...byId].map(([ListenerId, LoadBalancerId]) => ({
          ListenerId,
          LoadBalancerId,
          ListenerProtocol,
          ListenerPort: 80,
        }));
        return { Listeners };
      },
      GetListenerHealthStatus: ({ ListenerId, NextToken = '0' }) => {
        const groups = behind(({ listenerId }) => listenerId === ListenerId);
        if (groups.length === 0)
          throw new ApiError(
            'ResourceNotFound.Listener',
            'The specified resource of listener is not found.',
            404,
          );
        const ServerGroupInfos = groups.map(({ group, balancer }) => ({
          ServerGroupId: balancer.serverGroupId,
          // Network balancers spell it so.
          ...(checked === true ? { HeathCheckEnabled: true } : { HealthCheckEnabled: checked }),
          NonNormalServers: serversOf(group)
            .filter((id) => !this.#answers(id))
            .map((ServerId) => ({ ServerId, Port: 80, Status: 'Unhealthy' })),
        }));
        const from = Number(NextToken);
        const some = ServerGroupInfos.slice(from, from + groupsAtOnce);
        return {
          ListenerHealthStatus: [{ ListenerId, ListenerPort: 80, ServerGroupInfos: some }],
          ...(from + groupsAtOnce < groups.length ? { NextToken: `${from + groupsAtOnce}` } : {}),
        };
      },
    };
  }

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

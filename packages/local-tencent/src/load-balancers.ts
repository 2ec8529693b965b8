import type { Balancer, Group } from './group.ts';
import type { ServerWorld } from './server-world.ts';
import type { Timeline } from './timeline.ts';

type Input = Readonly<Record<string, unknown>>;

/** What a listener is; a balancer has one. */
const port = 80;

/** A place at a listener where a group's servers stand, with what the monitor goes by. */
export interface Place {
  readonly isPublic: boolean;
  /** Of HTTP: it has locations. */
  readonly isOfRequests: boolean;
  /** Of the balancer as a whole: its address; within a private network, that one as well. */
  readonly ofBalancer: Readonly<Record<string, string>>;
  readonly ofListener: Readonly<Record<string, string>>;
  readonly ofLocation: Readonly<Record<string, string>>;
}

/** CLB (负载均衡): balancers with one listener each, behind which groups stand. */
export class LoadBalancers {
  readonly operations: Readonly<Record<string, (input: Input, region: string) => Input>>;
  readonly #groups: ReadonlyMap<string, Group>;
  readonly #world: ServerWorld;
  readonly #timeline: Timeline;

  constructor(groups: ReadonlyMap<string, Group>, world: ServerWorld, timeline: Timeline) {
    this.#groups = groups;
    this.#world = world;
    this.#timeline = timeline;
    this.operations = {
      DescribeLoadBalancers: (input, region) => this.#describe(input, region),
      DescribeTargetHealth: (input, region) => this.#targetHealth(input, region),
    };
  }

  /** Where a group stands. */
  placeOf({ LoadBalancerId, LocationId, isInternal, Url = '/' }: Balancer): Place {
    const isOfRequests = LocationId !== undefined;
    const network: Readonly<Record<string, string>> = isInternal ? { vpcId: `${numericalVpcId}` } : {};
    const ofBalancer = { vip: this.#addressOf(LoadBalancerId), ...network };
    const protocol = isOfRequests ? 'http' : 'tcp';
    const ofListener = { ...ofBalancer, loadBalancerPort: `${port}`, protocol };
    const ofLocation = { ...ofListener, domain, url: Url };
    return { isPublic: !isInternal, isOfRequests, ofBalancer, ofListener, ofLocation };
  }

  #describe({ LoadBalancerIds }: Input, region: string) {
    const ids = LoadBalancerIds as readonly string[] | undefined;
    const some = [...this.#byBalancer(region)].filter(([id]) => !ids || ids.includes(id));
    const LoadBalancerSet = some.map(([LoadBalancerId, groups]) => ({
      LoadBalancerId,
      LoadBalancerName: LoadBalancerId,
      LoadBalancerType: groups[0]!.balancer!.isInternal ? 'INTERNAL' : 'OPEN',
      LoadBalancerVips: [this.#addressOf(LoadBalancerId)],
      NumericalVpcId: numericalVpcId,
      Status: 1,
    }));
    return { TotalCount: LoadBalancerSet.length, LoadBalancerSet };
  }

  #targetHealth(input: Input, region: string) {
    const ids = input['LoadBalancerIds'] as string[];
    const some = [...this.#byBalancer(region)].filter(([id]) => ids.includes(id));
    const LoadBalancers = some.map(([LoadBalancerId, groups]) => {
      const [{ ListenerId, LocationId }] = groups.map(({ balancer }) => balancer!) as [Balancer];
      const Rules = groups.map((group) => this.#rule(group));
      const Protocol = LocationId === undefined ? 'TCP' : 'HTTP';
      return { LoadBalancerId, Listeners: [{ ListenerId, Protocol, Port: port, Rules }] };
    });
    return { LoadBalancers };
  }

  #rule({ balancer, members }: Group) {
    const now = this.#timeline.now();
    const inService = [...members.values()].filter(({ state }) => state === 'IN_SERVICE');
    const Targets = inService.map(({ id }) => {
      const isWell = this.#world.answers(id, now);
      return {
        TargetId: id,
        Port: port,
        HealthStatus: isWell,
        HealthStatusDetail: isWell ? 'Alive' : 'Dead',
      };
    });
    const { LocationId, Url = '/' } = balancer!;
    // Listeners of the fourth layer have one rule, and it is nameless.
    return { LocationId, ...(LocationId === undefined ? {} : { Domain: domain, Url }), Targets };
  }

  #byBalancer(region: string): ReadonlyMap<string, Group[]> {
    const some = [...this.#groups.values()].filter((group) => group.balancer && group.region === region);
    return Map.groupBy(some, ({ balancer }) => balancer!.LoadBalancerId);
  }

  /** Each has its own, of those that are for documentation (RFC 5737). */
  #addressOf(id: string): string {
    const ids = [
      ...new Set([...this.#groups.values()].flatMap(({ balancer }) => balancer?.LoadBalancerId ?? [])),
    ];
    return `203.0.113.${ids.indexOf(id) + 1}`;
  }
}

const domain = 'www.example.com';
const numericalVpcId = 5436123;

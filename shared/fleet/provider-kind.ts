import type { Complain, Draft } from './across-fields.ts';
import type { Group } from './group.ts';

/** What a provider of servers may be able to do besides saying how many there are, and being told how many there should be. */
export type Capability =
  | 'adopt'
  | 'protect'
  | 'replaceUnhealthy'
  | 'refresh'
  | 'launchFailures'
  | 'losses'
  | 'health'
  | 'loadBalancers'
  | 'rivals';

/** Who keeps a group's servers. */
export interface ProviderKind {
  /** For people. */
  readonly name: string;
  readonly can: ReadonlySet<Capability>;
}

const autoScaling: ProviderKind = {
  name: 'EC2 Auto Scaling',
  can: new Set([
    'adopt',
    'protect',
    'replaceUnhealthy',
    'refresh',
    'launchFailures',
    'losses',
    'health',
    'loadBalancers',
    'rivals',
  ]),
};

const ecs: ProviderKind = {
  name: 'Amazon ECS',
  can: new Set(['refresh', 'launchFailures', 'losses', 'health', 'loadBalancers', 'rivals']),
};

/** Which provider keeps the servers of a group of the fleet file. */
export type ProviderOf = (group: Draft<Group>) => ProviderKind;

/** Groups that are made and groups that exist are groups of EC2 Auto Scaling, unless they name a service. */
export const providerOf: ProviderOf = (group) => ('ecs' in group ? ecs : autoScaling);

/** What a group asks for that only some providers can do, with its place in the file. */
const asks: readonly {
  readonly key: keyof Group;
  readonly needs: readonly Capability[];
  readonly isAsked: (group: Draft<Group>) => boolean;
}[] = [
  { key: 'instances', needs: ['adopt', 'protect'], isAsked: ({ instances = [] }) => instances.length > 0 },
  {
    key: 'replaceUnhealthy',
    needs: ['replaceUnhealthy'],
    isAsked: ({ replaceUnhealthy }) => replaceUnhealthy !== undefined,
  },
  { key: 'loadBalancer', needs: ['health'], isAsked: ({ loadBalancer }) => loadBalancer !== undefined },
];

const abilities: Readonly<Record<Capability, string>> = {
  adopt: 'take servers in that exist',
  protect: 'protect servers from scale-in',
  replaceUnhealthy: 'be told whether to replace unhealthy servers',
  refresh: 'replace servers by and by',
  launchFailures: 'say why launches fail',
  losses: 'say what has become of its servers',
  health: 'tell which servers are healthy at a load balancer',
  loadBalancers: 'say what stands before its servers',
  rivals: 'have scaling rules of its own',
};

/** What a group's provider cannot do, its file cannot ask for: the engine never meets it at run time. */
export function capabilityRules(group: Draft<Group>, { name, can }: ProviderKind, complain: Complain): void {
  for (const { key, needs, isAsked } of asks) {
    const lacks = needs.filter((capability) => !can.has(capability));
    if (lacks.length > 0 && isAsked(group))
      complain(
        key,
        `expected no ${key}: ${name} cannot ${lacks.map((each) => abilities[each]).join(' or ')}`,
      );
  }
}

import type { Complain, Draft } from './across-fields.ts';
import type { EcsService } from './ecs.ts';
import type { Group } from './group.ts';
import { isPulled, type KubernetesWorkload } from './kubernetes.ts';
import { measuredOf } from './measured-of.ts';
import { needsLoadBalancer } from './metric-query.ts';
import { type OtherKind, otherKindOf } from './other-kinds.ts';
import type { NamedMetric } from './rule.ts';

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
  /** CloudWatch has its metrics, so that alarms watch them; otherwise the sweep judges the rules of its groups. */
  readonly hasAlarms: boolean;
  /** Its monitor has how many servers a group had, minute by minute: what an objective or a forecast learns by. */
  readonly countsServers: boolean;
  /** Namespaces of metrics that its own monitor has: a metric of one of these is asked of it, and not of CloudWatch. */
  readonly ownNamespaces?: RegExp;
  /** What its own monitor computes of a period; absent: CloudWatch does, and has them all. */
  readonly statistics?: ReadonlySet<string>;
  /** Metrics that nobody measures of its servers. */
  readonly lacks: readonly NamedMetric[];
  /** What has a load balancer: the fleet file says so, or the group itself does, and the file names none. */
  readonly loadBalancer: 'inFile' | 'itsOwn' | 'none';
  /** An id of one of its servers, where the file may name some. */
  readonly serverId: { readonly pattern: RegExp; readonly example: string };
}

const ofEc2 = { pattern: /^i-([0-9a-f]{8}|[0-9a-f]{17})$/, example: 'i-0123456789abcdef0' } as const;

/** Of monitors that know no percentiles and count no samples. */
const simpleStatistics: ReadonlySet<string> = new Set(['Average', 'Minimum', 'Maximum', 'Sum']);

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
  hasAlarms: true,
  countsServers: true,
  lacks: [],
  loadBalancer: 'inFile',
  serverId: ofEc2,
};

const others: Readonly<Record<OtherKind, ProviderKind>> = {
  ecs: {
    name: 'Amazon ECS',
    can: new Set(['refresh', 'launchFailures', 'losses', 'health', 'loadBalancers', 'rivals']),
    hasAlarms: true,
    countsServers: true,
    lacks: ['disk', 'networkIn', 'networkOut'],
    loadBalancer: 'inFile',
    serverId: ofEc2,
  },
  kubernetes: {
    name: 'Kubernetes',
    can: new Set(['refresh', 'launchFailures', 'rivals']),
    hasAlarms: true,
    countsServers: true,
    lacks: ['disk', 'networkIn', 'networkOut'],
    loadBalancer: 'none',
    serverId: ofEc2,
  },
  alibaba: {
    name: 'Alibaba Cloud',
    can: new Set(['adopt', 'protect', 'launchFailures', 'losses', 'health', 'rivals']),
    hasAlarms: false,
    countsServers: false,
    ownNamespaces: /^acs_/,
    statistics: simpleStatistics,
    lacks: ['disk'],
    loadBalancer: 'itsOwn',
    serverId: { pattern: /^i-[0-9a-z]{16,24}$/, example: 'i-bp1igpak5ft1flyp0000' },
  },
  tencent: {
    name: 'Tencent Cloud',
    can: new Set(['adopt', 'protect', 'launchFailures', 'losses', 'health', 'rivals']),
    hasAlarms: false,
    countsServers: false,
    ownNamespaces: /^QCE\//,
    statistics: simpleStatistics,
    lacks: ['disk', 'requestsPerTarget'],
    loadBalancer: 'itsOwn',
    serverId: { pattern: /^ins-[0-9a-z]{8}$/, example: 'ins-0a1b2c3d' },
  },
};

/** Services in another region: an alarm there calls no function here. */
const inAnotherRegion: ProviderKind = { ...others.ecs, hasAlarms: false };

/** Workloads that nobody asks for: KEDA reads what is wanted, and of their pods nothing is known. */
const pulled: ProviderKind = {
  ...others.kubernetes,
  name: 'Kubernetes by pull',
  can: new Set(),
  lacks: [...others.kubernetes.lacks, 'cpu', 'memory'],
};

/** Which provider keeps the servers of a group of the fleet file. */
export type ProviderOf = (group: Draft<Group>) => ProviderKind;

/** Groups that are made and groups that exist are groups of EC2 Auto Scaling, unless they name another kind. */
export function providerOf(group: { readonly [K in OtherKind]?: unknown }): ProviderKind {
  const kind = otherKindOf(group);
  if (kind === 'kubernetes' && isPulled(group.kubernetes as Partial<KubernetesWorkload>)) return pulled;
  if (kind === 'ecs' && (group.ecs as Partial<EcsService>).region !== undefined) return inAnotherRegion;
  return kind ? others[kind] : autoScaling;
}

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
  refresh: 'replace servers one after the other',
  launchFailures: 'say why launches fail',
  losses: 'say what has become of its servers',
  health: 'tell which servers are healthy at a load balancer',
  loadBalancers: 'say what stands before its servers',
  rivals: 'have scaling rules of its own',
};

/** What servers of EC2 have that a group makes or takes over, and groups of other kinds have not. */
const ofServers = ['detailedMonitoring', 'healthCheckType', 'draining'] as const;

/** What a group's provider cannot do, its file cannot ask for: the engine never meets it at run time. */
export function capabilityRules(group: Draft<Group>, provider: ProviderKind, complain: Complain): void {
  const { name, can, serverId } = provider;
  for (const { key, needs, isAsked } of asks) {
    const lacks = needs.filter((capability) => !can.has(capability));
    if (lacks.length > 0 && isAsked(group))
      complain(
        key,
        `expected no ${key}: ${name} cannot ${lacks.map((each) => abilities[each]).join(' or ')}`,
      );
  }
  for (const [index, id] of (group.instances ?? []).entries())
    if (id !== undefined && !serverId.pattern.test(id))
      complain(['instances', index], `expected an instance id like ${serverId.example}`);
  if (otherKindOf(group)) {
    for (const key of ofServers)
      if (key in group) complain(key, `expected it of a group of EC2: one of ${name} has none`);
    if (
      provider.loadBalancer === 'inFile' &&
      group.loadBalancer &&
      !('targetGroupArns' in group.loadBalancer)
    )
      complain(
        ['loadBalancer', 'targetGroupArns'],
        'expected the target groups of the service: it exists already',
      );
  }
  metricRules(group, provider, complain);
}

/** Metrics that are not to be had of a group. */
function metricRules(group: Draft<Group>, provider: ProviderKind, complain: Complain): void {
  const { name, lacks, loadBalancer } = provider;
  const balanced = loadBalancer === 'itsOwn' || 'loadBalancer' in group;
  for (const { path, metric } of measuredOf(group)) {
    if (lacks.some((lacked) => lacked === metric))
      complain(path, `expected another metric, or one of your own: ${name} measures no ${metric}`);
    else if (needsLoadBalancer(metric) && !balanced)
      complain(path, 'expected a metric of the servers: this one needs a load balancer');
  }
  if (provider.statistics) statisticRules(group, provider, provider.statistics, complain);
}

const oneOfThese = new Intl.ListFormat('en-GB', { type: 'disjunction', style: 'short' });

/** What a cloud's own monitor does not compute of a metric of its own; one of CloudWatch may be any. */
function statisticRules(
  group: Draft<Group>,
  { name, ownNamespaces }: ProviderKind,
  has: ReadonlySet<string>,
  complain: Complain,
): void {
  const expected = `expected ${oneOfThese.format(has)}: the monitor of ${name} has no percentiles and counts no samples`;
  const judge = (path: readonly (string | number)[], statistic: string | undefined) => {
    if (statistic !== undefined && !has.has(statistic)) complain([...path, 'statistic'], expected);
  };
  for (const { path, metric } of measuredOf(group)) {
    if (typeof metric === 'object' && !('namespace' in metric && ownNamespaces?.test(`${metric.namespace}`)))
      continue;
    if (typeof metric === 'object' && 'statistic' in metric) judge(path, metric.statistic);
    const [kind, rule] = path;
    if (kind === 'alarms') judge(path.slice(0, -1), group.alarms?.[`${rule}`]?.statistic);
  }
}

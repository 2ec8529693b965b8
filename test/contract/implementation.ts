import type { AlarmValue, Instant, Reading, Suspension } from '../../shared/domain/observation.ts';
import type { MetricQuery } from '../../shared/fleet/metric-query.ts';
import { type Capability, providerOf } from '../../shared/fleet/provider-kind.ts';
import type { Ports } from '../../shared/ports/ports.ts';
import { alibaba, alibabaWithoutDesired } from './alibaba.ts';
import { ecs, ecsElsewhere } from './ecs.ts';
import { kubernetes, kubernetesByPull, kubernetesWithAutoscalers } from './kubernetes.ts';
import { localCloud } from './local-cloud.ts';
import { memory } from './memory.ts';
import { shelf } from './shelf.ts';
import { tencent } from './tencent.ts';

export interface GroupSettings {
  readonly name: string;
  readonly minSize: number;
  readonly maxSize: number;
  readonly desired: number;
  readonly loadBalancer?: boolean;
  /** Its stack is not finished. */
  readonly deploying?: true;
}

/** Reads series of datapoints, as CloudWatch aggregates them. */
export interface SeriesReader {
  latest(queries: readonly MetricQuery[], now: Instant): Promise<ReadonlyMap<string, Reading>>;
  history(
    queries: readonly MetricQuery[],
    from: Instant,
    to: Instant,
  ): Promise<readonly (Float64Array | null)[]>;
}

/** The ports as one implementation has them, and a hand in the world behind them. */
export interface UnderTest extends AsyncDisposable {
  readonly ports: Ports;
  /** The provider's own series of datapoints, as its metrics are made of. */
  readonly series: SeriesReader;
  /** The world's time; the AWS ports' own clock is the machine's. */
  now(): Instant;
  advance(seconds: number): Promise<void>;
  makeGroup(settings: GroupSettings): Promise<void>;
  suspend(group: string, process: Suspension): Promise<void>;
  /** A server that runs and is in no group. */
  makeServer(): Promise<string>;
  refuseLaunches(): void;
  /** Somebody terminates a server outside of its group. */
  kill(group: string, server: string): Promise<void>;
  makeAlarm(name: string): Promise<void>;
  setAlarm(name: string, value: AlarmValue): Promise<void>;
  putMetric(query: MetricQuery, at: Instant, value: number): Promise<void>;
  /** What went to machines: the details of events. */
  events(): Promise<readonly unknown[]>;
  /** What went to people: subjects. */
  mails(): Promise<readonly string[]>;
}

/**
 * What only some providers of servers have: capabilities, sizes of their own, processes to suspend, another server for each that
 * is lost, a compare-and-set.
 */
export type Trait = Capability | 'bounds' | 'suspensions' | 'replaces' | 'compareAndSet';

/** How a group stands in the fleet file, and a metric that can be named there. */
export interface Measured {
  readonly groupFile: string;
  readonly metric: Pick<MetricQuery, 'namespace' | 'metricName' | 'dimensions'>;
}

export interface Implementation {
  readonly name: string;
  readonly open: () => Promise<UnderTest>;
  readonly has: ReadonlySet<Trait>;
  /** It has a monitor of its own. */
  readonly measured?: Measured;
}

const autoScaling: ReadonlySet<Trait> = new Set([...providerOf({}).can, 'bounds', 'suspensions', 'replaces']);

const service = { ecs: { cluster: 'shop', service: 'web' } };
/** What stands before a service is looked up where the groups of servers' is: the suite of that runs there. */
const ofServices: ReadonlySet<Trait> = new Set(
  [...providerOf(service).can].filter((can) => can !== 'loadBalancers'),
);

const deployment = { kubernetes: { cluster: { eks: 'shop' }, namespace: 'shop', deployment: 'web' } };
const ofWorkloads: ReadonlySet<Trait> = new Set([...providerOf(deployment).can, 'compareAndSet']);

const pulled = { kubernetes: { ...deployment.kubernetes, cluster: { pull: 'shop' } } };

const tencentGroup = {
  tencent: { region: 'ap-guangzhou', scalingGroup: 'asg-business', credentials: 'key' },
};
const ofTencent: ReadonlySet<Trait> = new Set([...providerOf(tencentGroup).can, 'bounds', 'replaces']);

const alibabaGroup = {
  alibaba: { region: 'cn-hangzhou', scalingGroup: 'asg-business000000000000', credentials: 'key' },
};
const ofAlibaba: ReadonlySet<Trait> = new Set([...providerOf(alibabaGroup).can, 'bounds']);

const queued = { metricName: 'Queued', dimensions: { Queue: 'new' } };
const onAws: Measured = { groupFile: 'existing: business', metric: { namespace: 'Orders', ...queued } };

/** Every implementation of the ports: each suite runs on all of them. */
export const implementations: readonly Implementation[] = [
  { name: 'in memory', open: memory, has: autoScaling, measured: onAws },
  { name: 'on AWS, against the local cloud over HTTP', open: localCloud, has: autoScaling, measured: onAws },
];

/** Every provider of servers. */
export const providers: readonly Implementation[] = [
  ...implementations,
  { name: 'as services of ECS, against the local cloud over HTTP', open: ecs, has: ofServices },
  {
    name: 'as services of ECS in another region',
    open: ecsElsewhere,
    has: ofServices,
    measured: {
      ...onAws,
      groupFile: 'ecs: { region: eu-west-1, cluster: shop, service: business }',
    },
  },
  {
    name: 'as workloads of Kubernetes, against a cluster on loopback',
    open: kubernetes,
    has: ofWorkloads,
  },
  {
    name: 'as workloads of Kubernetes that autoscalers own',
    open: kubernetesWithAutoscalers,
    has: ofWorkloads,
  },
  {
    name: 'as workloads of Kubernetes that nobody asks, against the local cloud over HTTP',
    open: kubernetesByPull,
    has: new Set<Trait>([...providerOf(pulled).can, 'compareAndSet']),
  },
  {
    name: 'as groups of Tencent Cloud, against a cloud on loopback',
    open: tencent,
    has: ofTencent,
    measured: {
      groupFile: 'tencent: { region: ap-guangzhou, scalingGroup: asg-business, credentials: key }',
      metric: { namespace: 'QCE/LB_PUBLIC', metricName: 'TotalReq', dimensions: { vip: '203.0.113.9' } },
    },
  },
  {
    name: 'as groups of Alibaba Cloud, against a cloud on loopback',
    open: alibaba,
    has: new Set([...ofAlibaba, 'replaces'] as const),
    measured: {
      groupFile: 'alibaba: { region: cn-hangzhou, scalingGroup: asg-business000000000000, credentials: key }',
      metric: { namespace: 'acs_customMetric_1234567890123456', ...queued },
    },
  },
  {
    name: 'as groups of Alibaba Cloud without a desired capacity',
    open: alibabaWithoutDesired,
    has: ofAlibaba,
  },
  { name: 'on a shelf, by number', open: shelf, has: new Set<Trait>(['compareAndSet']) },
];

export const start: Instant = Date.parse('2026-03-04T00:00:00Z');

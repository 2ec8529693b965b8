import { EKSClient } from '@aws-sdk/client-eks';
import type { Fleet } from '../../fleet/fleet.ts';
import type { Group } from '../../fleet/group.ts';
import {
  clusterName,
  isPulled,
  type KubernetesWorkload,
  kubernetesGroupName,
} from '../../fleet/kubernetes.ts';
import { tableName } from '../../fleet/names.ts';
import type { PodMetric } from '../../fleet/pod-metrics.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Secrets } from '../../ports/secrets.ts';
import { clientSettings } from '../aws/clients.ts';
import { CloudWatchReader } from '../aws/cloudwatch-reader.ts';
import { LoadBalancerLookup } from '../aws/load-balancers.ts';
import { AwsMetrics } from '../aws/metrics.ts';
import { AwsSecrets } from '../aws/secrets.ts';
import { capacityByKind, Kinds, type Provider } from '../by-kind.ts';
import type { Opening } from '../opening.ts';
import { standIn } from '../stand-in.ts';
import type { AccessSource } from './access.ts';
import { ClusterConnection } from './connection.ts';
import { EksAccess } from './eks-access.ts';
import { PodMeasurements } from './measurements.ts';
import { PodMetricsNow } from './pod-metrics.ts';
import { type PulledGroup, PulledWorkloads } from './pulled.ts';
import { PodSamples } from './samples.ts';
import { StoredAccess } from './stored-access.ts';
import { WantedStore } from './wanted-store.ts';
import { type KubernetesGroup, KubernetesWorkloads } from './workloads.ts';

/**
 * Kubernetes as a provider of servers: its workloads are the groups, their pods the servers. Those of clusters that nobody asks
 * are a kind of their own.
 */
export function open({ fleet, clients, clock }: Opening, endpoint?: string): Provider {
  const groups = groupsOf(fleet);
  const eks = new EKSClient(clientSettings({ endpoint }));
  const secrets = new AwsSecrets(clock, endpoint);
  const connect = connections(eks, secrets, clock);
  const workloads = new KubernetesWorkloads(groups, connect, clock);
  const measurements = new PodMeasurements(groups, workloads, clock);
  const balancers = new LoadBalancerLookup(clients.loadBalancing);
  const kept = new AwsMetrics(new CloudWatchReader(clients.cloudWatch), balancers);
  const asked = {
    groups: workloads,
    refresh: workloads,
    launchFailures: workloads,
    rivals: workloads,
    samples: new PodSamples(groups, measurements, clients.cloudWatch, clock),
    metrics: new PodMetricsNow(groups, measurements, kept),
  };
  const pulledGroups = pulledGroupsOf(fleet);
  if (pulledGroups.size === 0) return asked;
  const store = new WantedStore(clients.dynamoDB, tableName(fleet, 'ledger'));
  const pulled = new PulledWorkloads(pulledGroups, store, clients.cloudWatch, clock);
  const owns = (name: string) => pulledGroups.has(name);
  const kind = { owns, open: async () => ({ groups: pulled, samples: pulled }) };
  return { ...capacityByKind(asked, new Kinds(asked, [kind])), metrics: asked.metrics };
}

function pulledGroupsOf(fleet: Pick<Fleet, 'groups'>): ReadonlyMap<string, PulledGroup> {
  return new Map(
    Object.values(fleet.groups).flatMap((group): [string, PulledGroup][] => {
      const { kubernetes: workload, initialCapacity, minSize, mode, objective, forecast } = group;
      if (!workload || !isPulled(workload)) return [];
      const initial = initialCapacity ?? minSize;
      const learns = objective !== undefined || forecast !== undefined;
      return [[kubernetesGroupName(workload), { initial, isActive: mode === 'active', learns }]];
    }),
  );
}

function groupsOf(fleet: Pick<Fleet, 'groups'>): ReadonlyMap<string, KubernetesGroup> {
  return new Map(
    Object.values(fleet.groups).flatMap((group): [string, KubernetesGroup][] => {
      const { kubernetes: workload, maxSize } = group;
      if (!workload || isPulled(workload)) return [];
      return [[kubernetesGroupName(workload), { workload, maxSize, published: publishedOf(group) }]];
    }),
  );
}

/** What its rules go by, and for a forecast how many pods there were: a metric of CloudWatch costs by the month. */
function publishedOf(group: Group): PodMetric[] {
  const { alarms, targets, objective, forecast } = group;
  const learns = [objective, forecast].flatMap((rule) => rule ?? []);
  const metrics = [...Object.values(alarms), ...targets, ...learns].map(({ metric }) => metric);
  return [
    // What speaks against the fall of another load is their CPU.
    ...(metrics.includes('cpu') || learns.length > 0 ? (['CPUUtilization'] as const) : []),
    ...(metrics.includes('memory') ? (['MemoryUtilization'] as const) : []),
    ...(learns.length > 0 ? (['ReadyPods', 'DesiredPods'] as const) : []),
  ];
}

/** One connection a cluster, made when it is first asked. */
function connections(
  eks: EKSClient,
  secrets: Secrets,
  clock: Clock,
): (workload: KubernetesWorkload) => ClusterConnection {
  const made = new Map<string, ClusterConnection>();
  const via = standIn('kubernetes', process.env);
  return ({ cluster }) => {
    if ('pull' in cluster) throw new Error(`cluster ${cluster.pull} is not asked`);
    const name = clusterName(cluster);
    const source: AccessSource =
      'eks' in cluster ? new EksAccess(cluster.eks, eks, clock) : new StoredAccess(cluster, secrets);
    const connection = made.get(name) ?? new ClusterConnection(name, source, clock, via);
    made.set(name, connection);
    return connection;
  };
}

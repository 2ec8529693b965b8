import type { WholeCloud } from '@rushhour/local-aws';
import type { Placement } from '@rushhour/local-aws/world';
import { LocalCluster } from '@rushhour/local-kubernetes';
import { loopbackCertificate } from '@rushhour/local-kubernetes/certificate';
import { KubernetesEndpoint } from '@rushhour/local-kubernetes/endpoint';
import { LocalKeda } from '@rushhour/local-kubernetes/keda';
import { deployments, statefulSets } from '@rushhour/local-kubernetes/resource-types';
import type { Fleet } from '../../shared/fleet/fleet.ts';
import type { Group } from '../../shared/fleet/group.ts';
import { clusterName, type KubernetesWorkload, kubernetesGroupName } from '../../shared/fleet/kubernetes.ts';
import { kubernetesUsers, roleRules } from '../../shared/fleet/kubernetes-role.ts';
import { scaledObject } from '../../shared/fleet/kubernetes-scaled-objects.ts';
import type { GroupServers } from '../day/servers-of.ts';
import type { PodTraffic } from './pod-traffic.ts';

interface Owned {
  readonly group: Group;
  readonly workload: KubernetesWorkload;
}

/** What an autoscaler of the cluster goes by, where a day is played with one. */
const cpuTarget = { type: 'Utilization', averageUtilization: 70 };

/** The clusters that a fleet's groups live in, those of EKS on loopback, with what the fleet takes for granted there. */
export class Clusters implements AsyncDisposable {
  readonly #owned: ReadonlyMap<string, Owned>;
  readonly #clusters = new Map<string, LocalCluster>();
  readonly #endpoints = new Map<string, KubernetesEndpoint>();

  private constructor(fleet: Fleet) {
    this.#owned = new Map(
      Object.values(fleet.groups).flatMap((group): [string, Owned][] => {
        const { kubernetes: workload } = group;
        return workload ? [[kubernetesGroupName(workload), { group, workload }]] : [];
      }),
    );
  }

  /**
   * Opens them, and tells the cloud where they are.
   * @param autoscaled an autoscaler of the cluster owns each workload
   * @throws Error for a cluster that is not one of EKS: its address is not on this machine
   */
  static async open(
    local: WholeCloud,
    fleet: Fleet,
    traffic: PodTraffic,
    autoscaled: boolean,
  ): Promise<Clusters> {
    const clusters = new Clusters(fleet);
    traffic.placements = () => clusters.#placements();
    for (const { group, workload } of clusters.#owned.values()) {
      const { cluster } = workload;
      const name = clusterName(cluster);
      const isAsked = 'eks' in cluster;
      if ('server' in cluster)
        throw new Error(`The day is played with clusters of EKS: not with ${cluster.server}`);
      const opened = clusters.#clusters.get(name) ?? (await clusters.#open(local, name, traffic, isAsked));
      provide(opened, group, workload, autoscaled && isAsked);
      if (!isAsked) followByKeda(local, opened, group, workload);
      opened.access.bind(kubernetesUsers(fleet), roleRules([workload]), workload.namespace);
    }
    return clusters;
  }

  /** One of them, by its name in EKS or in the fleet file. @throws Error when there is no such */
  cluster(name: string): LocalCluster {
    const cluster = this.#clusters.get(name);
    if (cluster) return cluster;
    throw new Error(`there is no cluster ${name}`);
  }

  /** Where one of EKS answers, by its name. @throws Error when there is no such */
  endpoint(eks: string): KubernetesEndpoint {
    const endpoint = this.#endpoints.get(eks);
    if (endpoint) return endpoint;
    throw new Error(`there is no cluster ${eks}`);
  }

  /** @returns undefined: the group is none of Kubernetes */
  serversOf(scalingGroup: string): GroupServers | undefined {
    const owned = this.#owned.get(scalingGroup);
    const cluster = owned && this.#clusters.get(clusterName(owned.workload.cluster));
    if (!owned || !cluster) return undefined;
    const { namespace, deployment, statefulSet } = owned.workload;
    const type = deployment === undefined ? statefulSets : deployments;
    const workload = cluster.find(type, namespace, `${deployment ?? statefulSet}`);
    if (!workload) return { desired: 0, running: [], inService: [] };
    const pods = cluster.podsOf(workload);
    const isReady = (pod: (typeof pods)[number]) =>
      !pod.metadata.deletionTimestamp &&
      pod.status.conditions.some(({ type, status }) => type === 'Ready' && status === 'True');
    return {
      desired: workload.spec.replicas,
      running: pods.map(({ metadata }) => metadata.name),
      inService: pods.filter(isReady).map(({ metadata }) => metadata.name),
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([...this.#endpoints.values()].map((endpoint) => endpoint.close()));
  }

  /** @param isAsked it is one of EKS, which answers */
  async #open(local: WholeCloud, name: string, traffic: PodTraffic, isAsked: boolean): Promise<LocalCluster> {
    const groupOf = (workload: string) =>
      [...this.#owned].find(
        ([, { workload: one }]) => `${one.namespace}/${one.deployment ?? one.statefulSet}` === workload,
      )?.[0] ?? workload;
    const cluster = new LocalCluster(local.cloud.eventQueue, traffic.pods(groupOf));
    this.#clusters.set(name, cluster);
    if (!isAsked) return cluster;
    cluster.access.addAuthenticator((token) => local.eks.userOf(name, token));
    const certificate = await loopbackCertificate();
    const endpoint = new KubernetesEndpoint(cluster, certificate);
    this.#endpoints.set(name, endpoint);
    local.eks.seed(name, { url: await endpoint.listen(), certificate: certificate.cert });
    return cluster;
  }

  #placements(): Placement[] {
    return [...this.#owned.keys()].flatMap((group) => {
      const pods = this.serversOf(group);
      return pods ? [{ group, serving: pods.inService, members: pods.running }] : [];
    });
  }
}

/** A KEDA in the cluster, with the ScaledObject that the command prints, reads the local CloudWatch. */
function followByKeda(
  { cloud }: WholeCloud,
  cluster: LocalCluster,
  group: Group,
  workload: KubernetesWorkload,
): void {
  const reader = { kind: 'owner', arn: `arn:aws:iam::${cloud.account}:role/keda-operator` } as const;
  const keda = new LocalKeda(
    cluster,
    async ({ namespace, metricName, dimensions, stat, periodSeconds, start, end }) => {
      const Metric = {
        Namespace: namespace,
        MetricName: metricName,
        Dimensions: Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value })),
      };
      const input = {
        StartTime: new Date(start),
        EndTime: new Date(end),
        ScanBy: 'TimestampDescending',
        MetricDataQueries: [{ Id: 'c1', MetricStat: { Metric, Period: periodSeconds, Stat: stat } }],
      };
      const { MetricDataResults } = await cloud.call('monitoring', 'GetMetricData', input, reader);
      return MetricDataResults[0].Values;
    },
  );
  keda.apply(scaledObject(group, workload, 'local'));
}

/** The workload runs as many pods as the group begins with. */
function provide(
  cluster: LocalCluster,
  group: Group,
  workload: KubernetesWorkload,
  autoscaled: boolean,
): void {
  const { namespace, deployment, statefulSet, resource } = workload;
  if (resource)
    throw new Error(`The day is played with deployments and StatefulSets: not with a ${resource.kind}`);
  const name = `${deployment ?? statefulSet}`;
  const replicas = group.initialCapacity ?? group.minSize;
  const type = deployment === undefined ? statefulSets : deployments;
  cluster.createWorkload(type, { namespace, name, replicas });
  if (!autoscaled) return;
  cluster.createHpa({
    metadata: { namespace, name },
    spec: {
      scaleTargetRef: { apiVersion: 'apps/v1', kind: type.kind, name },
      minReplicas: group.minSize,
      maxReplicas: group.maxSize,
      metrics: [{ type: 'Resource', resource: { name: 'cpu', target: cpuTarget } }],
    },
  });
}

import type { WholeCloud } from '@rushhour/local-aws';
import type { Placement } from '@rushhour/local-aws/world';
import { LocalCluster } from '@rushhour/local-kubernetes';
import { loopbackCertificate } from '@rushhour/local-kubernetes/certificate';
import { KubernetesEndpoint } from '@rushhour/local-kubernetes/endpoint';
import { deployments, statefulSets } from '@rushhour/local-kubernetes/resource-types';
import type { Fleet } from '../../shared/fleet/fleet.ts';
import type { Group } from '../../shared/fleet/group.ts';
import { type KubernetesWorkload, kubernetesGroupName } from '../../shared/fleet/kubernetes.ts';
import { kubernetesUsers, roleRules } from '../../shared/fleet/kubernetes-role.ts';
import type { GroupServers } from '../day/servers-of.ts';
import type { PodTraffic } from './pod-traffic.ts';

interface Owned {
  readonly group: Group;
  readonly workload: KubernetesWorkload;
}

/** What an autoscaler of the cluster goes by, where a day is played with one. */
const cpuTarget = { type: 'Utilization', averageUtilization: 70 };

/** The clusters of EKS that a fleet's groups live in, on loopback, with what the fleet takes for granted there. */
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
      if (!('eks' in cluster))
        throw new Error(`The day is played with clusters of EKS: not with ${cluster.server}`);
      const opened =
        clusters.#clusters.get(cluster.eks) ?? (await clusters.#open(local, cluster.eks, traffic));
      provide(opened, group, workload, autoscaled);
      opened.access.bind(kubernetesUsers(fleet), roleRules([workload]), workload.namespace);
    }
    return clusters;
  }

  /** One of them, by its name in EKS. @throws Error when there is no such */
  named(eks: string): { readonly cluster: LocalCluster; readonly endpoint: KubernetesEndpoint } {
    const [cluster, endpoint] = [this.#clusters.get(eks), this.#endpoints.get(eks)];
    if (cluster && endpoint) return { cluster, endpoint };
    throw new Error(`there is no cluster ${eks}`);
  }

  /** @returns undefined: the group is none of Kubernetes */
  serversOf(scalingGroup: string): GroupServers | undefined {
    const owned = this.#owned.get(scalingGroup);
    const cluster =
      owned && 'eks' in owned.workload.cluster ? this.#clusters.get(owned.workload.cluster.eks) : undefined;
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

  async #open(local: WholeCloud, name: string, traffic: PodTraffic): Promise<LocalCluster> {
    const groupOf = (workload: string) =>
      [...this.#owned].find(
        ([, { workload: one }]) => `${one.namespace}/${one.deployment ?? one.statefulSet}` === workload,
      )?.[0] ?? workload;
    const cluster = new LocalCluster(local.cloud.eventQueue, traffic.pods(groupOf));
    this.#clusters.set(name, cluster);
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

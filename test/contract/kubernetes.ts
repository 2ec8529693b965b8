import { LocalCluster } from '@rushhour/local-kubernetes';
import { loopbackCertificate } from '@rushhour/local-kubernetes/certificate';
import { KubernetesEndpoint } from '@rushhour/local-kubernetes/endpoint';
import type { PodWorld } from '@rushhour/local-kubernetes/pod-world';
import { deployments } from '@rushhour/local-kubernetes/resource-types';
import { roleRules } from '../../shared/fleet/kubernetes-role.ts';
import { ClusterConnection } from '../../shared/providers/kubernetes/connection.ts';
import { type PulledGroup, PulledWorkloads } from '../../shared/providers/kubernetes/pulled.ts';
import { WantedStore } from '../../shared/providers/kubernetes/wanted-store.ts';
import { KubernetesWorkloads } from '../../shared/providers/kubernetes/workloads.ts';
import type { GroupSettings, UnderTest } from './implementation.ts';
import { openLocalCloud } from './local-cloud.ts';

const namespace = 'shop';
const bootMs = 20_000;

/** Pods that answer after a while, and have next to nothing to do. */
class IdlePods implements PodWorld {
  readonly #readyAt = new Map<string, number>();

  start(pod: string, _workload: string, now: number): void {
    this.#readyAt.set(pod, now + bootMs);
  }

  stop(pod: string): void {
    this.#readyAt.delete(pod);
  }

  answers(pod: string, now: number): boolean {
    return now >= (this.#readyAt.get(pod) ?? Number.POSITIVE_INFINITY);
  }

  usage(pod: string, now: number) {
    return this.answers(pod, now) ? { cpuMillicores: 10, memoryBytes: 2 ** 20 } : undefined;
  }
}

/** The adapter of Kubernetes, over TLS to a cluster on loopback, with the least role that the command prints. */
export function kubernetes(): Promise<UnderTest> {
  return open(false);
}

/** Likewise, where an autoscaler owns each workload. */
export function kubernetesWithAutoscalers(): Promise<UnderTest> {
  return open(true);
}

async function open(hasAutoscalers: boolean): Promise<UnderTest> {
  const { tested, cloud } = await openLocalCloud();
  const cluster = new LocalCluster(cloud.eventQueue, new IdlePods());
  const certificate = await loopbackCertificate();
  const endpoint = new KubernetesEndpoint(cluster, certificate);
  const server = new URL(await endpoint.listen());
  const workloadOf = (deployment: string) => ({ cluster: { eks: 'shop' }, namespace, deployment });
  cluster.access.addToken('rush', { name: 'rushhour', groups: [] });
  cluster.access.bind('rushhour', roleRules([workloadOf('business')]), namespace);
  const source = { access: async () => ({ server, ca: certificate.cert, token: 'rush' }), forget: () => {} };
  const connection = new ClusterConnection('shop', source, tested);
  const groups = new Map(
    ['business', 'nowhere'].map((name) => [name, { workload: workloadOf(name), maxSize: 6, published: [] }]),
  );
  const workloads = new KubernetesWorkloads(groups, () => connection, tested);
  const { alarms, metrics, ledger, activities, events, models, clock } = tested.ports;
  return {
    ...tested,
    ports: {
      ...{ clock, alarms, metrics, ledger, activities, events, models },
      ...{ groups: workloads, refresh: workloads, launchFailures: workloads, rivals: workloads },
    },
    refuseLaunches: () => {
      cluster.life.nodes.room = 0;
    },
    kill: async (_, pod) => cluster.life.kill(cluster.pod(namespace, pod)),
    makeGroup: async (settings) => make(cluster, settings, hasAutoscalers),
    [Symbol.asyncDispose]: async () => {
      await endpoint.close();
      await tested[Symbol.asyncDispose]();
    },
  };
}

/** Those of a cluster that nobody asks: their numbers are kept and published by the local cloud. */
export async function kubernetesByPull(): Promise<UnderTest> {
  const { tested, clients } = await openLocalCloud();
  const groups = new Map<string, PulledGroup>();
  const store = new WantedStore(clients.dynamoDB, 'ledger');
  const pulled = new PulledWorkloads(groups, store, clients.cloudWatch, tested);
  const { alarms, metrics, ledger, activities, events, models, clock } = tested.ports;
  return {
    ...tested,
    ports: { clock, alarms, metrics, ledger, activities, events, models, groups: pulled },
    makeGroup: async ({ name, desired }) => {
      groups.set(name, { initial: desired, isActive: true, learns: false });
    },
  };
}

function make(
  cluster: LocalCluster,
  { name, desired, maxSize }: GroupSettings,
  hasAutoscaler: boolean,
): void {
  cluster.createWorkload(deployments, { namespace, name, replicas: desired });
  if (!hasAutoscaler) return;
  const target = { type: 'Utilization', averageUtilization: 70 };
  cluster.createHpa({
    metadata: { namespace, name },
    spec: {
      scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name },
      minReplicas: desired,
      maxReplicas: maxSize,
      metrics: [{ type: 'Resource', resource: { name: 'cpu', target } }],
    },
  });
}

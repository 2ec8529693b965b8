import { Cloud } from '@rushhour/local-aws/cloud';
import { LocalCluster } from '@rushhour/local-kubernetes';
import { KubernetesEndpoint } from '@rushhour/local-kubernetes/endpoint';
import { deployments, statefulSets } from '@rushhour/local-kubernetes/resource-types';
import { createScaler, type Scaler } from '../../shared/engine/scaler.ts';
import { type SweepReport, sweep } from '../../shared/engine/sweep.ts';
import { fleet as fleetSchema } from '../../shared/fleet/fleet.ts';
import { clusterName, type KubernetesWorkload, kubernetesGroupName } from '../../shared/fleet/kubernetes.ts';
import { roleRules } from '../../shared/fleet/kubernetes-role.ts';
import { PortError } from '../../shared/ports/port-error.ts';
import { ClusterConnection } from '../../shared/providers/kubernetes/connection.ts';
import { PodMeasurements } from '../../shared/providers/kubernetes/measurements.ts';
import { PodMetricsNow } from '../../shared/providers/kubernetes/pod-metrics.ts';
import { KubernetesWorkloads } from '../../shared/providers/kubernetes/workloads.ts';
import { memoryPorts } from '../../shared/providers/memory/ports.ts';
import { type HttpCall, overHttp } from '../../shared/providers/over-http.ts';

const start = Date.parse('2026-03-04T00:00:00Z');
const token = 'functions';
const namespaces = ['shop', 'jobs'];
/** What pods of an idle day use. */
const usage = { cpuMillicores: 500, memoryBytes: 2 ** 28 };

/** A cluster that gives no answer. */
interface Held {
  /** What it was asked. */
  readonly calls: string[];
  readonly until: Promise<void>;
}

/** Workloads over clusters on loopback, each with an autoscaler beside every tenth of them, swept by the engine on ports in memory. */
export class ManyWorkloads implements AsyncDisposable {
  /** By the name of their cluster. */
  readonly endpoints: ReadonlyMap<string, KubernetesEndpoint>;
  readonly clusters: ReadonlyMap<string, LocalCluster>;
  readonly scaler: Scaler;
  readonly #holds: Map<string, Held>;
  readonly #cloud: Cloud;
  readonly #advance: (seconds: number) => Promise<void>;

  private constructor(
    parts: Pick<ManyWorkloads, 'endpoints' | 'clusters' | 'scaler'>,
    holds: Map<string, Held>,
    cloud: Cloud,
    advance: (seconds: number) => Promise<void>,
  ) {
    this.endpoints = parts.endpoints;
    this.clusters = parts.clusters;
    this.scaler = parts.scaler;
    this.#holds = holds;
    this.#cloud = cloud;
    this.#advance = advance;
  }

  /** @param schedules of each group, as in the fleet file */
  static async open(
    workloads: number,
    clusterNames: readonly string[],
    schedules: object = {},
  ): Promise<ManyWorkloads> {
    const cloud = new Cloud({ start, seed: 7 });
    const always = { start: () => {}, stop: () => {}, answers: () => true, usage: () => usage };
    const clusters = new Map(clusterNames.map((name) => [name, new LocalCluster(cloud.eventQueue, always)]));
    const all = Array.from({ length: workloads }, (_, index) => workloadOf(index, clusterNames));
    for (const [index, workload] of all.entries()) provide(clusters, workload, index % 10 === 0);
    const endpoints = new Map(
      [...clusters].map(([name, cluster]) => [name, new KubernetesEndpoint(cluster)]),
    );
    const ports = memoryPorts(start, {
      launch: () => ({ inServiceAfterSeconds: 0, healthyAfterSeconds: 0 }),
      terminationSeconds: () => 0,
    });
    const connections = new Map<string, ClusterConnection>();
    const holds = new Map<string, Held>();
    for (const [name, endpoint] of endpoints) {
      const server = new URL(await endpoint.listen());
      const source = { access: async () => ({ server, token }), forget: () => {} };
      const via = async (call: HttpCall) => {
        const held = holds.get(name);
        if (!held) return overHttp({ ...call, via: undefined });
        held.calls.push(`${call.method} ${call.url.pathname}`);
        await held.until;
        throw new PortError('Unavailable', `${call.what}: ${call.url.host}: no answer`);
      };
      connections.set(name, new ClusterConnection(name, source, ports.clock, via));
    }
    const groups = new Map(
      all.map((workload) => [
        kubernetesGroupName(workload),
        { workload, maxSize: 9, published: ['CPUUtilization'] as const },
      ]),
    );
    const adapter = new KubernetesWorkloads(
      groups,
      ({ cluster }) => connections.get(clusterName(cluster))!,
      ports.clock,
    );
    const metrics = new PodMetricsNow(
      groups,
      new PodMeasurements(groups, adapter, ports.clock),
      ports.metrics,
    );
    const rules = { targets: [{ metric: 'cpu', targetValue: 50 }], schedules };
    const fleet = fleetSchema.parse({
      name: 'many',
      groups: Object.fromEntries(
        all.map((kubernetes, index) => [`w${index}`, { kubernetes, minSize: 1, maxSize: 9, ...rules }]),
      ),
    });
    const { clock, alarms, ledger, activities, events, models } = ports;
    const asked = { groups: adapter, refresh: adapter, launchFailures: adapter, rivals: adapter, metrics };
    const scaler = createScaler(fleet, { clock, alarms, ledger, activities, events, models, ...asked });
    const many = new ManyWorkloads({ endpoints, clusters, scaler }, holds, cloud, async (seconds) => {
      ports.clock.advance(seconds);
      await cloud.eventQueue.runUntil(ports.clock.now());
    });
    await many.advance(60);
    return many;
  }

  advance(seconds: number): Promise<void> {
    return this.#advance(seconds);
  }

  /** @throws GroupsFailed */
  sweep(): Promise<SweepReport> {
    return sweep(this.scaler, () => Number.POSITIVE_INFINITY);
  }

  /** From now on a cluster gives no answer. @returns what it is asked, and how whoever waits gives up */
  hold(cluster: string): { readonly calls: readonly string[]; readonly giveUp: () => void } {
    const { promise, resolve } = Promise.withResolvers<void>();
    const held = { calls: [], until: promise };
    this.#holds.set(cluster, held);
    return { calls: held.calls, giveUp: resolve };
  }

  /** What was asked of a cluster while something was done, with namespaces left out. */
  async callsOf(act: () => Promise<unknown>): Promise<ReadonlyMap<string, readonly string[]>> {
    for (const endpoint of this.endpoints.values()) endpoint.requests.length = 0;
    await act();
    return new Map([...this.endpoints].map(([name, { requests }]) => [name, [...requests]]));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([...this.endpoints.values()].map((endpoint) => endpoint.close()));
    await this.#cloud.close();
  }
}

function workloadOf(index: number, clusters: readonly string[]): KubernetesWorkload {
  const cluster = { eks: clusters[index % clusters.length]! };
  const namespace = namespaces[Math.floor(index / clusters.length) % namespaces.length]!;
  const name = `w${index}`;
  return index % 5 === 3
    ? { cluster, namespace, statefulSet: name }
    : { cluster, namespace, deployment: name };
}

function provide(
  clusters: ReadonlyMap<string, LocalCluster>,
  workload: KubernetesWorkload,
  hasAutoscaler: boolean,
): void {
  const { namespace, deployment, statefulSet } = workload;
  const cluster = clusters.get(clusterName(workload.cluster))!;
  cluster.access.addToken(token, { name: token, groups: [token] });
  cluster.access.bind(token, roleRules([workload]), namespace);
  const type = deployment === undefined ? statefulSets : deployments;
  const name = `${deployment ?? statefulSet}`;
  cluster.createWorkload(type, { namespace, name, replicas: 2 });
  if (!hasAutoscaler) return;
  cluster.createHpa({
    metadata: { namespace, name },
    spec: {
      scaleTargetRef: { apiVersion: 'apps/v1', kind: type.kind, name },
      minReplicas: 2,
      maxReplicas: 9,
      metrics: [],
    },
  });
}

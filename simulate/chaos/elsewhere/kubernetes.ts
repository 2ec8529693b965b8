import type { CloudWatchClient, PutMetricDataCommandInput } from '@aws-sdk/client-cloudwatch';
import type { LocalCluster } from '@rushhour/local-kubernetes';
import type { Hpa, Pod, Workload } from '@rushhour/local-kubernetes/objects';
import { deployments } from '@rushhour/local-kubernetes/resource-types';
import type { Lifecycle, ScalingGroup } from '../../../shared/domain/observation.ts';
import type { ScalerGroup } from '../../../shared/engine/scaler.ts';
import type { Fleet } from '../../../shared/fleet/fleet.ts';
import { clusterName, kubernetesGroupName } from '../../../shared/fleet/kubernetes.ts';
import { ClusterConnection } from '../../../shared/providers/kubernetes/connection.ts';
import { PodMeasurements } from '../../../shared/providers/kubernetes/measurements.ts';
import { PodSamples } from '../../../shared/providers/kubernetes/samples.ts';
import { StoredAccess } from '../../../shared/providers/kubernetes/stored-access.ts';
import { KubernetesWorkloads } from '../../../shared/providers/kubernetes/workloads.ts';
import type { MemoryMetrics } from '../../../shared/providers/memory/metrics.ts';
import type { Happening } from '../plan.ts';
import { ChaosCluster, namespace } from './chaos-cluster.ts';
import { Adapters, type Elsewhere, type Offered, Shown, type Surroundings } from './elsewhere.ts';
import type { Wire } from './wire.ts';

/** Workloads of Kubernetes, in a cluster or two, some of them with an autoscaler that writes too. */
export class KubernetesElsewhere implements Elsewhere {
  readonly wire: Wire;
  readonly #around: Surroundings;
  readonly #clusters = new Map<string, ChaosCluster>();
  readonly #adapters = new Adapters((fleet) => this.#adapter(fleet));
  readonly #shown = new Shown();
  /** Of which version of its cluster a group was shown last. */
  readonly #versions = new Map<string, { readonly version: string; readonly group: ScalingGroup }>();
  readonly #autoscaled = new Map<string, Hpa>();
  /** Which cluster a group is in, and its name there. */
  readonly #places = new Map<string, { readonly host: string; readonly deployment: string }>();

  constructor(around: Surroundings) {
    this.#around = around;
    this.wire = around.wire;
  }

  offeredTo(process: string, fleet: Fleet): Offered {
    return this.#adapters.of(process, fleet);
  }

  shown(scalingGroup: string): ScalingGroup {
    const cluster = this.#clusterOf(scalingGroup);
    cluster.timeline.advance();
    const { version } = cluster.local.store;
    const known = this.#versions.get(scalingGroup);
    if (known?.version === version) return known.group;
    const group = this.#shown.of(this.#group(scalingGroup, cluster));
    this.#versions.set(scalingGroup, { version, group });
    return group;
  }

  #group(scalingGroup: string, cluster: ChaosCluster): ScalingGroup {
    const workload = this.#workload(scalingGroup);
    const hpa = this.#autoscaled.get(scalingGroup);
    const servers = cluster.local.podsOf(workload).map((pod) => ({
      id: pod.metadata.name,
      lifecycle: lifecycleOf(pod),
      protectedFromScaleIn: false,
      weight: 1,
    }));
    const always = {
      name: scalingGroup,
      servers,
      suspended: [],
      trafficSources: [],
      neverLate: true,
    } as const;
    const { replicas } = workload.spec;
    const maxSize = Number.MAX_SAFE_INTEGER;
    if (!hpa) return { ...always, minSize: 0, maxSize, desired: replicas };
    const { minReplicas } = hpa.spec;
    return {
      ...always,
      minSize: 1,
      maxSize,
      desired: replicas === 0 ? 0 : minReplicas,
      ...(replicas > minReplicas && { tracked: replicas }),
      revision: hpa.metadata.name,
    };
  }

  make({ name, scalingGroup, config }: ScalerGroup, desired: number): void {
    const { cluster } = config.kubernetes!;
    const host = clusterName(cluster);
    this.#places.set(scalingGroup, { host, deployment: name });
    const chaos = this.#clusters.get(host) ?? new ChaosCluster(host, this.#around);
    this.#clusters.set(host, chaos);
    chaos.local.createWorkload(deployments, { namespace, name, replicas: desired });
    const draw = this.#around.dice.of(`the autoscaler of ${name}`);
    if (!draw.chance(0.4)) return;
    const target = { type: 'Utilization', averageUtilization: draw.of([70, 80]) };
    const hpa = chaos.local.createHpa({
      metadata: { namespace, name },
      spec: {
        scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name },
        minReplicas: Math.max(1, desired),
        maxReplicas: config.maxSize + draw.between(0, 3),
        metrics: [{ type: 'Resource', resource: { name: 'cpu', target } }],
      },
    });
    this.#autoscaled.set(scalingGroup, hpa);
  }

  do(happening: Happening, { scalingGroup }: ScalerGroup): void {
    const cluster = this.#clusterOf(scalingGroup);
    cluster.timeline.advance();
    const workload = this.#workload(scalingGroup);
    const pods = cluster.local.podsOf(workload);
    const { kind } = happening;
    const until = this.#around.now() + ('seconds' in happening ? happening.seconds : 0) * 1000;
    if (kind === 'set-desired') this.#setDesired(scalingGroup, workload, happening.servers, happening.id);
    else if (kind === 'refresh') cluster.local.setImage(deployments, workload, `image:${happening.id}`);
    else if (kind === 'launches-fail') cluster.failUntil(until, happening.id);
    else if (kind === 'provider-hangs') this.wire.hang(this.#places.get(scalingGroup)!.host, until);
    else if (kind === 'credentials-end') cluster.replaceToken(happening.id);
    else if (kind === 'others-write') cluster.disturbWritesUntil(until);
    else if (pods.length === 0) return;
    else if (kind === 'server-dies' || kind === 'server-lost')
      cluster.local.life.kill(pods[happening.nth % pods.length]!);
    else if (kind === 'target-unhealthy' || kind === 'server-unhealthy')
      cluster.fail(happening.id, pods[happening.nth % pods.length]!.metadata.name);
  }

  undo({ id, kind }: Happening, { scalingGroup }: ScalerGroup): void {
    if (kind === 'target-unhealthy') this.#clusterOf(scalingGroup).heal(id);
  }

  aboutToSet({ scalingGroup }: ScalerGroup): void {
    const cluster = this.#clusterOf(scalingGroup);
    const change = cluster.competitor();
    const { desired } = this.shown(scalingGroup);
    if (change !== 0)
      this.#setDesired(
        scalingGroup,
        this.#workload(scalingGroup),
        Math.max(0, desired + change),
        'competitor',
      );
  }

  renew({ scalingGroup, config }: ScalerGroup): void {
    const { local } = this.#clusterOf(scalingGroup);
    const workload = this.#workload(scalingGroup);
    local.scale(deployments, workload, config.minSize);
    const hpa = this.#autoscaled.get(scalingGroup);
    if (hpa) this.#setLeast(local, hpa, config.minSize);
    for (const pod of local.podsOf(workload)) local.life.kill(pod);
  }

  calm(): void {
    this.wire.calm();
    for (const cluster of this.#clusters.values()) cluster.calm();
  }

  /** Whoever scales by hand writes to the workload, or to the autoscaler that owns it. */
  #setDesired(scalingGroup: string, workload: Workload, servers: number, id: string): void {
    const { local } = this.#clusterOf(scalingGroup);
    const hpa = this.#autoscaled.get(scalingGroup);
    if (hpa && this.#around.dice.of(`by hand ${id}`).chance(0.7)) this.#setLeast(local, hpa, servers);
    else local.scale(deployments, workload, servers);
  }

  #setLeast(local: LocalCluster, hpa: Hpa, servers: number): void {
    hpa.spec = {
      ...hpa.spec,
      minReplicas: Math.max(1, servers),
      maxReplicas: Math.max(1, servers, hpa.spec.maxReplicas),
    };
    local.store.touch(hpa);
  }

  #adapter(fleet: Fleet): Offered {
    const clock = { now: this.#around.now };
    const workloads = Object.values(fleet.groups).map((group) => ({ group, workload: group.kubernetes! }));
    const groups = new Map(
      workloads.map(({ group, workload }) => [
        kubernetesGroupName(workload),
        { workload, maxSize: group.maxSize, published: ['CPUUtilization'] as const },
      ]),
    );
    const connections = new Map<string, ClusterConnection>();
    const adapter = new KubernetesWorkloads(
      groups,
      ({ cluster }) => {
        const host = clusterName(cluster);
        const { secret, via } = this.#clusters.get(host)!;
        const stored = new StoredAccess(cluster as { server: string; token: string }, secret.reader());
        const connection = connections.get(host) ?? new ClusterConnection(host, stored, clock, via);
        connections.set(host, connection);
        return connection;
      },
      clock,
    );
    const measurements = new PodMeasurements(groups, adapter, clock);
    const samples = new PodSamples(groups, measurements, cloudWatch(this.#around.metrics), clock);
    return { groups: adapter, refresh: adapter, launchFailures: adapter, rivals: adapter, samples };
  }

  #clusterOf(scalingGroup: string): ChaosCluster {
    return this.#clusters.get(this.#places.get(scalingGroup)!.host)!;
  }

  #workload(scalingGroup: string): Workload {
    const { deployment } = this.#places.get(scalingGroup)!;
    return this.#clusterOf(scalingGroup).local.workload(deployments, namespace, deployment);
  }
}

/** As a cluster's users read it: ready, no longer ready, not ready yet, on its way out. */
function lifecycleOf({ metadata, status }: Pod): Lifecycle {
  if (metadata.deletionTimestamp !== undefined) return 'leaving';
  const ready = status.conditions.find(({ type }) => type === 'Ready');
  if (ready?.status === 'True') return 'ready';
  const startedAt = status.containerStatuses?.[0]?.state.running?.startedAt;
  return startedAt !== undefined && ready && ready.lastTransitionTime > startedAt ? 'unhealthy' : 'pending';
}

/** Of CloudWatch, what takes the measurements of pods. */
function cloudWatch(metrics: MemoryMetrics): CloudWatchClient {
  const send = async ({ input }: { readonly input: PutMetricDataCommandInput }) => {
    for (const { MetricName, Dimensions = [], Value, Timestamp } of input.MetricData ?? []) {
      const dimensions = Object.fromEntries(Dimensions.map(({ Name, Value }) => [Name!, Value!]));
      const series = {
        namespace: input.Namespace!,
        metricName: MetricName!,
        dimensions,
        statistic: 'Average',
      };
      metrics.put(series, Timestamp!.getTime(), Value!);
    }
    return {};
  };
  return { send } as unknown as CloudWatchClient;
}

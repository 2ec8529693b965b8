import { isTrue } from './conditions.ts';
import type { Hpa, KubeObject, Pod, Workload } from './objects.ts';
import { deployments, hpas, pods, type ResourceType } from './resource-types.ts';

type Cell = string | number;

interface Columns<T> {
  readonly names: readonly string[];
  readonly cells: (object: T, now: number) => Cell[];
}

const ofPods: Columns<Pod> = {
  names: ['Name', 'Ready', 'Status', 'Restarts', 'Age'],
  cells: (pod, now) => {
    const statuses = pod.status.containerStatuses ?? [];
    const ready = statuses.filter((one) => one.ready).length;
    const waiting = statuses.find(({ state }) => state.waiting)?.state.waiting?.reason;
    const status = pod.metadata.deletionTimestamp ? 'Terminating' : (waiting ?? pod.status.phase);
    return [pod.metadata.name, `${ready}/${pod.spec.containers.length}`, status, '0', age(pod, now)];
  },
};

const ofDeployments: Columns<Workload> = {
  names: ['Name', 'Ready', 'Up-to-date', 'Available', 'Age'],
  cells: (one, now) => {
    const { readyReplicas = 0, updatedReplicas = 0, availableReplicas = 0 } = one.status;
    const ready = `${readyReplicas}/${one.spec.replicas}`;
    return [one.metadata.name, ready, updatedReplicas, availableReplicas, age(one, now)];
  },
};

const ofOtherWorkloads: Columns<Workload> = {
  names: ['Name', 'Ready', 'Age'],
  cells: (one, now) => [
    one.metadata.name,
    `${one.status.readyReplicas ?? 0}/${one.spec.replicas}`,
    age(one, now),
  ],
};

const ofHpas: Columns<Hpa> = {
  names: ['Name', 'Reference', 'Targets', 'MinPods', 'MaxPods', 'Replicas', 'Age'],
  cells: (hpa, now) => {
    const { scaleTargetRef: target, metrics = [], minReplicas, maxReplicas } = hpa.spec;
    const targets = metrics.map(({ resource }) => {
      const shown = hpa.status.currentMetrics?.find((one) => one.resource.name === resource?.name);
      const current = shown?.resource.current['averageUtilization'];
      const now = current === undefined ? '<unknown>' : `${current}%`;
      return `${resource?.name}: ${now}/${resource?.target.averageUtilization}%`;
    });
    const said = isTrue(hpa.status.conditions ?? [], 'ScalingActive') || targets.length > 0;
    return [
      hpa.metadata.name,
      `${target.kind}/${target.name}`,
      said ? targets.join(', ') : '<none>',
      `${minReplicas}`,
      maxReplicas,
      hpa.status.currentReplicas,
      age(hpa, now),
    ];
  },
};

/** Does the client want rows to print, as `kubectl get` does? */
export function wantsTable(accept: string): boolean {
  return accept.includes('as=Table') && accept.includes('g=meta.k8s.io');
}

/** @see https://kubernetes.io/docs/reference/using-api/api-concepts/#receiving-resources-as-tables */
export function asTable(type: ResourceType, answer: unknown, now: number): unknown {
  const { items, metadata } = answer as { items?: KubeObject[]; metadata: Record<string, unknown> };
  const columns = columnsOf(type);
  const rows = (items ?? [answer as KubeObject]).map((object) => ({
    cells: columns.cells(object as never, now),
    object: { kind: 'PartialObjectMetadata', apiVersion: 'meta.k8s.io/v1', metadata: object.metadata },
  }));
  const columnDefinitions = columns.names.map((name) => ({
    name,
    type: 'string',
    format: name === 'Name' ? 'name' : '',
    description: name,
    priority: 0,
  }));
  return {
    kind: 'Table',
    apiVersion: 'meta.k8s.io/v1',
    metadata: items ? metadata : {},
    columnDefinitions,
    rows,
  };
}

function columnsOf(type: ResourceType): Columns<never> {
  if (type === pods) return ofPods;
  if (type === hpas) return ofHpas;
  return type === deployments ? ofDeployments : ofOtherWorkloads;
}

/** `45s`, `12m`, `3h`, `2d`. */
function age({ metadata }: KubeObject, now: number): string {
  const seconds = Math.max(0, Math.floor((now - Date.parse(metadata.creationTimestamp)) / 1000));
  if (seconds < 120) return `${seconds}s`;
  if (seconds < 7200) return `${Math.floor(seconds / 60)}m`;
  return seconds < 172_800 ? `${Math.floor(seconds / 3600)}h` : `${Math.floor(seconds / 86_400)}d`;
}

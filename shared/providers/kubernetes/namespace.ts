import { type KubernetesWorkload, resourceOf, type ScaledResource } from '../../fleet/kubernetes.ts';
import { PortError } from '../../ports/port-error.ts';
import type { Autoscaler, Pod, Scale, Selector, Workload } from './api-objects.ts';
import type { ClusterConnection } from './connection.ts';
import { podsOf } from './pods.ts';

/** A workload as it is, with its pods and the autoscaler that owns it. */
export interface SeenWorkload {
  readonly replicas: number;
  readonly pods: readonly Pod[];
  readonly autoscalers: readonly Autoscaler[];
  /** How far a rollout is; null: none is under way. */
  readonly rollout: string | null;
}

/** One namespace of a cluster. */
export class Namespace {
  readonly #connection: ClusterConnection;
  readonly #name: string;

  constructor(connection: ClusterConnection, name: string) {
    this.#connection = connection;
    this.#name = name;
  }

  /** Those of the workloads that exist: one list of each kind, or the object alone where it is only one. @throws PortError */
  async look(
    workloads: readonly KubernetesWorkload[],
  ): Promise<ReadonlyMap<KubernetesWorkload, SeenWorkload>> {
    const [only] = workloads;
    const single = workloads.length === 1 && only && !only.resource ? await this.#one(only) : undefined;
    if (workloads.length === 1 && !only?.resource && !single) return new Map();
    // Together: of several that fail, each is heard, or the process would end by the others.
    const [autoscalers, pods, found] = await Promise.all([
      this.#autoscalers(),
      this.#pods(single?.spec.selector),
      single ? new Map([[only!, single]]) : this.#workloads(workloads),
    ]);
    const seen = new Map<KubernetesWorkload, SeenWorkload>();
    for (const [workload, object] of found) {
      seen.set(workload, {
        replicas: object.spec.replicas ?? 1,
        pods: podsOf(pods, object.spec.selector ?? {}),
        autoscalers: autoscalers.filter((one) => owns(one, resourceOf(workload))),
        rollout: rolloutOf(object),
      });
    }
    return seen;
  }

  /** Those that scale a workload. */
  async autoscalersOf(workload: KubernetesWorkload): Promise<Autoscaler[]> {
    const all = await this.#autoscalers();
    return all.filter((one) => owns(one, resourceOf(workload)));
  }

  pathOf({ apiVersion, plural, name }: ScaledResource): string {
    return `${this.#listPath(apiVersion, plural)}/${encodeURIComponent(name)}`;
  }

  autoscalerPath({ metadata }: Autoscaler): string {
    return `${this.#autoscalersPath()}/${encodeURIComponent(metadata.name)}`;
  }

  #autoscalers(): Promise<Autoscaler[]> {
    return this.#connection.list<Autoscaler>(this.#autoscalersPath());
  }

  #autoscalersPath(): string {
    return this.#listPath('autoscaling/v2', 'horizontalpodautoscalers');
  }

  #listPath(apiVersion: string, plural: string): string {
    const root = apiVersion === 'v1' ? '/api/v1' : `/apis/${apiVersion}`;
    return `${root}/namespaces/${encodeURIComponent(this.#name)}/${plural}`;
  }

  #pods(selector: Selector | undefined): Promise<Pod[]> {
    const labels = Object.entries(selector?.matchLabels ?? {}).map(([key, value]) => `${key}=${value}`);
    const query = labels.length > 0 ? { labelSelector: labels.join(',') } : {};
    return this.#connection.list<Pod>(this.#listPath('v1', 'pods'), query);
  }

  async #one(workload: KubernetesWorkload): Promise<Workload | undefined> {
    return orNone(this.#connection.get<Workload>(this.pathOf(resourceOf(workload))));
  }

  async #workloads(wanted: readonly KubernetesWorkload[]): Promise<Map<KubernetesWorkload, Workload>> {
    const found = new Map<KubernetesWorkload, Workload>();
    const listed = Map.groupBy(
      wanted.filter(({ resource }) => !resource),
      (workload) => resourceOf(workload).plural,
    );
    const lists = [...listed].map(async ([plural, some]) => {
      const all = await this.#connection.list<Workload>(this.#listPath('apps/v1', plural));
      const byName = new Map(all.map((one) => [one.metadata.name, one]));
      for (const workload of some) {
        const object = byName.get(resourceOf(workload).name);
        if (object) found.set(workload, object);
      }
    });
    // Where a resource of somebody else's keeps its replicas, only its scale knows.
    const scales = wanted.flatMap(({ resource }, index) =>
      resource ? [this.#addScaled(wanted[index]!, resource, found)] : [],
    );
    await Promise.all([...lists, ...scales]);
    return found;
  }

  async #addScaled(
    workload: KubernetesWorkload,
    resource: ScaledResource,
    found: Map<KubernetesWorkload, Workload>,
  ): Promise<void> {
    const scale = await orNone(this.#connection.get<Scale>(`${this.pathOf(resource)}/scale`));
    if (!scale) return;
    const { metadata, spec, status } = scale;
    const terms = (status?.selector ?? '').split(',').filter((term) => term !== '');
    const matchLabels = Object.fromEntries(terms.map((term) => term.split('=', 2) as [string, string]));
    found.set(workload, { metadata, spec: { ...spec, selector: { matchLabels } } });
  }
}

/** Does an autoscaler scale it? Versions of a group may differ. */
function owns({ spec }: Autoscaler, { apiVersion, kind, name }: ScaledResource): boolean {
  const { scaleTargetRef: target } = spec;
  const groupOf = (version: string) => (version.includes('/') ? version.split('/')[0] : '');
  return (
    target.name === name &&
    target.kind === kind &&
    groupOf(target.apiVersion ?? apiVersion) === groupOf(apiVersion)
  );
}

/** Pods of an older template are still there. */
function rolloutOf({ status }: Workload): string | null {
  if (!status) return null;
  const { replicas = 0, updatedReplicas = 0, currentRevision, updateRevision } = status;
  if (currentRevision !== undefined && currentRevision !== updateRevision) return 'Progressing';
  return updatedReplicas < replicas && currentRevision === undefined ? 'Progressing' : null;
}

async function orNone<T>(reading: Promise<T>): Promise<T | undefined> {
  try {
    return await reading;
  } catch (error) {
    if (error instanceof PortError && error.code === 'NotFound') return undefined;
    throw error;
  }
}

import { PortError } from '../../shared/ports/port-error.ts';
import { type Manifest, scalersAmong, UnknownManifest } from '../take-over/kubernetes-manifests.ts';

/** Of a connection to a cluster, what is needed here. */
interface Lister {
  list<T>(path: string): Promise<T[]>;
}

/** What scales pods, and where the API has it. */
const autoscalers = {
  kind: 'HorizontalPodAutoscaler',
  apiVersion: 'autoscaling/v2',
  plural: 'horizontalpodautoscalers',
};
/** There with KEDA alone. */
const scaledObjects = {
  kind: 'ScaledObject',
  apiVersion: 'keda.sh/v1alpha1',
  plural: 'scaledobjects',
};

/**
 * The HPAs and the ScaledObjects of a cluster as they are now.
 * @param namespace undefined: of all
 * @throws UnknownManifest when there is none, PortError
 */
export async function liveScalers(cluster: Lister, namespace: string | undefined): Promise<Manifest[]> {
  const within = namespace === undefined ? '' : `/namespaces/${namespace}`;
  const listOf = async ({ kind, apiVersion, plural }: typeof autoscalers) => {
    const items = await cluster.list<Manifest>(`/apis/${apiVersion}${within}/${plural}`);
    // What a list holds does not say what it is.
    return items.map((item) => ({ ...item, kind, apiVersion }));
  };
  const hpas = await listOf(autoscalers);
  const ofKeda = await listOf(scaledObjects).catch((error: unknown) => {
    if (error instanceof PortError && error.code === 'NotFound') return [];
    throw error;
  });
  const scalers = scalersAmong([...hpas, ...ofKeda]);
  if (scalers.length > 0) return scalers;
  const where = namespace === undefined ? 'The cluster' : `Namespace ${namespace}`;
  throw new UnknownManifest(`${where} has no HorizontalPodAutoscaler and no ScaledObject.`);
}

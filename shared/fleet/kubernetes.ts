/** A cluster, and how its API is reached. The functions import this file, and so it knows no schema. */
export type KubernetesCluster =
  | { readonly eks: string }
  /** Nobody asks it: a KEDA in it reads how many pods are wanted. */
  | { readonly pull: string }
  | { readonly server: string; readonly caData?: string | undefined; readonly token: string };

/** Whatever has a scale subresource, such as a Rollout. */
export interface ScaledResource {
  readonly apiVersion: string;
  readonly kind: string;
  readonly plural: string;
  readonly name: string;
}

/** A workload of Kubernetes that exists: one of `deployment`, `statefulSet` and `resource`. */
export interface KubernetesWorkload {
  readonly cluster: KubernetesCluster;
  readonly namespace: string;
  readonly deployment?: string | undefined;
  readonly statefulSet?: string | undefined;
  readonly resource?: ScaledResource | undefined;
}

/** A name of a scaling group of EC2 may have everything but a colon, so this can be none. */
const prefix = 'kubernetes:';

/** The name by which the provider is asked: `kubernetes:CLUSTER/NAMESPACE/PLURAL/NAME`. */
export function kubernetesGroupName(workload: KubernetesWorkload): string {
  const { plural, name } = resourceOf(workload);
  return `${prefix}${clusterName(workload.cluster)}/${workload.namespace}/${plural}/${name}`;
}

/** What a cluster is called where people read it: its name in EKS, the name that the file gives it, or the host and port of its server. */
export function clusterName(cluster: KubernetesCluster): string {
  // A file that is being checked may lack all of it.
  const { eks, pull, server } = (cluster ?? {}) as Readonly<
    Record<'eks' | 'pull' | 'server', string | undefined>
  >;
  if (eks !== undefined) return eks;
  if (pull !== undefined) return pull;
  return server !== undefined && URL.canParse(server) ? new URL(server).host : `${server}`;
}

/** Its cluster is not asked: what is known of it is how many pods are wanted. */
export function isPulled(
  workload: { readonly cluster?: KubernetesCluster | undefined } | undefined,
): boolean {
  return typeof workload?.cluster === 'object' && 'pull' in workload.cluster;
}

/** The workload, as the API knows it. */
export function resourceOf({ deployment, statefulSet, resource }: KubernetesWorkload): ScaledResource {
  if (resource) return resource;
  return deployment !== undefined
    ? { apiVersion: 'apps/v1', kind: 'Deployment', plural: 'deployments', name: deployment }
    : { apiVersion: 'apps/v1', kind: 'StatefulSet', plural: 'statefulsets', name: `${statefulSet}` };
}

import type { Fleet } from '../../shared/fleet/fleet.ts';
import {
  clusterName,
  isPulled,
  type KubernetesCluster,
  type KubernetesWorkload,
} from '../../shared/fleet/kubernetes.ts';
import { kubernetesUsers, roleRules } from '../../shared/fleet/kubernetes-role.ts';

type AskedCluster = Exclude<KubernetesCluster, { pull: string }>;

/** What one cluster has to allow. */
interface ClusterManifests {
  /** What else is to be done, line by line. */
  readonly steps: readonly string[];
  readonly manifests: readonly object[];
}

const rbac = 'rbac.authorization.k8s.io';
/** Of the role, its binding and, where there is one, the service account and its token. */
const name = 'rushhour';

/** For each cluster of the fleet that is asked: the least role in each namespace, bound to who the functions are there. */
export function accessManifests(fleet: Fleet): ClusterManifests[] {
  const workloads = Object.values(fleet.groups).flatMap(({ kubernetes }) =>
    kubernetes && !isPulled(kubernetes) ? kubernetes : [],
  );
  return [...Map.groupBy(workloads, ({ cluster }) => clusterName(cluster)).values()].map((some) => {
    const { cluster, namespace: first } = some[0]!;
    const subject =
      'eks' in cluster
        ? { kind: 'Group', apiGroup: rbac, name: kubernetesUsers(fleet) }
        : { kind: 'ServiceAccount', name, namespace: first };
    const roles = [...Map.groupBy(some, ({ namespace }) => namespace)].flatMap(([namespace, those]) =>
      roleAndBinding(namespace, those, subject),
    );
    return {
      steps: stepsOf(cluster as AskedCluster, first, fleet),
      manifests: 'eks' in cluster ? roles : [...serviceAccount(first), ...roles],
    };
  });
}

function roleAndBinding(
  namespace: string,
  workloads: readonly KubernetesWorkload[],
  subject: object,
): object[] {
  const apiVersion = `${rbac}/v1`;
  return [
    { apiVersion, kind: 'Role', metadata: { name, namespace }, rules: roleRules(workloads) },
    {
      apiVersion,
      kind: 'RoleBinding',
      metadata: { name, namespace },
      roleRef: { apiGroup: rbac, kind: 'Role', name },
      subjects: [subject],
    },
  ];
}

/** @see https://kubernetes.io/docs/concepts/configuration/secret/#serviceaccount-token-secrets */
function serviceAccount(namespace: string): object[] {
  return [
    { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name, namespace } },
    {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name, namespace, annotations: { 'kubernetes.io/service-account.name': name } },
      type: 'kubernetes.io/service-account-token',
    },
  ];
}

/** @see https://docs.aws.amazon.com/eks/latest/userguide/access-entries.html */
function stepsOf(cluster: AskedCluster, namespace: string, fleet: Fleet): string[] {
  if ('eks' in cluster) {
    const { eks } = cluster;
    return [
      `Cluster ${eks} of EKS. npx cdk deploy --all makes an access entry for the role of each function that looks:`,
      `they are members of the group ${kubernetesUsers(fleet)}. The cluster has to know access entries:`,
      `  aws eks update-cluster-config --name ${eks} --access-config authenticationMode=API_AND_CONFIG_MAP`,
    ];
  }
  const read = `kubectl -n ${namespace} get secret ${name} -o jsonpath='{.data.token}' | base64 -d`;
  return [
    `Cluster ${clusterName(cluster)}. Once this is applied, its token becomes the secret that the fleet file names:`,
    `  aws secretsmanager create-secret --name ${cluster.token} \\`,
    `    --secret-string "{\\"token\\":\\"$(${read})\\"}"`,
  ];
}

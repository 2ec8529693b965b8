import { Aws, CfnResource } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { eksClusters } from '../shared/fleet/eks-clusters.ts';
import type { Fleet } from '../shared/fleet/fleet.ts';
import { kubernetesUsers } from '../shared/fleet/kubernetes-role.ts';
import { podNamespace } from '../shared/fleet/pod-metrics.ts';
import { acceptWildcards } from './nag.ts';

/**
 * Where the clusters of EKS are. What functions may do in a cluster, its own role says: see `rushhour kubernetes rbac`. Who
 * they are is told by a token that takes no permission.
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonelastickubernetesservice.html
 */
export function kubernetesPolicies(
  scope: Construct,
  fleet: Fleet,
): { readonly observe: readonly iam.ManagedPolicy[]; readonly act: readonly iam.ManagedPolicy[] } {
  const workloads = Object.values(fleet.groups).flatMap(({ kubernetes }) => kubernetes ?? []);
  if (workloads.length === 0) return { observe: [], act: [] };
  const resources = eksClusters(fleet).map(
    (name) => `arn:${Aws.PARTITION}:eks:${Aws.REGION}:${Aws.ACCOUNT_ID}:cluster/${name}`,
  );
  const measured = new iam.ManagedPolicy(scope, 'PublishPods', {
    description: `How busy the pods of fleet ${fleet.name} are, and where their clusters are`,
    statements: [
      new iam.PolicyStatement({
        actions: ['cloudwatch:PutMetricData'],
        resources: ['*'],
        conditions: { StringEquals: { 'cloudwatch:namespace': podNamespace } },
      }),
      ...(resources.length > 0
        ? [new iam.PolicyStatement({ actions: ['eks:DescribeCluster'], resources })]
        : []),
    ],
  });
  acceptWildcards(measured, ['*'], 'PutMetricData takes no resource: it is granted by its namespace.');
  return { observe: [measured], act: [] };
}

/**
 * Tells each cluster of EKS who the functions are: their roles belong to a group of its users, to which a role of the cluster is
 * bound. Of the service's own constructs this takes none: they bring a client of Kubernetes along.
 */
export function accessEntries(
  scope: Construct,
  fleet: Fleet,
  roles: Readonly<Record<string, iam.IRole>>,
): void {
  for (const cluster of eksClusters(fleet)) {
    for (const [name, role] of Object.entries(roles)) {
      new CfnResource(scope, `${name}-in-${cluster}`, {
        type: 'AWS::EKS::AccessEntry',
        properties: {
          ClusterName: cluster,
          PrincipalArn: role.roleArn,
          KubernetesGroups: [kubernetesUsers(fleet)],
          Type: 'STANDARD',
        },
      });
    }
  }
}

import { Aws } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import type { Fleet } from '../shared/fleet/fleet.ts';

/**
 * Where the clusters of EKS are. What functions may do in a cluster, its own role says: see `rushhour kubernetes rbac`. Who
 * they are is told by a token that takes no permission.
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonelastickubernetesservice.html
 */
export function kubernetesPolicies(
  scope: Construct,
  fleet: Fleet,
): { readonly observe: readonly iam.ManagedPolicy[]; readonly act: readonly iam.ManagedPolicy[] } {
  const clusters = Object.values(fleet.groups).flatMap(({ kubernetes }) =>
    kubernetes && 'eks' in kubernetes.cluster ? kubernetes.cluster.eks : [],
  );
  if (clusters.length === 0) return { observe: [], act: [] };
  const resources = [...new Set(clusters)].map(
    (name) => `arn:${Aws.PARTITION}:eks:${Aws.REGION}:${Aws.ACCOUNT_ID}:cluster/${name}`,
  );
  const described = new iam.ManagedPolicy(scope, 'DescribeClusters', {
    description: `Where the clusters of fleet ${fleet.name} are`,
    statements: [new iam.PolicyStatement({ actions: ['eks:DescribeCluster'], resources })],
  });
  return { observe: [described], act: [] };
}

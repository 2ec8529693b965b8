import { type Cluster, DescribeClusterCommand, EKSClient } from '@aws-sdk/client-eks';
import { eksClusters } from '../../shared/fleet/eks-clusters.ts';
import type { FleetInCloud } from '../cloud.ts';
import { type Finding, fine, problem, warning } from './finding.ts';

const check = 'clusters';
const nameSubnets =
  'Name subnets and a security group of its VPC in the fleet file (functions.vpc), then npx cdk deploy --all.';

/** The clusters of EKS that the fleet's groups are in: whether the functions can reach them, and are known there. */
export async function checkClusters({ scaler: { fleet } }: FleetInCloud): Promise<Finding[]> {
  const eks = new EKSClient();
  const found = await Promise.all(
    eksClusters(fleet).map(async (name) => {
      try {
        const { cluster = {} } = await eks.send(new DescribeClusterCommand({ name }));
        return judgeCluster(name, cluster, fleet.functions?.vpc !== undefined);
      } catch (error) {
        if ((error as Error).name !== 'ResourceNotFoundException') throw error;
        const advice = 'Name one that exists there: aws eks list-clusters.';
        return [problem(check, `EKS has no cluster ${name} in this region`, advice)];
      }
    }),
  );
  return found.flat();
}

/**
 * @param isInVpc the functions that look run in a VPC
 * @see https://docs.aws.amazon.com/eks/latest/userguide/cluster-endpoint.html
 * @see https://docs.aws.amazon.com/eks/latest/userguide/access-entries.html
 */
export function judgeCluster(
  name: string,
  { resourcesVpcConfig = {}, accessConfig }: Pick<Cluster, 'resourcesVpcConfig' | 'accessConfig'>,
  isInVpc: boolean,
): Finding[] {
  const findings: Finding[] = [];
  const { endpointPublicAccess, publicAccessCidrs = [], vpcId, clusterSecurityGroupId } = resourcesVpcConfig;
  if (accessConfig?.authenticationMode === 'CONFIG_MAP')
    findings.push(
      problem(
        check,
        `${name} knows no access entries, by which it would know the functions`,
        `aws eks update-cluster-config --name ${name} --access-config authenticationMode=API_AND_CONFIG_MAP`,
      ),
    );
  if (endpointPublicAccess === false && !isInVpc)
    findings.push(
      problem(check, `${name} is reached from ${vpcId} alone, and the functions run in no VPC`, nameSubnets),
    );
  const letsAllIn = publicAccessCidrs.length === 0 || publicAccessCidrs.includes('0.0.0.0/0');
  if (endpointPublicAccess !== false && !letsAllIn && !isInVpc)
    findings.push(
      warning(
        check,
        `${name} lets in ${publicAccessCidrs.join(', ')} alone, and functions in no VPC have no address of their own`,
        nameSubnets,
      ),
    );
  if (findings.length > 0) return findings;
  const openings = `; its security group ${clusterSecurityGroupId} has to let the functions' in at port 443`;
  const way =
    endpointPublicAccess === false ? `is reached from ${vpcId}${openings}` : 'has an endpoint that is public';
  return [fine(check, `${name} ${way}`)];
}

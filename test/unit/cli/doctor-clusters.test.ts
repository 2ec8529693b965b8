import { expect, it } from 'vitest';
import { judgeCluster } from '../../../cli/doctor/clusters.ts';

const known = { authenticationMode: 'API' } as const;
const endpoint = {
  vpcId: 'vpc-0a1b',
  clusterSecurityGroupId: 'sg-0a1b',
  endpointPublicAccess: true,
  endpointPrivateAccess: true,
  publicAccessCidrs: ['0.0.0.0/0'],
};
const hidden = { ...endpoint, endpointPublicAccess: false, publicAccessCidrs: [] };

function told(cluster: Parameters<typeof judgeCluster>[1], isInVpc = false): string[] {
  return judgeCluster('shop', cluster, isInVpc).map(({ verdict, message }) => `${verdict}: ${message}`);
}

it('a cluster with a public endpoint that takes access entries is fine', () => {
  expect(told({ resourcesVpcConfig: endpoint, accessConfig: known })).toEqual([
    'fine: shop has an endpoint that is public',
  ]);
});

it('a private endpoint wants the functions in its VPC, and port 443 of its security group open', () => {
  expect(told({ resourcesVpcConfig: hidden, accessConfig: known })).toEqual([
    'problem: shop is reached from vpc-0a1b alone, and the functions run in no VPC',
  ]);
  expect(told({ resourcesVpcConfig: hidden, accessConfig: known }, true)).toEqual([
    "fine: shop is reached from vpc-0a1b; its security group sg-0a1b has to let the functions' in at port 443",
  ]);
});

it('an endpoint for some addresses is none for functions, which have no address of their own', () => {
  const resourcesVpcConfig = { ...endpoint, publicAccessCidrs: ['203.0.113.0/24'] };
  expect(told({ resourcesVpcConfig, accessConfig: known })).toEqual([
    'warning: shop lets in 203.0.113.0/24 alone, and functions in no VPC have no address of their own',
  ]);
});

it('a cluster that goes by its ConfigMap alone does not know the functions', () => {
  const accessConfig = { authenticationMode: 'CONFIG_MAP' } as const;
  const [finding] = judgeCluster('shop', { resourcesVpcConfig: endpoint, accessConfig }, false);
  expect(finding).toMatchObject({
    verdict: 'problem',
    message: expect.stringContaining('knows no access entries'),
    advice: expect.stringContaining('authenticationMode=API_AND_CONFIG_MAP'),
  });
});

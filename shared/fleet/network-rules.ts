import type { Complain, Draft } from './across-fields.ts';
import type { Fleet } from './fleet-keys.ts';
import type { Group } from './group.ts';
import { isImported } from './load-balancer.ts';

type ExistingVpc = Draft<Extract<Fleet['network'], { vpcId: string }>>;

/** A place for whatever is made: a VPC that AWS takes, and subnets for servers and load balancers. */
export function networkRules({ network, groups = {} }: Draft<Fleet>, complain: Complain): void {
  if (!network) return;
  if (!('vpcId' in network)) {
    const size = Number(network.cidr?.split('/')[1]);
    // A /22 has room for a load balancer and servers in each of the subnets that it may come to.
    if (size < 16 || size > 22) complain(['network', 'cidr'], 'expected a range of size /16 to /22');
    for (const [name, group] of Object.entries(groups))
      adoptionRules(group ?? {}, (path, expected) => complain(['groups', name, path].flat(), expected));
    return;
  }
  const made = Object.entries(groups).filter(([, group]) => group?.launch);
  if (made.length === 0) return;
  subnetRules(network, complain);
  for (const [name, group] of made)
    balancerRules(network, group!, (path, expected) => complain(['groups', name, path].flat(), expected));
}

/**
 * A load balancer of a VPC that is made new, and servers that were there before it.
 * @see https://docs.aws.amazon.com/autoscaling/ec2/userguide/attach-detach-instances.html
 */
function adoptionRules({ launch, loadBalancer, instances = [] }: Draft<Group>, complain: Complain): void {
  if (!launch || !loadBalancer || instances.length === 0) return;
  complain(
    'instances',
    'expected none, or network.vpcId with the VPC that they are in: AWS attaches no server to a load balancer of another VPC, and this one is made new',
  );
}

function subnetRules(network: ExistingVpc, complain: Complain): void {
  const zones = network.availabilityZones?.length ?? 0;
  const lists = ['publicSubnetIds', 'privateSubnetIds'] as const;
  for (const list of lists) {
    const subnets = network[list]?.length ?? 0;
    if (subnets > 0 && subnets !== zones)
      complain(['network', list], `expected a subnet for each of the ${zones} availability zones, or none`);
  }
  if (lists.every((list) => network[list]?.length === 0))
    complain(['network', 'privateSubnetIds'], 'expected subnets for the servers, here or in publicSubnetIds');
}

function balancerRules(network: ExistingVpc, { loadBalancer }: Draft<Group>, complain: Complain): void {
  if (!loadBalancer || isImported(loadBalancer)) return;
  if (loadBalancer.scheme === 'internet-facing' && network.publicSubnetIds?.length === 0)
    complain(['loadBalancer', 'scheme'], 'expected internal: the network has no publicSubnetIds');
  const application = loadBalancer.protocol?.startsWith('HTTP');
  if (application && network.availabilityZones?.length === 1)
    complain(
      ['loadBalancer', 'protocol'],
      'expected TCP or TLS: HTTP needs two availabilityZones of the network',
    );
}

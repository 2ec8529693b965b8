import { z } from 'zod';
import { pattern, text, wholeNumber } from './scalars.ts';

const cidr = z.cidrv4({ error: 'expected an address range like 10.0.0.0/16' });
const subnet = pattern(/^subnet-[0-9a-f]+$/, 'expected a subnet like subnet-0123456789abcdef0');

const existingVpc = z.strictObject({
  vpcId: pattern(/^vpc-[0-9a-f]+$/, 'expected a VPC like vpc-0123456789abcdef0').describe(
    'A VPC that exists.',
  ),
  cidr: cidr.describe('Its address range: an internal load balancer is open to it.'),
  availabilityZones: z
    .array(pattern(/^[a-z0-9-]{1,50}$/, 'expected an availability zone like eu-central-1a'))
    .min(1, { error: 'expected at least one availability zone' })
    .describe('Where servers may be.'),
  publicSubnetIds: z.array(subnet).default([]).describe('One per availability zone, in their order.'),
  privateSubnetIds: z.array(subnet).default([]).describe('The same; servers are in these if there are any.'),
});

/** Zones that a new VPC has room for. */
export const mostZones = 6;

const newVpc = z.strictObject({
  cidr: cidr.default('10.0.0.0/16').describe('The address range of the VPC that is made.'),
  maxAzs: wholeNumber(2, mostZones).default(2).describe('Over how many availability zones.'),
  availabilityZones: z
    .array(text(50))
    .min(2, { error: `expected 2 to ${mostZones} availability zones` })
    .max(mostZones, { error: `expected 2 to ${mostZones} availability zones` })
    .optional()
    .describe('Which ones, in place of maxAzs: AWS promises no order of those that it would choose.'),
  natGateways: wholeNumber(0, mostZones)
    .default(0)
    .describe('None: servers have public addresses, closed but for the load balancer.'),
});

/** A VPC that exists, or one that is made over two zones, without NAT gateways unless asked for. */
export const network = z.union(
  [existingVpc.describe('A VPC that exists.'), newVpc.describe('Or a VPC that is made.')],
  {
    error:
      'expected {vpcId, cidr, availabilityZones, publicSubnetIds, privateSubnetIds} or {cidr, maxAzs, natGateways}',
  },
);

export type Network = z.output<typeof network>;

import { z } from 'zod';
import { pattern } from './scalars.ts';

const subnetsHint = 'expected 1 to 16 subnets like subnet-0123456789abcdef0';
const groupsHint = 'expected 1 to 5 security groups like sg-0123456789abcdef0';

/**
 * A place in a VPC for functions.
 * @see https://docs.aws.amazon.com/lambda/latest/api/API_VpcConfig.html
 */
export const functionsVpc = z.strictObject({
  subnetIds: z
    .array(pattern(/^subnet-[0-9a-f]+$/, subnetsHint), { error: subnetsHint })
    .min(1, { error: subnetsHint })
    .max(16, { error: subnetsHint })
    .describe('Subnets from which AWS can be reached: by a NAT gateway, or by endpoints of the VPC.'),
  securityGroupIds: z
    .array(pattern(/^sg-[0-9a-f]+$/, groupsHint), { error: groupsHint })
    .min(1, { error: groupsHint })
    .max(5, { error: groupsHint })
    .describe("What lets the functions out; the cluster's own has to let them in, at port 443."),
});

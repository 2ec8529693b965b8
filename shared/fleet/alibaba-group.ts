import { z } from 'zod';
import { pattern, secretName } from './scalars.ts';

/** A scaling group of Alibaba Cloud that exists. */
export const alibabaGroup = z.strictObject({
  region: pattern(/^[a-z]{2}-[a-z]+(-[a-z0-9]+)*$/, 'expected a region like cn-hangzhou').describe(
    'Where it is.',
  ),
  scalingGroup: pattern(
    /^asg-[0-9a-z]{16,24}$/,
    'expected the id of a scaling group like asg-bp1igpak5ft1flyp0000',
  ).describe('Its id there.'),
  credentials: z
    .union([
      secretName,
      z.strictObject({
        roleArn: pattern(
          /^acs:ram::\d+:role\/[\w.-]+$/,
          'expected the ARN of a role like acs:ram::1234567890123456:role/rushhour',
        ).describe("Of Alibaba Cloud's, that trusts the functions' identity."),
        providerArn: pattern(
          /^acs:ram::\d+:oidc-provider\/[\w.-]+$/,
          'expected the ARN of an OIDC provider like acs:ram::1234567890123456:oidc-provider/aws',
        ).describe("Of Alibaba Cloud's, that knows the functions' identity."),
      }),
    ])
    .describe(
      "A secret of Secrets Manager by its name, of { accessKeyId, accessKeySecret }; or a role of Alibaba Cloud's that the functions take by their own identity.",
    ),
});

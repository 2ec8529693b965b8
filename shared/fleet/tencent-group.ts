import { z } from 'zod';
import { pattern } from './scalars.ts';

/** @see https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_CreateSecret.html on names of secrets */
const secretName = pattern(
  /^[A-Za-z0-9/_+=.@-]{1,512}$/,
  'expected the name of a secret of Secrets Manager, not its ARN',
);

/** A scaling group of Tencent Cloud that exists. */
export const tencentGroup = z.strictObject({
  region: pattern(/^[a-z]{2}-[a-z]+(-[a-z0-9]+)*$/, 'expected a region like ap-guangzhou').describe(
    'Where it is.',
  ),
  scalingGroup: pattern(/^asg-[0-9a-z]{8}$/, 'expected the id of a scaling group like asg-2umy5jbd').describe(
    'Its id there.',
  ),
  credentials: z
    .union([
      secretName,
      z.strictObject({
        roleArn: pattern(
          /^qcs::cam::uin\/\d+:roleName\/[\w+=,.@-]+$/,
          'expected the ARN of a role like qcs::cam::uin/100000000001:roleName/rushhour',
        ).describe("Of Tencent Cloud's, that trusts the functions' identity."),
        providerId: pattern(/^[A-Za-z0-9_-]{1,128}$/, 'expected the name of an identity provider').describe(
          "Of Tencent Cloud's, that knows the functions' identity.",
        ),
      }),
    ])
    .describe(
      "A secret of Secrets Manager by its name, of { secretId, secretKey }; or a role of Tencent Cloud's that the functions take by their own identity.",
    ),
});

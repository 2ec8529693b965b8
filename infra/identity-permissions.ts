import * as iam from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { alibabaAudience } from '../shared/fleet/alibaba.ts';
import type { Fleet } from '../shared/fleet/fleet.ts';
import { tencentAudience } from '../shared/fleet/tencent.ts';
import { accept } from './nag.ts';

/** Clouds that take the functions' own identity for a key, and for whom its token is. */
const elsewhere = {
  alibaba: { id: 'AlibabaIdentity', cloud: 'Alibaba Cloud', audience: alibabaAudience },
  tencent: { id: 'TencentIdentity', cloud: 'Tencent Cloud', audience: tencentAudience },
} as const;

/**
 * Functions that take a role of another cloud's by their own identity ask AWS for a token of it, which takes no resource: it is for that
 * cloud alone. Where a secret has the key, they need nothing but that secret.
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_awssecuritytokenservice.html
 */
export function identityPolicies(scope: Construct, fleet: Fleet, kind: keyof typeof elsewhere) {
  const groups = Object.values(fleet.groups).flatMap((group) => group[kind] ?? []);
  if (groups.every(({ credentials }) => typeof credentials === 'string')) return { observe: [], act: [] };
  const { id, cloud, audience } = elsewhere[kind];
  const policy = new iam.ManagedPolicy(scope, id, {
    description: `Who the functions of fleet ${fleet.name} are, for ${cloud}`,
    statements: [
      new iam.PolicyStatement({
        actions: ['sts:GetWebIdentityToken'],
        resources: ['*'],
        conditions: { 'ForAllValues:StringEquals': { 'sts:IdentityTokenAudience': [audience] } },
      }),
    ],
  });
  const reason = 'A token of the own identity takes no resource; its audience is asked for.';
  accept(policy, {
    'AwsSolutions-IAM5[Resource::*]': reason,
    'Serverless-LambdaStarPermissions[Resource::*]': reason,
  });
  return { observe: [policy], act: [] };
}

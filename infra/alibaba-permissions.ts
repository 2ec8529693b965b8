import * as iam from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import type { Fleet } from '../shared/fleet/fleet.ts';
import { accept } from './nag.ts';

/**
 * Functions that take a role of Alibaba Cloud's by their own identity ask AWS for a token of it, which takes no resource: it is
 * for Alibaba Cloud alone. Where a secret has the key, they need nothing but that secret.
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_awssecuritytokenservice.html
 */
export function alibabaPolicies(scope: Construct, fleet: Fleet) {
  const groups = Object.values(fleet.groups).flatMap(({ alibaba }) => alibaba ?? []);
  if (groups.every(({ credentials }) => typeof credentials === 'string')) return { observe: [], act: [] };
  const policy = new iam.ManagedPolicy(scope, 'AlibabaIdentity', {
    description: `Who the functions of fleet ${fleet.name} are, for Alibaba Cloud`,
    statements: [
      new iam.PolicyStatement({
        actions: ['sts:GetWebIdentityToken'],
        resources: ['*'],
        conditions: { 'ForAllValues:StringEquals': { 'sts:IdentityTokenAudience': ['sts.aliyuncs.com'] } },
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

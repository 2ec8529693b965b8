import { Aws } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import type { Fleet } from '../shared/fleet/fleet.ts';
import { measuredOf } from '../shared/fleet/measured-of.ts';
import type { OtherKind } from '../shared/fleet/other-kinds.ts';
import { importedByPolicy } from '../shared/fleet/portions.ts';
import { isPrometheus, managedRegion } from '../shared/fleet/prometheus.ts';
import { secretsOf } from '../shared/fleet/secrets-of.ts';
import { ecsPolicies } from './ecs-permissions.ts';
import { identityPolicies } from './identity-permissions.ts';
import { kubernetesPolicies } from './kubernetes-permissions.ts';
import { acceptWildcards } from './nag.ts';

/** What functions may do with a fleet's groups of one kind; none where there are none. */
export interface KindPolicies {
  /** For functions that look. */
  readonly observe: readonly iam.ManagedPolicy[];
  /** For functions that set a capacity, besides. */
  readonly act: readonly iam.ManagedPolicy[];
}

/** By kind; a kind without a row needs nothing of AWS. */
const policiesOf: Readonly<Partial<Record<OtherKind, (scope: Construct, fleet: Fleet) => KindPolicies>>> = {
  alibaba: (scope, fleet) => identityPolicies(scope, fleet, 'alibaba'),
  ecs: ecsPolicies,
  kubernetes: kubernetesPolicies,
  tencent: (scope, fleet) => identityPolicies(scope, fleet, 'tencent'),
};

/** Those of all kinds that are not groups of EC2 Auto Scaling. */
export function kindPolicies(scope: Construct, fleet: Fleet): KindPolicies {
  const all = Object.values(policiesOf).map((policies) => policies(scope, fleet));
  const observe = [
    ...all.flatMap((policies) => policies.observe),
    ...secretPolicies(scope, fleet),
    ...prometheusPolicies(scope, fleet),
  ];
  return { observe, act: all.flatMap(({ act }) => act) };
}

/**
 * Secrets that the fleet file names, and no others. AWS ends the ARN of each with six characters of its own.
 * @see https://docs.aws.amazon.com/secretsmanager/latest/userguide/auth-and-access_iam-policies.html
 */
function secretPolicies(scope: Construct, fleet: Fleet): iam.ManagedPolicy[] {
  return importedByPolicy(secretsOf(fleet)).map((some, index) => {
    const resources = some.map(
      (name) => `arn:${Aws.PARTITION}:secretsmanager:${Aws.REGION}:${Aws.ACCOUNT_ID}:secret:${name}-??????`,
    );
    const policy = new iam.ManagedPolicy(scope, `Secrets${index}`, {
      description: `Credentials that fleet ${fleet.name} names`,
      statements: [new iam.PolicyStatement({ actions: ['secretsmanager:GetSecretValue'], resources })],
    });
    acceptWildcards(policy, resources, 'AWS ends the ARN of a secret with six characters of its own.');
    return policy;
  });
}

/**
 * Workspaces of Amazon Managed Service for Prometheus that the fleet file asks in the functions' own role.
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonmanagedserviceforprometheus.html
 */
function prometheusPolicies(scope: Construct, { groups, name }: Fleet): iam.ManagedPolicy[] {
  const metrics = Object.values(groups).flatMap((group) => measuredOf(group).map(({ metric }) => metric));
  const workspaces = metrics.flatMap((metric) => {
    if (!isPrometheus(metric) || !metric.prometheus.sigv4) return [];
    const { url } = metric.prometheus;
    const [, workspace] = /\/workspaces\/(ws-[0-9a-f-]+)/.exec(url) ?? [];
    const region = managedRegion(url);
    return workspace && region
      ? [`arn:${Aws.PARTITION}:aps:${region}:${Aws.ACCOUNT_ID}:workspace/${workspace}`]
      : [];
  });
  if (workspaces.length === 0) return [];
  const statement = new iam.PolicyStatement({
    actions: ['aps:QueryMetrics'],
    resources: [...new Set(workspaces)],
  });
  const description = `Workspaces of Prometheus that fleet ${name} names`;
  return [new iam.ManagedPolicy(scope, 'QueryPrometheus', { description, statements: [statement] })];
}

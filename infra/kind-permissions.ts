import type * as iam from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import type { Fleet } from '../shared/fleet/fleet.ts';
import type { OtherKind } from '../shared/fleet/other-kinds.ts';
import { ecsPolicies } from './ecs-permissions.ts';

/** What functions may do with a fleet's groups of one kind; none where there are none. */
export interface KindPolicies {
  /** For functions that look. */
  readonly observe: readonly iam.ManagedPolicy[];
  /** For functions that set a capacity, besides. */
  readonly act: readonly iam.ManagedPolicy[];
}

/** By kind; a kind without a row needs nothing of AWS. */
const policiesOf: Readonly<Partial<Record<OtherKind, (scope: Construct, fleet: Fleet) => KindPolicies>>> = {
  ecs: ecsPolicies,
};

/** Those of all kinds that are not groups of EC2 Auto Scaling. */
export function kindPolicies(scope: Construct, fleet: Fleet): KindPolicies {
  const all = Object.values(policiesOf).map((policies) => policies(scope, fleet));
  return { observe: all.flatMap(({ observe }) => observe), act: all.flatMap(({ act }) => act) };
}

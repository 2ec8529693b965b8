import {
  DescribeTargetHealthCommand,
  type ElasticLoadBalancingV2Client,
  type TargetHealth,
  type TargetHealthDescription,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { attempt } from './to-port-error.ts';

/** Asks a target group. @throws PortError */
export async function wellAt(
  client: ElasticLoadBalancingV2Client,
  TargetGroupArn: string,
): Promise<ReadonlySet<string>> {
  const { TargetHealthDescriptions = [] } = await attempt(`read target health of ${TargetGroupArn}`, () =>
    client.send(new DescribeTargetHealthCommand({ TargetGroupArn })),
  );
  return wellIn(TargetHealthDescriptions);
}

/**
 * Servers that a target group does not find unhealthy. A target that is not in use (no listener has its target group, or its
 * zone is not enabled) is checked by nobody: that says nothing of its health. One that drains or has not been judged yet is
 * not healthy.
 * @see https://docs.aws.amazon.com/elasticloadbalancing/latest/application/check-target-health.html
 */
function wellIn(descriptions: readonly TargetHealthDescription[]): ReadonlySet<string> {
  const well = new Set<string>();
  // A server may be registered with several ports.
  const unwell = new Set<string>();
  for (const { Target, TargetHealth } of descriptions)
    (isWell(TargetHealth) ? well : unwell).add(Target!.Id!);
  for (const id of unwell) well.delete(id);
  return well;
}

function isWell(health: TargetHealth | undefined): boolean {
  if (health?.State === 'unused') return health.Reason === 'Target.NotInUse';
  return health?.State === 'healthy' || health?.State === 'unavailable';
}

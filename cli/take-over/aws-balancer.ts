import type { MeasuredBy } from './aws-metrics.ts';

/** The target groups that servers are in, and the ARN of the load balancer before each of them. */
interface Behind {
  readonly targetGroups: readonly string[];
  readonly loadBalancers: Readonly<Record<string, string>>;
}

/** The first that stands behind a load balancer is the one that is measured. */
function measuredTargetGroup({ targetGroups, loadBalancers }: Behind): string | undefined {
  return targetGroups.find((arn) => loadBalancers[arn] !== undefined);
}

/** What CloudWatch calls that target group and its load balancer. */
export function measuredAt(behind: Behind): Pick<MeasuredBy, 'targetGroup' | 'loadBalancer'> {
  const targetGroup = measuredTargetGroup(behind);
  return {
    targetGroup: targetGroup?.slice(targetGroup.indexOf('targetgroup/')),
    loadBalancer: targetGroup && behind.loadBalancers[targetGroup]!.split('loadbalancer/')[1],
  };
}

/** What stands before the servers, as lines of a fleet file; without target groups there are none. */
export function balancerLines(behind: Behind): {
  loadBalancer?: { loadBalancerArn?: string; targetGroupArns: string[] };
} {
  const { targetGroups, loadBalancers } = behind;
  if (targetGroups.length === 0) return {};
  const measured = measuredTargetGroup(behind);
  const loadBalancerArn = measured && loadBalancers[measured];
  return {
    loadBalancer: {
      ...(loadBalancerArn !== undefined && { loadBalancerArn }),
      targetGroupArns: [...targetGroups],
    },
  };
}

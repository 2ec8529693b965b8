import type { Complain, Draft } from './across-fields.ts';
import { awsRegions } from './aws-regions.ts';
import { didYouMean } from './did-you-mean.ts';
import type { FleetWarning } from './fleet-warning.ts';
import type { Group } from './group.ts';

/** What stands before a service in another region is there too. */
export function regionRules({ ecs, loadBalancer }: Draft<Group>, complain: Complain): void {
  const region = ecs?.region;
  if (region === undefined || !loadBalancer) return;
  const { targetGroupArns = [], loadBalancerArn } = loadBalancer;
  const isElsewhere = (arn: string | undefined) => arn !== undefined && arn.split(':')[3] !== region;
  for (const [index, arn] of targetGroupArns.entries())
    if (isElsewhere(arn))
      complain(
        ['loadBalancer', 'targetGroupArns', index],
        `expected a target group of ${region}, where the service is`,
      );
  if (isElsewhere(loadBalancerArn))
    complain(
      ['loadBalancer', 'loadBalancerArn'],
      `expected a load balancer of ${region}, where the service is`,
    );
}

/** A region that nobody knew of when this was written may be new. */
export function regionWarnings({ ecs }: Group): FleetWarning[] {
  const region = ecs?.region;
  if (region === undefined || awsRegions.includes(region)) return [];
  const likely = didYouMean(region, awsRegions);
  return [
    {
      path: 'ecs.region',
      message: `is a region that Rushhour does not know; is it new?${likely === undefined ? '' : ` Or did you mean ${likely}?`}`,
    },
  ];
}

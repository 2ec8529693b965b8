import { AutoScalingClient, paginateDescribeAutoScalingGroups } from '@aws-sdk/client-auto-scaling';
import {
  DescribeTargetGroupsCommand,
  ElasticLoadBalancingV2Client,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { paced } from '../paced.ts';
import type { ExistingGroup } from './answers.ts';

/** Nobody is kept waiting for an account that is not asked for. */
const patienceMs = 10_000;

/**
 * The scaling groups of the account and region that the environment names, by name, with what stands before them.
 * @returns undefined when there are no credentials, or the account cannot be reached
 */
export async function accountGroups(): Promise<ExistingGroup[] | undefined> {
  // A laptop has no instance whose role it could ask for.
  process.env['AWS_EC2_METADATA_DISABLED'] ??= 'true';
  const options = { abortSignal: AbortSignal.timeout(patienceMs) };
  try {
    const client = paced(new AutoScalingClient({ maxAttempts: 1 }));
    const balancing = paced(new ElasticLoadBalancingV2Client({ maxAttempts: 1 }));
    const found: ExistingGroup[] = [];
    for await (const page of paginateDescribeAutoScalingGroups(
      { client, stopOnSameToken: true },
      {},
      options,
    ))
      for (const group of page.AutoScalingGroups ?? []) {
        const targetGroupArns = group.TargetGroupARNs ?? [];
        const loadBalancerArn = await balancerBefore(balancing, targetGroupArns[0], options);
        found.push({
          name: group.AutoScalingGroupName!,
          minSize: group.MinSize!,
          maxSize: group.MaxSize!,
          desired: group.DesiredCapacity!,
          targetGroupArns,
          loadBalancerArn,
        });
      }
    return found.sort((one, other) => (one.name < other.name ? -1 : 1));
  } catch {
    // Without an account there is an example to change instead: `rushhour doctor` says why it cannot be reached.
    return undefined;
  }
}

async function balancerBefore(
  client: ElasticLoadBalancingV2Client,
  targetGroupArn: string | undefined,
  options: { readonly abortSignal: AbortSignal },
): Promise<string | undefined> {
  if (targetGroupArn === undefined) return undefined;
  const command = new DescribeTargetGroupsCommand({ TargetGroupArns: [targetGroupArn] });
  const { TargetGroups = [] } = await client.send(command, options);
  return TargetGroups[0]?.LoadBalancerArns?.[0];
}

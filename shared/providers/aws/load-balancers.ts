import {
  DescribeTargetGroupsCommand,
  type ElasticLoadBalancingV2Client,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import type { ScalingGroup } from '../../domain/observation.ts';
import { measuredBalancer } from '../../fleet/group-query.ts';
import type { LoadBalancers } from '../../ports/capacity.ts';
import { PortError } from '../../ports/port-error.ts';
import { batches } from './batches.ts';
import { toPortError } from './to-port-error.ts';

/** Which load balancer stands before a target group. */
export class LoadBalancerLookup implements LoadBalancers {
  readonly #client: ElasticLoadBalancingV2Client;

  constructor(client: ElasticLoadBalancingV2Client) {
    this.#client = client;
  }

  /**
   * Asked anew at each look: a target group can be moved to another load balancer.
   * @returns ARNs by target group; one without a load balancer, or that is gone, has no entry
   * @throws PortError
   */
  async of(targetGroups: readonly string[]): Promise<ReadonlyMap<string, string>> {
    const found = new Map<string, string>();
    for (const batch of batches(targetGroups, 100)) await this.#find(batch, found);
    return found;
  }

  /** By the scaling groups' names, as the `LoadBalancer` dimension has it. @throws PortError */
  async standsBehind(groups: readonly ScalingGroup[]): Promise<ReadonlyMap<string, string>> {
    const found = await this.of(groups.flatMap(({ trafficSources: targetGroups }) => targetGroups));
    return new Map(
      groups.flatMap(({ name, trafficSources: targetGroups }) => {
        const balancer = measuredBalancer(targetGroups, found);
        return balancer ? [[name, balancer.fullName] as const] : [];
      }),
    );
  }

  /** A single target group that is gone has AWS refuse all of a call: the others must not suffer for it. */
  async #find(TargetGroupArns: string[], found: Map<string, string>): Promise<void> {
    try {
      const { TargetGroups = [] } = await this.#client.send(
        new DescribeTargetGroupsCommand({ TargetGroupArns }),
      );
      for (const { TargetGroupArn, LoadBalancerArns } of TargetGroups) {
        const loadBalancer = LoadBalancerArns?.[0];
        if (loadBalancer) found.set(TargetGroupArn!, loadBalancer);
      }
    } catch (error) {
      const problem = toPortError(`describe ${TargetGroupArns.length} target groups`, error);
      if (!(problem instanceof PortError) || problem.code !== 'NotFound') throw problem;
      if (TargetGroupArns.length === 1) return;
      for (const half of batches(TargetGroupArns, Math.ceil(TargetGroupArns.length / 2)))
        await this.#find(half, found);
    }
  }
}

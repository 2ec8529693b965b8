import {
  type ApplicationAutoScalingClient,
  DescribeScalableTargetsCommand,
  DescribeScalingPoliciesCommand,
  DescribeScheduledActionsCommand,
} from '@aws-sdk/client-application-auto-scaling';
import { ecsServiceOf } from '../../fleet/ecs.ts';
import type { Rivals } from '../../ports/capacity.ts';
import { toPortError } from '../aws/to-port-error.ts';

/** Application Auto Scaling, which scales services of ECS by policies and schedules of its own. */
export class EcsRivals implements Rivals {
  readonly #client: ApplicationAutoScalingClient;

  constructor(client: ApplicationAutoScalingClient) {
    this.#client = client;
  }

  async nativeScaling(name: string): Promise<readonly string[]> {
    const place = ecsServiceOf(name);
    if (!place) return [];
    const ResourceId = `service/${place.cluster}/${place.service}`;
    const ServiceNamespace = 'ecs' as const;
    try {
      const { ScalableTargets = [] } = await this.#client.send(
        new DescribeScalableTargetsCommand({ ServiceNamespace, ResourceIds: [ResourceId] }),
      );
      // Without a target there are no policies.
      if (ScalableTargets.length === 0) return [];
      const { ScalingPolicies = [] } = await this.#client.send(
        new DescribeScalingPoliciesCommand({ ServiceNamespace, ResourceId }),
      );
      const { ScheduledActions = [] } = await this.#client.send(
        new DescribeScheduledActionsCommand({ ServiceNamespace, ResourceId }),
      );
      return [
        ...ScalingPolicies.map(({ PolicyName }) => `scaling policy ${PolicyName}`),
        ...ScheduledActions.map(({ ScheduledActionName }) => `scheduled action ${ScheduledActionName}`),
      ];
    } catch (error) {
      throw toPortError(`describe what Application Auto Scaling does to ${ResourceId}`, error);
    }
  }
}

import {
  type ApplicationAutoScalingClient,
  DescribeScalableTargetsCommand,
  DescribeScalingPoliciesCommand,
  DescribeScheduledActionsCommand,
} from '@aws-sdk/client-application-auto-scaling';
import { ecsServiceOf } from '../../fleet/ecs.ts';
import type { NativeRule, Rivals } from '../../ports/capacity.ts';
import { toPortError } from '../aws/to-port-error.ts';

/** Application Auto Scaling, which scales services of ECS by policies and schedules of its own. */
export class EcsRivals implements Rivals {
  readonly #client: ApplicationAutoScalingClient;

  constructor(client: ApplicationAutoScalingClient) {
    this.#client = client;
  }

  async nativeScaling(name: string): Promise<readonly NativeRule[]> {
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
      const {
        DynamicScalingOutSuspended = false,
        DynamicScalingInSuspended = false,
        ScheduledScalingSuspended = false,
      } = ScalableTargets[0]!.SuspendedState ?? {};
      const { ScalingPolicies = [] } = await this.#client.send(
        new DescribeScalingPoliciesCommand({ ServiceNamespace, ResourceId }),
      );
      const { ScheduledActions = [] } = await this.#client.send(
        new DescribeScheduledActionsCommand({ ServiceNamespace, ResourceId }),
      );
      return [
        ...ScalingPolicies.map(({ PolicyName }) => ({
          name: `scaling policy ${PolicyName}`,
          isAsleep: DynamicScalingOutSuspended && DynamicScalingInSuspended,
        })),
        ...ScheduledActions.map(({ ScheduledActionName }) => ({
          name: `scheduled action ${ScheduledActionName}`,
          isAsleep: ScheduledScalingSuspended,
        })),
      ];
    } catch (error) {
      throw toPortError(`describe what Application Auto Scaling does to ${ResourceId}`, error);
    }
  }
}

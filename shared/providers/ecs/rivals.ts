import type {
  DescribeScalableTargetsRequest,
  DescribeScalableTargetsResponse,
  DescribeScalingPoliciesRequest,
  DescribeScalingPoliciesResponse,
  DescribeScheduledActionsRequest,
  DescribeScheduledActionsResponse,
} from '@aws-sdk/client-application-auto-scaling';
import { ecsServiceOf } from '../../fleet/ecs.ts';
import type { NativeRule, Rivals } from '../../ports/capacity.ts';
import type { AwsJson } from './aws-json.ts';

export type RivalCalls = {
  DescribeScalableTargets: [DescribeScalableTargetsRequest, DescribeScalableTargetsResponse];
  DescribeScalingPolicies: [DescribeScalingPoliciesRequest, DescribeScalingPoliciesResponse];
  DescribeScheduledActions: [DescribeScheduledActionsRequest, DescribeScheduledActionsResponse];
};

/** Application Auto Scaling, which scales services of ECS by policies and schedules of its own. */
export class EcsRivals implements Rivals {
  readonly #apiIn: (region: string | undefined) => Pick<AwsJson<RivalCalls>, 'call'>;

  /** @param apiIn of a region; undefined: that of the functions */
  constructor(apiIn: (region: string | undefined) => Pick<AwsJson<RivalCalls>, 'call'>) {
    this.#apiIn = apiIn;
  }

  async nativeScaling(name: string): Promise<readonly NativeRule[]> {
    const place = ecsServiceOf(name);
    if (!place) return [];
    const api = this.#apiIn(place.region);
    const ResourceId = `service/${place.cluster}/${place.service}`;
    const ServiceNamespace = 'ecs' as const;
    const what = `describe what Application Auto Scaling does to ${ResourceId}`;
    const { ScalableTargets = [] } = await api.call(what, 'DescribeScalableTargets', {
      ServiceNamespace,
      ResourceIds: [ResourceId],
    });
    // Without a target there are no policies.
    if (ScalableTargets.length === 0) return [];
    const {
      DynamicScalingOutSuspended = false,
      DynamicScalingInSuspended = false,
      ScheduledScalingSuspended = false,
    } = ScalableTargets[0]!.SuspendedState ?? {};
    const of = { ServiceNamespace, ResourceId };
    const { ScalingPolicies = [] } = await api.call(what, 'DescribeScalingPolicies', of);
    const { ScheduledActions = [] } = await api.call(what, 'DescribeScheduledActions', of);
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
  }
}

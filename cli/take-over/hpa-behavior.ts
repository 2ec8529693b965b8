/** HPA's `behavior`, as a manifest has it. */
export interface HpaBehavior {
  readonly scaleUp?: HpaDirection;
  readonly scaleDown?: HpaDirection;
}

interface HpaDirection {
  readonly stabilizationWindowSeconds?: number;
  readonly selectPolicy?: string;
  readonly policies?: readonly { type?: string; value?: number; periodSeconds?: number }[];
  readonly tolerance?: string | number;
}

/**
 * The same in the fleet file, with Kubernetes' defaults written out: up at once by the larger of 100 % and 4 every 15 seconds, down to
 * the highest recommendation of the last 300.
 * @see https://kubernetes.io/docs/tasks/run-application/horizontal-pod-autoscale/#default-behavior
 */
export function behaviorOf({ scaleUp = {}, scaleDown = {} }: HpaBehavior): object {
  return {
    scaleUp: direction(scaleUp, 0, [
      { type: 'Percent', value: 100, periodSeconds: 15 },
      { type: 'Pods', value: 4, periodSeconds: 15 },
    ]),
    scaleDown: direction(scaleDown, 300, [{ type: 'Percent', value: 100, periodSeconds: 15 }]),
  };
}

function direction(
  { stabilizationWindowSeconds, selectPolicy, policies, tolerance }: HpaDirection,
  usualSeconds: number,
  usualPolicies: NonNullable<HpaDirection['policies']>,
): object {
  return {
    stabilizationWindowSeconds: stabilizationWindowSeconds ?? usualSeconds,
    ...(selectPolicy !== undefined && selectPolicy !== 'Max' && { selectPolicy }),
    policies: (policies ?? usualPolicies).map(({ type, value, periodSeconds }) => ({
      type: type === 'Pods' ? 'Instances' : type,
      value,
      periodSeconds,
    })),
    ...(tolerance !== undefined && { tolerance: Number(tolerance) }),
  };
}

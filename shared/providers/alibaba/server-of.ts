import type { Lifecycle, Server } from '../../domain/observation.ts';
import type { InstanceRecord } from './records.ts';

/**
 * Where a server is in its life (`LifecycleState`). One that is protected serves like the others, and the group leaves it alone.
 * @see the model of DescribeScalingInstances in the vendor's SDK
 */
const lifecycles: Readonly<Record<string, Lifecycle | undefined>> = {
  InService: 'ready',
  Protected: 'ready',
  Pending: 'pending',
  'Pending:Wait': 'pending',
  Removing: 'leaving',
  'Removing:Wait': 'leaving',
  Standby: 'standby',
  Stopped: 'standby',
};

/** @returns undefined: in a state that we do not know */
export function serverOf(instance: InstanceRecord): Server | undefined {
  const { InstanceId: id, LifecycleState, HealthStatus, WeightedCapacity } = instance;
  const state = lifecycles[LifecycleState];
  if (state === undefined) return undefined;
  return {
    id,
    lifecycle: state === 'ready' && HealthStatus !== 'Healthy' ? 'unhealthy' : state,
    ...(LifecycleState === 'Removing:Wait' ? { held: true } : {}),
    protectedFromScaleIn: LifecycleState === 'Protected',
    weight: WeightedCapacity || 1,
  };
}

import type { Lifecycle, Server } from '../../domain/observation.ts';
import type { InstanceRecord } from './records.ts';

/**
 * Where a server is in its life (`LifeCycleState`). One whose creation or attaching has failed is none; one that could not be
 * taken out is there still, and nobody counts on it.
 * @see https://www.tencentcloud.com/document/api/377/31029 on Instance
 */
const lifecycles: Readonly<Record<string, Lifecycle | undefined>> = {
  IN_SERVICE: 'ready',
  MODIFYING_LB: 'ready',
  CREATING: 'pending',
  ATTACHING: 'pending',
  ATTACHING_LB: 'pending',
  STARTING: 'pending',
  IN_LAUNCHING_HOOK: 'pending',
  TERMINATING: 'leaving',
  DETACHING: 'leaving',
  DETACHING_LB: 'leaving',
  STOPPING: 'leaving',
  IN_TERMINATING_HOOK: 'leaving',
  TERMINATION_FAILED: 'unhealthy',
  DETACH_FAILED: 'unhealthy',
  STOP_FAILED: 'unhealthy',
  STOPPED: 'standby',
};

/** @returns undefined: there is no such server (yet, or any more) */
export function serverOf(instance: InstanceRecord): Server | undefined {
  const { InstanceId: id, LifeCycleState, HealthStatus, ProtectedFromScaleIn } = instance;
  const state = lifecycles[LifeCycleState];
  if (state === undefined) return undefined;
  const lifecycle = state === 'ready' && HealthStatus !== 'HEALTHY' ? 'unhealthy' : state;
  return {
    id,
    lifecycle,
    ...(LifeCycleState === 'IN_TERMINATING_HOOK' ? { held: true } : {}),
    protectedFromScaleIn: ProtectedFromScaleIn,
    weight: 1,
  };
}

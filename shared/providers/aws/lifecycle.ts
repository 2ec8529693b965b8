import type { Instance, SuspendedProcess } from '@aws-sdk/client-auto-scaling';
import type { Lifecycle, Suspension } from '../../domain/observation.ts';

type Seen = Pick<Instance, 'LifecycleState' | 'HealthStatus'>;

const exact: Readonly<Record<string, Lifecycle>> = {
  EnteringStandby: 'standby',
  Standby: 'standby',
  Detaching: 'leaving',
  // In the list for a last moment.
  Detached: 'standby',
  Terminated: 'standby',
  // Its termination hook was abandoned, and the group keeps it for an investigation: it stays until somebody acts.
  'Terminating:Retained': 'standby',
};

/**
 * The one place that distinguishes Auto Scaling's states. What desired does not count, as the warm pool, is `standby`; a state that
 * AWS adds later is `pending`: there, and not known to serve. The health status of a server that is not in service says nothing about
 * the group's capacity.
 * @see https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-lifecycle.html
 */
export function toLifecycle({ LifecycleState: state = 'Pending', HealthStatus }: Seen): Lifecycle {
  if (state === 'InService') return HealthStatus === 'Unhealthy' ? 'unhealthy' : 'ready';
  const known = exact[state];
  if (known) return known;
  if (state.startsWith('Terminating')) return 'leaving';
  return state.startsWith('Warmed:') ? 'standby' : 'pending';
}

/** A termination hook may hold a server back, by heartbeats, for 48 hours. */
export function isHeld({ LifecycleState }: Seen): boolean {
  return LifecycleState === 'Terminating:Wait';
}

const suspensions: Readonly<Record<string, Suspension>> = {
  Launch: 'launching',
  Terminate: 'terminating',
  ReplaceUnhealthy: 'replacing',
  AddToLoadBalancer: 'registering',
};

/** Of Auto Scaling's nine processes those that a scaler's decisions depend on. */
export function toSuspensions(processes: readonly SuspendedProcess[]): readonly Suspension[] {
  return processes.flatMap(({ ProcessName = '' }) => suspensions[ProcessName] ?? []);
}

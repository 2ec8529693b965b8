import type { Deployment, Service, ServiceEvent } from '@aws-sdk/client-ecs';
import type { FailedRollout, Instant, LaunchFailure } from '../../domain/observation.ts';
import { minuteMs } from '../../units.ts';

/** A rollback may be over between two looks: for so long the events tell of it. */
const toldForMs = 5 * minuteMs;

/**
 * How far a rollout is, in ECS's words; null: none is under way. One that has failed moves nothing any more.
 * @see https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_Deployment.html
 */
export function rolloutOf(service: Service): string | null {
  const state = primaryOf(service)?.rolloutState;
  if (state === 'FAILED') return null;
  if ((service.deployments ?? []).length > 1) return state ?? 'IN_PROGRESS';
  return state === 'IN_PROGRESS' ? state : null;
}

/**
 * What the deployment circuit breaker, or an alarm of the deployment, has given up. Without rollback the failed one stays
 * in charge and starts no tasks; with it another takes its place, and soon only the events tell.
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-circuit-breaker.html
 */
export function failedRolloutOf(service: Service, now: Instant): FailedRollout | undefined {
  const primary = primaryOf(service);
  if (primary?.rolloutState === 'FAILED')
    return { id: primary.id!, says: reasonOf(primary), rolledBack: false };
  const failed = service.deployments?.find(({ rolloutState }) => rolloutState === 'FAILED');
  if (failed) return { id: failed.id!, says: reasonOf(failed), rolledBack: true };
  const event = newest(service.events, failure);
  if (!event || !(isRollback(primary) || now - event.at <= toldForMs)) return undefined;
  const [, id, says] = failure.exec(event.message)!;
  return { id: id!, says: says!, rolledBack: true };
}

/** Whoever asks for more of a service whose rollout has failed gets none. */
export function rolloutFailure(service: Service, since: Instant): LaunchFailure | undefined {
  const primary = primaryOf(service);
  if (primary?.rolloutState !== 'FAILED' || (service.runningCount ?? 0) >= (service.desiredCount ?? 0))
    return undefined;
  return {
    at: Math.max(since, primary.updatedAt?.getTime() ?? 0),
    kind: 'other',
    message: reasonOf(primary),
  };
}

const failure = /\(deployment ([^)]+)\) (deployment failed: .+)/;

/** The newest event of a service whose message fits. */
export function newest(
  events: readonly ServiceEvent[] = [],
  pattern: RegExp,
): { readonly at: Instant; readonly message: string } | undefined {
  return events
    .flatMap(({ createdAt, message = '' }) =>
      createdAt && pattern.test(message) ? { at: createdAt.getTime(), message } : [],
    )
    .toSorted((one, other) => other.at - one.at)[0];
}

function primaryOf({ deployments = [] }: Service): Deployment | undefined {
  return deployments.find(({ status }) => status === 'PRIMARY');
}

function reasonOf({ rolloutStateReason = 'FAILED' }: Deployment): string {
  return rolloutStateReason;
}

function isRollback(primary: Deployment | undefined): boolean {
  return /rolling back/.test(primary?.rolloutStateReason ?? '');
}

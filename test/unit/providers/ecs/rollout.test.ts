import type { Deployment, Service } from '@aws-sdk/client-ecs';
import { describe, expect, it } from 'vitest';
import { failedRolloutOf, rolloutFailure, rolloutOf } from '../../../../shared/providers/ecs/rollout.ts';

const now = Date.parse('2026-03-04T03:00:00Z');
const minute = 60_000;
const says = 'ECS deployment circuit breaker: tasks failed to start.';
const back = 'ECS deployment circuit breaker: rolling back to deploymentId ecs-svc/1.';

const completed: Deployment = { id: 'ecs-svc/1', status: 'PRIMARY', rolloutState: 'COMPLETED' };
const failed: Deployment = {
  ...{ id: 'ecs-svc/2', status: 'PRIMARY', rolloutState: 'FAILED', rolloutStateReason: says },
  updatedAt: new Date(now),
};
const rollback: Deployment = {
  ...{ id: 'ecs-svc/3', status: 'PRIMARY', rolloutState: 'IN_PROGRESS', rolloutStateReason: back },
};

function event(minutesAgo: number): Service['events'] {
  const message = '(service web) (deployment ecs-svc/2) deployment failed: tasks failed to start.';
  return [{ message, createdAt: new Date(now - minutesAgo * minute) }];
}

describe('a rollout of ECS', () => {
  it('is under way while its deployment is in progress, and while an old one is beside it', () => {
    expect(rolloutOf({ deployments: [completed] })).toBeNull();
    expect(rolloutOf({ deployments: [{ ...completed, rolloutState: 'IN_PROGRESS' }] })).toBe('IN_PROGRESS');
    expect(rolloutOf({ deployments: [rollback, { ...completed, status: 'ACTIVE' }] })).toBe('IN_PROGRESS');
    // Behind a Classic Load Balancer there is no state.
    expect(rolloutOf({ deployments: [{ status: 'PRIMARY' }, { status: 'ACTIVE' }] })).toBe('IN_PROGRESS');
  });

  it('that has failed without rollback is not under way: it has failed until another begins', () => {
    const service = { deployments: [failed, { ...completed, status: 'ACTIVE' }], events: event(600) };
    expect(rolloutOf(service)).toBeNull();
    expect(failedRolloutOf(service, now)).toEqual({ id: 'ecs-svc/2', says, rolledBack: false });
    const next = [rollback, { ...completed, status: 'ACTIVE' }].map((one) => ({
      ...one,
      rolloutStateReason: 'ECS deployment ecs-svc/3 in progress.',
    }));
    expect(failedRolloutOf({ deployments: next, events: event(600) }, now)).toBeUndefined();
  });

  it('that is rolled back is under way, and has failed by its state or by the events of the service', () => {
    const told = { id: 'ecs-svc/2', rolledBack: true };
    const both = { deployments: [rollback, { ...failed, status: 'ACTIVE' }] };
    expect(rolloutOf(both)).toBe('IN_PROGRESS');
    expect(failedRolloutOf(both, now)).toEqual({ ...told, says });
    const gone = { deployments: [rollback], events: event(20) };
    expect(failedRolloutOf(gone, now)).toEqual({
      ...told,
      says: 'deployment failed: tasks failed to start.',
    });
    expect(failedRolloutOf({ deployments: [completed], events: event(2) }, now)).toMatchObject(told);
    expect(failedRolloutOf({ deployments: [completed], events: event(6) }, now)).toBeUndefined();
  });

  it('that has failed is why a launch fails that waits for it, and of one that waits for none it is not', () => {
    const service = { deployments: [failed], desiredCount: 4, runningCount: 2 };
    const since = now + minute;
    expect(rolloutFailure(service, since)).toEqual({ at: since, kind: 'other', message: says });
    expect(rolloutFailure({ ...service, runningCount: 4 }, since)).toBeUndefined();
    expect(rolloutFailure({ ...service, deployments: [rollback] }, since)).toBeUndefined();
  });
});

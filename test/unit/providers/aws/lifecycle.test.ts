import { describe, expect, it } from 'vitest';
import { isHeld, toLifecycle, toSuspensions } from '../../../../shared/providers/aws/lifecycle.ts';

type Seen = Parameters<typeof toLifecycle>[0];

const seen = (LifecycleState: string, HealthStatus: string) =>
  toLifecycle({ LifecycleState, HealthStatus } as Seen);

describe('Auto Scaling’s lifecycle states', () => {
  it.each([
    ['InService', 'ready'],
    ['Pending', 'pending'],
    ['Pending:Wait', 'pending'],
    ['Pending:Proceed', 'pending'],
    ['Terminating', 'leaving'],
    ['Terminating:Wait', 'leaving'],
    ['Terminating:Proceed', 'leaving'],
    ['Detaching', 'leaving'],
    ['Standby', 'standby'],
    ['EnteringStandby', 'standby'],
    ['Detached', 'standby'],
    ['Warmed:Stopped', 'standby'],
    ['Warmed:Pending:Wait', 'standby'],
    ['Terminated', 'standby'],
    ['Terminating:Retained', 'standby'],
    ['AddedByAwsLater', 'pending'],
  ] as const)('%s is %s', (state, lifecycle) => {
    expect(seen(state, 'Healthy')).toBe(lifecycle);
  });

  it('say whether a termination hook holds a server back', () => {
    const held = (LifecycleState: string) => isHeld({ LifecycleState, HealthStatus: 'Healthy' } as Seen);
    expect(held('Terminating:Wait')).toBe(true);
    expect(held('Terminating:Proceed')).toBe(false);
  });

  it('tell a server in service that fails its health check from one that is still on its way', () => {
    expect(seen('InService', 'Unhealthy')).toBe('unhealthy');
    expect(seen('Pending', 'Unhealthy')).toBe('pending');
  });
});

describe('Auto Scaling’s suspended processes', () => {
  it('are those that a decision depends on, and no others', () => {
    const processes = [
      'AZRebalance',
      'Launch',
      'Terminate',
      'AlarmNotification',
      'ReplaceUnhealthy',
      'AddToLoadBalancer',
    ];
    expect(toSuspensions(processes.map((ProcessName) => ({ ProcessName })))).toEqual([
      'launching',
      'terminating',
      'replacing',
      'registering',
    ]);
  });
});

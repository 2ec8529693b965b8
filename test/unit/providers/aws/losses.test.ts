import type { Activity } from '@aws-sdk/client-auto-scaling';
import { expect, it } from 'vitest';
import { lostServers } from '../../../../shared/providers/aws/losses.ts';

const noon = Date.parse('2026-03-04T12:00:00Z');
const id = 'i-0123456789abcdef0';

function terminating(Cause: string, more: Partial<Activity> = {}): Activity {
  const Description = `Terminating EC2 instance: ${id}`;
  return { Description, Cause, StartTime: new Date(noon), StatusCode: 'InProgress', ...more } as Activity;
}

const out = 'At 2026-03-04T12:00:00Z an instance was taken out of service in response to';

it.each([
  [`${out} an EC2 health check indicating it has been terminated or stopped.`, 'terminated'],
  [`${out} a EC2 health check indicating it has been terminated or stopped.`, 'terminated'],
  [`${out} an ELB system health check failure.`, 'unhealthy'],
  [`${out} a user health-check.`, 'unhealthy'],
  [`${out} an EC2 instance status checks failure.`, 'unhealthy'],
  [`${out} an EC2 instance rebalance recommendation.`, 'interrupted'],
  [
    `${out} an instance refresh.  At 2026-03-04T12:00:00Z instance ${id} was selected for termination.`,
    'replaced',
  ],
  [`${out} an instance maximum lifetime being exceeded.`, 'replaced'],
  [`${out} a user request.`, 'byHand'],
  [`${out} something new.`, 'unknown'],
])('%s', (cause, expected) => {
  expect(lostServers([terminating(cause)], noon)).toEqual([
    { server: id, at: noon, cause: expected, message: cause },
  ]);
});

it('knows a scale-in, a launch and what was before', () => {
  const scaleIn = `At 2026-03-04T12:00:00Z a user request explicitly set group desired capacity changing the desired capacity from 3 to 2.  ${out} a difference between desired and actual capacity, shrinking the capacity from 3 to 2.  At 2026-03-04T12:00:00Z instance ${id} was selected for termination.`;
  const activities = [
    terminating(scaleIn),
    terminating(`${out} a user request, shrinking the capacity from 3 to 2.`),
    terminating(`${out} a user health-check.`, { StartTime: new Date(noon - 1) }),
    terminating('At noon an instance was started …', { Description: `Launching a new EC2 instance: ${id}` }),
  ];
  expect(lostServers(activities, noon)).toEqual([]);
});

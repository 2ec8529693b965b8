import { expect, it } from 'vitest';
import type { OpenActivity } from '../../../../shared/domain/ledger.ts';
import type { Lifecycle, ScalingGroup } from '../../../../shared/domain/observation.ts';
import { checkEnd } from '../../../../simulate/chaos/check-end.ts';
import type { Checker } from '../../../../simulate/chaos/checker.ts';
import { newPast } from '../../../../simulate/chaos/past.ts';
import type { Write } from '../../../../simulate/chaos/write.ts';

const out = { from: 1, to: 2 };
const back = { from: 2, to: 1 };
const whole = seen('ready', 'ready');
const coming = seen('ready', 'pending');
const leaving = seen('ready', 'leaving');
const alone = seen('ready');

/** An activity is taken for successful by one that was told this last, and that as the truest. */
it.each([
  ['out', out, whole, whole, 0],
  ['out, though servers are still coming', out, coming, coming, 1],
  ['out, and what came later was late', out, coming, whole, 0],
  ['in', back, alone, alone, 0],
  ['in, though servers are still leaving', back, leaving, leaving, 1],
  ['in, and what came later was late', back, leaving, alone, 0],
])('a scale-%s', (_, { from, to }, last, truest, violations) => {
  let violated = 0;
  const checker = { pastOf: () => newPast(), violate: () => void violated++ };
  const told = {
    groups: new Map([['asg-web', last]]),
    truest: new Map([['asg-web', { asOf: 0, group: truest }]]),
    healthy: new Map(),
  };
  const write = { by: { told }, group: { name: 'web', scalingGroup: 'asg-web' } };
  const why = { key: 'atGoal' } as const;
  const activity = { activityId: 'a', why, from, to, statusCode: 'Successful', phase: 'acted', endedAt: 1 };
  checkEnd(
    checker as unknown as Checker,
    write as unknown as Write,
    activity as unknown as OpenActivity,
    undefined,
  );
  expect(violated).toBe(violations);
});

function seen(...lifecycles: readonly Lifecycle[]): ScalingGroup {
  const servers = lifecycles.map((lifecycle, index) => ({ id: `i-${index}`, lifecycle }));
  return { name: 'asg-web', servers, trafficSources: [] } as unknown as ScalingGroup;
}

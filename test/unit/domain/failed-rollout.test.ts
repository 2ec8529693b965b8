import { expect, test } from 'vitest';
import { LoneGroup } from '../../kit/lone-group.ts';

const cpuLow = {
  ...{ metric: 'cpu', period: 300, evaluationPeriods: 3, scalingAdjustment: -1 },
  ...{ comparisonOperator: 'LessThanThreshold', threshold: 30 },
};

function met(desired: number): LoneGroup {
  const lone = new LoneGroup({ minSize: 2, maxSize: 10, alarms: { 'cpu-low': cpuLow } }, desired);
  lone.metric('cpu@300', 20);
  lone.settle();
  return lone;
}

function failing(id: string, rolledBack = false): LoneGroup['group']['failedRollout'] {
  return { id, says: 'tasks failed to start.', rolledBack };
}

test('a rollout that has failed is told once, and again only when another fails', () => {
  const lone = met(3);
  const told = () => lone.settle().flatMap(({ activities }) => activities.map(({ reason }) => reason));
  expect(told()).toEqual([]);
  lone.group = { ...lone.group, failedRollout: failing('one') };
  expect(told()).toEqual(['RolloutFailed']);
  lone.pass(60);
  expect(told()).toEqual([]);
  lone.group = { ...lone.group, failedRollout: undefined };
  expect(told()).toEqual([]);
  lone.group = { ...lone.group, failedRollout: failing('two', true) };
  expect(told()).toEqual(['RolloutFailed']);
});

test('a rollout that has failed is why nothing is as it should be, and defers no scale-in', () => {
  const lone = met(3);
  lone.group = { ...lone.group, failedRollout: failing('one') };
  lone.settle();
  expect(lone.decide()).toMatchObject({
    reason: 'RolloutFailed',
    message:
      'business: its rollout has failed, and no new servers start until another rollout: tasks failed to start.',
  });
  lone.others = { instanceRefresh: null };
  lone.alarm('cpu-low', 'ALARM');
  expect(lone.decide()).toMatchObject({ to: 2, reason: 'AlarmScaleIn' });
});

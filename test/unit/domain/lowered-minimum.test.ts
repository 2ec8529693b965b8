import { expect, test } from 'vitest';
import type { OpenWindow } from '../../../shared/domain/observation.ts';
import { changes, LoneGroup, minute } from '../../kit/lone-group.ts';

const low = {
  metric: 'cpu',
  comparisonOperator: 'LessThanThreshold',
  threshold: 30,
  period: 300,
  evaluationPeriods: 3,
  scalingAdjustment: -1,
  cooldown: 300,
};

/** A group of usually at least 2, whose scaling group in AWS may have none: a window lowers its minimum. */
function shop(): LoneGroup {
  const lone = new LoneGroup({ minSize: 2, maxSize: 10, alarms: { 'cpu-low': low } }, 2);
  lone.group = { ...lone.group, minSize: 0 };
  lone.metric('cpu@300', 20);
  lone.settle();
  return lone;
}

function open(lone: LoneGroup, effect: Partial<OpenWindow>): void {
  lone.windows = [{ name: 'w', start: lone.now, end: lone.now + 600 * minute, ...effect }];
}

test('a window that lowers the minimum takes no server away by itself', () => {
  const lone = shop();
  open(lone, { lowerMinSizeTo: 0 });
  expect(changes(lone.settle())).toEqual([]);
  expect(lone.group.desired).toBe(2);
});

test('while it is open, rules scale in below the usual minimum, and no further than it says', () => {
  const lone = shop();
  lone.alarm('cpu-low', 'ALARM');
  expect(changes(lone.settle())).toEqual([]);
  open(lone, { lowerMinSizeTo: 1 });
  expect(changes(lone.settle())).toHaveLength(1);
  expect(lone.group.desired).toBe(1);
  lone.pass(60);
  expect(changes(lone.settle())).toEqual([]);
  expect(
    lone
      .decide()
      .blockers.map(({ message }) => message)
      .join(),
  ).toContain('the minimum is 1');
});

test('when it closes, the usual minimum holds again, and a window counts from there', () => {
  const lone = shop();
  open(lone, { lowerMinSizeTo: 0 });
  lone.alarm('cpu-low', 'ALARM');
  for (let look = 0; look < 5; look++) {
    lone.settle();
    lone.pass(30);
    lone.metric('cpu@300', 20);
  }
  expect(lone.group.desired).toBe(0);
  lone.alarm('cpu-low', 'OK');
  lone.windows = [];
  expect(changes(lone.settle())).toEqual(['business 0 → 2: the minimum is 2 (+2)']);
  lone.windows = [lone.window('lunch', 2, 2)];
  expect(changes(lone.settle())).toEqual(["business 2 → 4: window 'lunch' opened (+2)"]);
});

test('with a maximum of 0 it closes the group, and afterwards there are as many as before', () => {
  const lone = shop();
  open(lone, { lowerMinSizeTo: 0, maxSize: 0 });
  expect(changes(lone.settle())).toEqual([expect.stringContaining('business 2 → 0')]);
  lone.windows = [];
  expect(changes(lone.settle())).toEqual([expect.stringContaining('business 0 → 2')]);
});

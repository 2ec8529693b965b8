import { expect, test } from 'vitest';
import type { OpenWindow } from '../../../shared/domain/observation.ts';
import { changes, minute, Stage } from './stage.ts';

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
function shop(): Stage {
  const stage = new Stage({ minSize: 2, maxSize: 10, alarms: { 'cpu-low': low } }, 2);
  stage.group = { ...stage.group, minSize: 0 };
  stage.metric('cpu@300', 20);
  stage.settle();
  return stage;
}

function open(stage: Stage, effect: Partial<OpenWindow>): void {
  stage.windows = [{ name: 'w', start: stage.now, end: stage.now + 600 * minute, ...effect }];
}

test('a window that lowers the minimum takes no server away by itself', () => {
  const stage = shop();
  open(stage, { lowerMinSizeTo: 0 });
  expect(changes(stage.settle())).toEqual([]);
  expect(stage.group.desired).toBe(2);
});

test('while it is open, rules scale in below the usual minimum, and no further than it says', () => {
  const stage = shop();
  stage.alarm('cpu-low', 'ALARM');
  expect(changes(stage.settle())).toEqual([]);
  open(stage, { lowerMinSizeTo: 1 });
  expect(changes(stage.settle())).toHaveLength(1);
  expect(stage.group.desired).toBe(1);
  stage.pass(60);
  expect(changes(stage.settle())).toEqual([]);
  expect(
    stage
      .decide()
      .blockers.map(({ message }) => message)
      .join(),
  ).toContain('the minimum is 1');
});

test('when it closes, the usual minimum holds again, and a window counts from there', () => {
  const stage = shop();
  open(stage, { lowerMinSizeTo: 0 });
  stage.alarm('cpu-low', 'ALARM');
  for (let look = 0; look < 5; look++) {
    stage.settle();
    stage.pass(30);
    stage.metric('cpu@300', 20);
  }
  expect(stage.group.desired).toBe(0);
  stage.alarm('cpu-low', 'OK');
  stage.windows = [];
  expect(changes(stage.settle())).toEqual(['business 0 → 2: the minimum is 2 (+2)']);
  stage.windows = [stage.window('lunch', 2, 2)];
  expect(changes(stage.settle())).toEqual(["business 2 → 4: window 'lunch' opened (+2)"]);
});

test('with a maximum of 0 it closes the group, and afterwards there are as many as before', () => {
  const stage = shop();
  open(stage, { lowerMinSizeTo: 0, maxSize: 0 });
  expect(changes(stage.settle())).toEqual([expect.stringContaining('business 2 → 0')]);
  stage.windows = [];
  expect(changes(stage.settle())).toEqual([expect.stringContaining('business 0 → 2')]);
});

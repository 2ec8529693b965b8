import { describe, expect, test } from 'vitest';
import { changes, manual, minute, Stage } from './stage.ts';

const low = {
  metric: 'cpu',
  comparisonOperator: 'LessThanThreshold',
  threshold: 30,
  period: 60,
  evaluationPeriods: 1,
  scalingAdjustment: -1,
};

/** Sequences of steps that the fault simulator found, by hand. */
describe('what a fault simulator looks for', () => {
  test('an alarm takes away what is there, not what a maximum holds down', () => {
    const stage = new Stage({ maxSize: 10, alarms: { 'cpu-low': low } }, 6);
    stage.metric('cpu@60', 10);
    stage.settle();
    stage.windows = [stage.window('quiet', undefined, 2, { maxSize: 4 })];
    stage.settle();
    stage.pass(5);
    stage.metric('cpu@60', 10);
    stage.alarm('cpu-low', 'ALARM');
    expect(changes(stage.settle())).toEqual(["business 4 → 3: alarm 'cpu-low', cpu 10 (−1)"]);
    stage.pass(1);
    expect(changes(stage.settle())).toEqual([]);
  });

  test('an alarm leaves alone what a window has found, also where something else held the group up', () => {
    const stage = new Stage({ alarms: { 'cpu-low': low } }, 3);
    stage.metric('cpu@60', 10);
    stage.settle();
    const lunch = stage.window('lunch', 1, 60);
    stage.windows = [lunch, stage.window('sale', undefined, 2, { minSize: 7 })];
    stage.settle();
    stage.windows = [lunch];
    stage.pass(5);
    stage.metric('cpu@60', 10);
    stage.alarm('cpu-low', 'ALARM');
    expect(changes(stage.settle())).toEqual([
      "business 7 → 6: alarm 'cpu-low', cpu 10 (−1)",
      "business 6 → 4: window 'sale' no longer holds it up (−2)",
    ]);
    expect(stage.ledger?.base).toBe(3);
  });

  test('a window that got nothing gives back nothing, whatever else falls at the same moment', () => {
    const stage = new Stage({ maxSize: 4 }, 3);
    stage.settle();
    stage.windows = [stage.window('night', 1, 1)];
    stage.settle();
    stage.windows = [...stage.windows, stage.window('lunch', 2, 1)];
    stage.settle();
    stage.windows = [];
    stage.pass(60);
    const decisions = stage.settle();
    expect(changes(decisions)).toEqual(["business 4 → 3: window 'night' closed (−1)"]);
    for (const { ledger } of decisions)
      for (const grant of ledger.grants) expect(grant.servers).toBeGreaterThanOrEqual(0);
  });

  test('a bump below what is there ends without setting less than the minimum', () => {
    const stage = new Stage({ minSize: 3 }, 5);
    stage.settle();
    stage.settle(manual({ kind: 'adjust', adjustment: -2, forSeconds: 60 }));
    stage.group = { ...stage.group, minSize: 0 };
    stage.setDesired(0);
    stage.now += 2 * minute;
    const [first] = changes(stage.settle());
    expect(first).toMatch(/^business 0 → [3-5]: /);
  });

  test('below its minimum a group rises to it, whoever holds it down', () => {
    const stage = new Stage({ minSize: 2 }, 4);
    stage.settle();
    stage.look(manual({ kind: 'adjust', adjustment: -2, forSeconds: 3600 }));
    stage.group = { ...stage.group, minSize: 0 };
    stage.setDesired(0);
    stage.now += 2 * minute;
    stage.settle();
    expect(stage.group.desired).toBe(2);
  });

  test('a bump in a group that was just made ends within its bounds, however small the group still is', () => {
    const stage = new Stage({ minSize: 3, maxSize: 10 }, 4);
    stage.settle();
    stage.group = { ...stage.group, minSize: 1, maxSize: 4 };
    stage.setDesired(1);
    const decisions = stage.look(manual({ kind: 'adjust', adjustment: 1, forSeconds: 600 }));
    for (const { act } of decisions)
      if (act?.kind === 'setDesired') expect(act.desired).toBeGreaterThanOrEqual(3);
    expect(stage.group.desired).toBe(4);
  });

  test('a server that was attached already raises nothing, and nobody else is blamed for that', () => {
    const stage = new Stage({ minSize: 1, maxSize: 10 }, 3);
    stage.settle();
    const server = 'i-0a5e551041adde001';
    const blind = stage.group;
    stage.look(manual({ kind: 'adopt', serverIds: [server] }, 'r1'));
    const seen = stage.group;
    stage.look();
    // A description of some seconds ago, for whoever asks again.
    stage.group = { ...blind, desired: seen.desired };
    stage.ledger = stage.decide(manual({ kind: 'adopt', serverIds: [server] }, 'r2')).ledger;
    expect(stage.ledger.open.at(-1)).toMatchObject({ from: 4, to: 5, phase: 'intended' });
    stage.group = seen;
    stage.look();
    expect(stage.ledger).toMatchObject({ desired: 4, base: 4 });
    expect([...stage.log.values()].map(({ trigger, statusCode }) => `${trigger} ${statusCode}`)).toEqual([
      'manual Successful',
      'manual Cancelled',
    ]);
  });
});

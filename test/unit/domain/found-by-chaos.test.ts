import { describe, expect, test } from 'vitest';
import { changes, LoneGroup, manual, minute } from '../../kit/lone-group.ts';

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
    const lone = new LoneGroup({ maxSize: 10, alarms: { 'cpu-low': low } }, 6);
    lone.metric('cpu@60', 10);
    lone.settle();
    lone.windows = [lone.window('quiet', undefined, 2, { maxSize: 4 })];
    lone.settle();
    lone.pass(5);
    lone.metric('cpu@60', 10);
    lone.alarm('cpu-low', 'ALARM');
    expect(changes(lone.settle())).toEqual(["business 4 → 3: alarm 'cpu-low', cpu 10 (−1)"]);
    lone.pass(1);
    expect(changes(lone.settle())).toEqual([]);
  });

  test('an alarm leaves alone what a window has found, also where something else held the group up', () => {
    const lone = new LoneGroup({ alarms: { 'cpu-low': low } }, 3);
    lone.metric('cpu@60', 10);
    lone.settle();
    const lunch = lone.window('lunch', 1, 60);
    lone.windows = [lunch, lone.window('sale', undefined, 2, { minSize: 7 })];
    lone.settle();
    lone.windows = [lunch];
    lone.pass(5);
    lone.metric('cpu@60', 10);
    lone.alarm('cpu-low', 'ALARM');
    expect(changes(lone.settle())).toEqual([
      "business 7 → 6: alarm 'cpu-low', cpu 10 (−1)",
      "business 6 → 4: window 'sale' no longer holds it up (−2)",
    ]);
    expect(lone.ledger?.base).toBe(3);
  });

  test('a window that got nothing gives back nothing, whatever else falls at the same moment', () => {
    const lone = new LoneGroup({ maxSize: 4 }, 3);
    lone.settle();
    lone.windows = [lone.window('night', 1, 1)];
    lone.settle();
    lone.windows = [...lone.windows, lone.window('lunch', 2, 1)];
    lone.settle();
    lone.windows = [];
    lone.pass(60);
    const decisions = lone.settle();
    expect(changes(decisions)).toEqual(["business 4 → 3: window 'night' closed (−1)"]);
    for (const { ledger } of decisions)
      for (const grant of ledger.grants) expect(grant.servers).toBeGreaterThanOrEqual(0);
  });

  test('a bump below what is there ends without setting less than the minimum', () => {
    const lone = new LoneGroup({ minSize: 3 }, 5);
    lone.settle();
    lone.settle(manual({ kind: 'adjust', adjustment: -2, forSeconds: 60 }));
    lone.group = { ...lone.group, minSize: 0 };
    lone.setDesired(0);
    lone.now += 2 * minute;
    const [first] = changes(lone.settle());
    expect(first).toMatch(/^business 0 → [3-5]: /);
  });

  test('below its minimum a group rises to it, whoever holds it down', () => {
    const lone = new LoneGroup({ minSize: 2 }, 4);
    lone.settle();
    lone.look(manual({ kind: 'adjust', adjustment: -2, forSeconds: 3600 }));
    lone.group = { ...lone.group, minSize: 0 };
    lone.setDesired(0);
    lone.now += 2 * minute;
    lone.settle();
    expect(lone.group.desired).toBe(2);
  });

  test('a bump in a group that was just made ends within its bounds, however small the group still is', () => {
    const lone = new LoneGroup({ minSize: 3, maxSize: 10 }, 4);
    lone.settle();
    lone.group = { ...lone.group, minSize: 1, maxSize: 4 };
    lone.setDesired(1);
    const decisions = lone.look(manual({ kind: 'adjust', adjustment: 1, forSeconds: 600 }));
    for (const { act } of decisions)
      if (act?.kind === 'setDesired') expect(act.desired).toBeGreaterThanOrEqual(3);
    expect(lone.group.desired).toBe(4);
  });

  test('a server that was attached already raises nothing, and nobody else is blamed for that', () => {
    const lone = new LoneGroup({ minSize: 1, maxSize: 10 }, 3);
    lone.settle();
    const server = 'i-0a5e551041adde001';
    const blind = lone.group;
    lone.look(manual({ kind: 'adopt', serverIds: [server] }, 'r1'));
    const seen = lone.group;
    lone.look();
    // A description of some seconds ago, for whoever asks again.
    lone.group = { ...blind, desired: seen.desired };
    lone.ledger = lone.decide(manual({ kind: 'adopt', serverIds: [server] }, 'r2')).ledger;
    expect(lone.ledger.open.at(-1)).toMatchObject({ from: 4, to: 5, phase: 'intended' });
    lone.group = seen;
    lone.look();
    expect(lone.ledger).toMatchObject({ desired: 4, base: 4 });
    expect([...lone.log.values()].map(({ trigger, statusCode }) => `${trigger} ${statusCode}`)).toEqual([
      'manual Successful',
      'manual Cancelled',
    ]);
  });
});

import { describe, expect, test } from 'vitest';
import { changes, manual, minute, Stage } from './stage.ts';

const cpu = { metric: 'cpu', period: 300, evaluationPeriods: 3 };
const alarms = {
  'cpu-high': { ...cpu, comparisonOperator: 'GreaterThanThreshold', threshold: 70, scalingAdjustment: 2 },
  'cpu-low': { ...cpu, comparisonOperator: 'LessThanThreshold', threshold: 30, scalingAdjustment: -1 },
};

function met(desired: number, group: object = {}): Stage {
  const stage = new Stage({ minSize: 2, maxSize: 20, alarms, ...group }, desired);
  stage.metric('cpu@300', 20);
  stage.look();
  return stage;
}

describe('several asks at once', () => {
  test('are answered one after the other, each with its own cause: outside, a person, a window, an alarm', () => {
    const stage = met(4);
    stage.setDesired(5);
    stage.arrive();
    stage.windows = [stage.window('lunch', 2, 2)];
    stage.alarm('cpu-high', 'ALARM');
    const asked = stage.settle(manual({ kind: 'adjust', adjustment: 1 }));
    stage.pass(2);
    asked.push(...stage.settle());
    expect(asked[0]?.message).toBe('business: 4 → 5 is under way: changed from outside');
    expect(changes(asked)).toEqual([
      'business 5 → 6: +1 by alice (test)',
      "business 6 → 8: window 'lunch' opened (+2)",
      "business 8 → 10: alarm 'cpu-high' (+2)",
    ]);
    const changed = [...stage.log.values()].filter(({ from, to }) => from !== to);
    expect(changed.map(({ trigger }) => trigger)).toEqual(['external', 'manual', 'schedule', 'alarm']);
  });

  test('of which a window closes and another opens move capacity only by what is between them', () => {
    const stage = met(4);
    stage.windows = [stage.window('breakfast', 3, 1)];
    stage.settle();
    stage.pass(60);
    stage.windows = [stage.window('lunch', 2, 2)];
    expect(changes(stage.settle())).toEqual(["business 7 → 6: window 'breakfast' closed (−1)"]);
  });
});

describe('the trigger of an activity', () => {
  test('is whose ask it was, whatever woke the scaler', () => {
    const stage = met(4);
    stage.windows = [stage.window('lunch', 2, 2)];
    const alarm = { value: 'OK', since: stage.now } as const;
    stage.look({ kind: 'alarm', rule: 'cpu-high', state: alarm });
    stage.arrive();
    stage.pass(1);
    stage.look();
    stage.pass(2);
    stage.alarm('cpu-high', 'ALARM');
    stage.look({ kind: 'schedule', window: 'lunch', edge: 'start', at: stage.now - minute });
    expect([...stage.log.values()].map(({ trigger, by }) => [trigger, by])).toEqual([
      ['schedule', 'lunch'],
      ['alarm', 'cpu-high'],
    ]);
  });
});

describe('a decision', () => {
  test('counts from desired, not from the servers that run, or launches under way would vanish', () => {
    const stage = new Stage({ minSize: 2, maxSize: 20, alarms }, 3);
    stage.setDesired(5);
    stage.look();
    expect(stage.group.servers.filter(({ lifecycle }) => lifecycle === 'pending')).toHaveLength(2);
    stage.alarm('cpu-high', 'ALARM');
    expect(changes(stage.look())).toEqual(["business 5 → 7: alarm 'cpu-high' (+2)"]);
  });

  test('clamps to the maximum and records that more was asked for', () => {
    const stage = met(9, { maxSize: 10 });
    stage.alarm('cpu-high', 'ALARM');
    expect(stage.look()[0]?.activities).toMatchObject([
      { from: 9, to: 10, message: "business 9 → 10: alarm 'cpu-high' (+1, 11 were asked for)" },
    ]);
  });

  test('answers a window inside every cooldown', () => {
    const stage = met(4);
    stage.alarm('cpu-high', 'ALARM');
    stage.settle();
    expect(stage.decide().reason).toBe('InCooldown');
    stage.windows = [stage.window('lunch', 2, 2)];
    expect(changes(stage.look())).toEqual(["business 6 → 8: window 'lunch' opened (+2)"]);
  });
});

describe('news of an alarm that comes out of order', () => {
  test('does not hide what is newer: an old OK no ALARM, an old ALARM no OK', () => {
    const stage = met(4);
    stage.pass(10);
    const old = { since: stage.now - minute } as const;
    stage.alarm('cpu-high', 'ALARM');
    expect(stage.decide({ kind: 'alarm', rule: 'cpu-high', state: { ...old, value: 'OK' } })).toMatchObject({
      to: 6,
    });
    stage.alarm('cpu-high', 'OK');
    expect(
      stage.decide({ kind: 'alarm', rule: 'cpu-high', state: { ...old, value: 'ALARM' } }),
    ).toMatchObject({ to: 4 });
  });
});

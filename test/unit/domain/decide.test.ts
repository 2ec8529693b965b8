import { describe, expect, test } from 'vitest';
import { changes, LoneGroup, manual, minute } from '../../kit/lone-group.ts';

const cpu = { metric: 'cpu', period: 300, evaluationPeriods: 3 };
const alarms = {
  'cpu-high': { ...cpu, comparisonOperator: 'GreaterThanThreshold', threshold: 70, scalingAdjustment: 2 },
  'cpu-low': { ...cpu, comparisonOperator: 'LessThanThreshold', threshold: 30, scalingAdjustment: -1 },
};

function met(desired: number, group: object = {}): LoneGroup {
  const lone = new LoneGroup({ minSize: 2, maxSize: 20, alarms, ...group }, desired);
  lone.metric('cpu@300', 20);
  lone.look();
  return lone;
}

describe('several asks at once', () => {
  test('are answered one after the other, each with its own cause: outside, a person, a window, an alarm', () => {
    const lone = met(4);
    lone.setDesired(5);
    lone.arrive();
    lone.windows = [lone.window('lunch', 2, 2)];
    lone.alarm('cpu-high', 'ALARM');
    const asked = lone.settle(manual({ kind: 'adjust', adjustment: 1 }));
    lone.pass(2);
    asked.push(...lone.settle());
    expect(asked[0]?.message).toBe('business: 4 → 5 is under way: changed from outside');
    expect(changes(asked)).toEqual([
      'business 5 → 6: +1 by alice (test)',
      "business 6 → 8: window 'lunch' opened (+2)",
      "business 8 → 10: alarm 'cpu-high' (+2)",
    ]);
    const changed = [...lone.log.values()].filter(({ from, to }) => from !== to);
    expect(changed.map(({ trigger }) => trigger)).toEqual(['external', 'manual', 'schedule', 'alarm']);
  });

  test('of which a window closes and another opens move capacity only by what is between them', () => {
    const lone = met(4);
    lone.windows = [lone.window('breakfast', 3, 1)];
    lone.settle();
    lone.pass(60);
    lone.windows = [lone.window('lunch', 2, 2)];
    expect(changes(lone.settle())).toEqual(["business 7 → 6: window 'breakfast' closed (−1)"]);
  });
});

describe('the trigger of an activity', () => {
  test('is whose ask it was, whatever woke the scaler', () => {
    const lone = met(4);
    lone.windows = [lone.window('lunch', 2, 2)];
    const alarm = { value: 'OK', since: lone.now } as const;
    lone.look({ kind: 'alarm', rule: 'cpu-high', state: alarm });
    lone.arrive();
    lone.pass(1);
    lone.look();
    lone.pass(2);
    lone.alarm('cpu-high', 'ALARM');
    lone.look({ kind: 'schedule', window: 'lunch', edge: 'start', at: lone.now - minute });
    expect([...lone.log.values()].map(({ trigger, by }) => [trigger, by])).toEqual([
      ['schedule', 'lunch'],
      ['alarm', 'cpu-high'],
    ]);
  });
});

describe('a decision', () => {
  test('counts from desired, not from the servers that run, or launches under way would vanish', () => {
    const lone = new LoneGroup({ minSize: 2, maxSize: 20, alarms }, 3);
    lone.setDesired(5);
    lone.look();
    expect(lone.group.servers.filter(({ lifecycle }) => lifecycle === 'pending')).toHaveLength(2);
    lone.alarm('cpu-high', 'ALARM');
    expect(changes(lone.look())).toEqual(["business 5 → 7: alarm 'cpu-high' (+2)"]);
  });

  test('clamps to the maximum and records that more was asked for', () => {
    const lone = met(9, { maxSize: 10 });
    lone.alarm('cpu-high', 'ALARM');
    expect(lone.look()[0]?.activities).toMatchObject([
      { from: 9, to: 10, message: "business 9 → 10: alarm 'cpu-high' (+1, 11 were asked for)" },
    ]);
  });

  test('answers a window inside every cooldown', () => {
    const lone = met(4);
    lone.alarm('cpu-high', 'ALARM');
    lone.settle();
    expect(lone.decide().reason).toBe('InCooldown');
    lone.windows = [lone.window('lunch', 2, 2)];
    expect(changes(lone.look())).toEqual(["business 6 → 8: window 'lunch' opened (+2)"]);
  });
});

describe('news of an alarm that comes out of order', () => {
  test('does not hide what is newer: an old OK no ALARM, an old ALARM no OK', () => {
    const lone = met(4);
    lone.pass(10);
    const old = { since: lone.now - minute } as const;
    lone.alarm('cpu-high', 'ALARM');
    expect(lone.decide({ kind: 'alarm', rule: 'cpu-high', state: { ...old, value: 'OK' } })).toMatchObject({
      to: 6,
    });
    lone.alarm('cpu-high', 'OK');
    expect(lone.decide({ kind: 'alarm', rule: 'cpu-high', state: { ...old, value: 'ALARM' } })).toMatchObject(
      { to: 4 },
    );
  });
});

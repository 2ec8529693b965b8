import { describe, expect, test } from 'vitest';
import { explain } from '../../../shared/domain/explain.ts';
import { explanationInEnglish } from '../../kit/in-english.ts';
import { LoneGroup } from '../../kit/lone-group.ts';

const alarm = { metric: 'cpu', period: 300, evaluationPeriods: 3, cooldown: 300 };
const alarms = {
  'cpu-high': { ...alarm, comparisonOperator: 'GreaterThanThreshold', threshold: 70, scalingAdjustment: 2 },
  'cpu-low': { ...alarm, comparisonOperator: 'LessThanThreshold', threshold: 30, scalingAdjustment: -1 },
};

function explained(lone: LoneGroup) {
  const explanation = explain(lone.policy, lone.ledger, lone.observation, lone.now)!;
  return explanationInEnglish(explanation, lone.now);
}

function lunch(): LoneGroup {
  const lone = new LoneGroup({ minSize: 3, alarms }, 3);
  lone.metric('cpu@300', 41.2);
  lone.look();
  lone.windows = [lone.window('lunch', 2, 2)];
  lone.settle();
  return lone;
}

describe('an explanation', () => {
  test('tells each layer, and when it ends by itself', () => {
    const lone = lunch();
    expect(explained(lone).layers.map(({ layer, servers, message }) => [layer, servers, message])).toEqual([
      ['base', 3, "the group's own capacity is 3: alarms, people and changes from outside change it"],
      ['granted', 2, "window 'lunch' adds +2 until 06:00"],
      ['maximum', 10, 'maxSize allows at most 10'],
      ['goal', 5, 'together that makes 5'],
    ]);
    expect(explained(lone).layers[1]?.until).toBe(lone.windows[0]!.end);
  });

  test('tells of each rule what would make it ask', () => {
    const [high, low] = explained(lunch()).rules;
    expect(high).toMatchObject({ rule: 'cpu-high', state: 'content', servers: 7 });
    expect(high?.message).toBe('cpu-high is OK since 04:00: it asks for 7 once cpu is above 70 (now 41.2)');
    expect(low).toMatchObject({ state: 'content', servers: 5 });
    expect(low?.message).toBe(
      "cpu-low is OK since 04:00: the group stays at 5 even once cpu is below 30 (now 41.2), as 5 stay until window 'lunch' is over",
    );
  });

  test('keeps what a rule would ask for within the bounds', () => {
    const least = new LoneGroup({ minSize: 1, alarms }, 1);
    least.look();
    expect(explained(least).rules.map(({ servers }) => servers)).toEqual([3, 1]);
    least.alarm('cpu-low', 'ALARM');
    expect(explained(least).rules[1]).toMatchObject({
      state: 'waits',
      servers: 1,
      message: 'cpu-low is in ALARM, but the group stays at 1, as the minimum is 1',
    });
    const nearlyMost = new LoneGroup({ maxSize: 6, alarms }, 5);
    nearlyMost.look();
    expect(explained(nearlyMost).rules.map(({ servers }) => servers)).toEqual([6, 4]);
  });

  test('tells why a rule in ALARM does not ask, and until when', () => {
    const lone = lunch();
    lone.alarm('cpu-high', 'ALARM');
    expect(explained(lone).rules[0]).toMatchObject({
      state: 'waits',
      until: lone.now + 120_000,
      message: 'cpu-high is in ALARM (now 41.2), but servers of a scale-out are warming up until 04:02',
    });
    lone.pass(2);
    expect(explained(lone).rules[0]).toMatchObject({ state: 'asks', servers: 7 });
    lone.look();
    expect(explained(lone).rules[0]?.message).toBe(
      'cpu-high asks for 9, but its last activity is still under way',
    );
    lone.arrive();
    lone.look();
    expect(explained(lone).rules[0]).toMatchObject({
      state: 'waits',
      until: lone.now + 300_000,
      message: 'cpu-high asks for 9, but its cooldown runs until 04:07',
    });
  });

  test('tells of targets, of a leader and of what cannot be seen', () => {
    const targets = [
      { metric: 'cpu', targetValue: 70 },
      { metric: 'memory', targetValue: 80 },
    ];
    const lone = new LoneGroup({ targets, follows: { group: 'shop', ratio: 0.5 } }, 4);
    lone.metric('cpu@60', 70);
    lone.look();
    expect(explained(lone).rules.map(({ rule, state, message }) => [rule, state, message])).toEqual([
      ['cpu', 'waits', 'cpu is to be kept at 70 (now 70); memory is unknown'],
      ['memory', 'unknown', 'memory is to be kept at 80 (now unknown)'],
      ['shop', 'unknown', 'it follows shop, which cannot be seen'],
    ]);
  });

  test('carries the decision of now, and changes nothing', () => {
    const lone = lunch();
    const { ledger } = lone;
    expect(explained(lone)).toMatchObject({ desired: 5, goal: 5, decision: { reason: 'AtGoal' } });
    expect(lone.ledger).toBe(ledger);
  });

  test('is not given of a group that nobody has met', () => {
    const lone = new LoneGroup({}, 3);
    expect(explain(lone.policy, undefined, lone.observation, lone.now)).toBeUndefined();
  });
});

import { describe, expect, test } from 'vitest';
import { explain } from '../../../shared/domain/explain.ts';
import { explanationInEnglish } from '../../kit/in-english.ts';
import { Stage } from './stage.ts';

const alarm = { metric: 'cpu', period: 300, evaluationPeriods: 3, cooldown: 300 };
const alarms = {
  'cpu-high': { ...alarm, comparisonOperator: 'GreaterThanThreshold', threshold: 70, scalingAdjustment: 2 },
  'cpu-low': { ...alarm, comparisonOperator: 'LessThanThreshold', threshold: 30, scalingAdjustment: -1 },
};

function explained(stage: Stage) {
  const explanation = explain(stage.policy, stage.ledger, stage.observation, stage.now)!;
  return explanationInEnglish(explanation, stage.now);
}

function lunch(): Stage {
  const stage = new Stage({ minSize: 3, alarms }, 3);
  stage.metric('cpu@300', 41.2);
  stage.look();
  stage.windows = [stage.window('lunch', 2, 2)];
  stage.settle();
  return stage;
}

describe('an explanation', () => {
  test('tells each layer, and when it ends by itself', () => {
    const stage = lunch();
    expect(explained(stage).layers.map(({ layer, servers, message }) => [layer, servers, message])).toEqual([
      ['base', 3, "the group's own capacity is 3: alarms, people and changes from outside change it"],
      ['granted', 2, "window 'lunch' adds +2 until 06:00"],
      ['maximum', 10, 'maxSize allows at most 10'],
      ['goal', 5, 'together that makes 5'],
    ]);
    expect(explained(stage).layers[1]?.until).toBe(stage.windows[0]!.end);
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
    const least = new Stage({ minSize: 1, alarms }, 1);
    least.look();
    expect(explained(least).rules.map(({ servers }) => servers)).toEqual([3, 1]);
    least.alarm('cpu-low', 'ALARM');
    expect(explained(least).rules[1]).toMatchObject({
      state: 'waits',
      servers: 1,
      message: 'cpu-low is in ALARM, but the group stays at 1, as the minimum is 1',
    });
    const nearlyMost = new Stage({ maxSize: 6, alarms }, 5);
    nearlyMost.look();
    expect(explained(nearlyMost).rules.map(({ servers }) => servers)).toEqual([6, 4]);
  });

  test('tells why a rule in ALARM does not ask, and until when', () => {
    const stage = lunch();
    stage.alarm('cpu-high', 'ALARM');
    expect(explained(stage).rules[0]).toMatchObject({
      state: 'waits',
      until: stage.now + 120_000,
      message: 'cpu-high is in ALARM (now 41.2), but servers of a scale-out are warming up until 04:02',
    });
    stage.pass(2);
    expect(explained(stage).rules[0]).toMatchObject({ state: 'asks', servers: 7 });
    stage.look();
    expect(explained(stage).rules[0]?.message).toBe(
      'cpu-high asks for 9, but its last activity is still under way',
    );
    stage.arrive();
    stage.look();
    expect(explained(stage).rules[0]).toMatchObject({
      state: 'waits',
      until: stage.now + 300_000,
      message: 'cpu-high asks for 9, but its cooldown runs until 04:07',
    });
  });

  test('tells of targets, of a leader and of what cannot be seen', () => {
    const targets = [
      { metric: 'cpu', targetValue: 70 },
      { metric: 'memory', targetValue: 80 },
    ];
    const stage = new Stage({ targets, follows: { group: 'shop', ratio: 0.5 } }, 4);
    stage.metric('cpu@60', 70);
    stage.look();
    expect(explained(stage).rules.map(({ rule, state, message }) => [rule, state, message])).toEqual([
      ['cpu', 'waits', 'cpu is to be kept at 70 (now 70); memory is unknown'],
      ['memory', 'unknown', 'memory is to be kept at 80 (now unknown)'],
      ['shop', 'unknown', 'it follows shop, which cannot be seen'],
    ]);
  });

  test('carries the decision of now, and changes nothing', () => {
    const stage = lunch();
    const { ledger } = stage;
    expect(explained(stage)).toMatchObject({ desired: 5, goal: 5, decision: { reason: 'AtGoal' } });
    expect(stage.ledger).toBe(ledger);
  });

  test('is not given of a group that nobody has met', () => {
    const stage = new Stage({}, 3);
    expect(explain(stage.policy, undefined, stage.observation, stage.now)).toBeUndefined();
  });
});

import { describe, expect, test } from 'vitest';
import type { Suspension } from '../../../shared/domain/observation.ts';
import { changes, manual, Stage } from './stage.ts';

const cpu = { metric: 'cpu', period: 300, evaluationPeriods: 3 };
const alarms = {
  'cpu-high': { ...cpu, comparisonOperator: 'GreaterThanThreshold', threshold: 70, scalingAdjustment: 2 },
  'cpu-low': { ...cpu, comparisonOperator: 'LessThanThreshold', threshold: 30, scalingAdjustment: -1 },
};

function met(desired: number, group: object = {}): Stage {
  const stage = new Stage({ minSize: 2, maxSize: 10, alarms, ...group }, desired);
  stage.metric('cpu@300', 20);
  stage.look();
  return stage;
}

function suspended(stage: Stage, ...suspended: Suspension[]): void {
  stage.group = { ...stage.group, suspended };
}

describe('a suspended process', () => {
  test('blocks an alarm, is recorded once, starts no cooldown, and is no obstacle once it is resumed', () => {
    const stage = met(4);
    suspended(stage, 'launching');
    stage.alarm('cpu-high', 'ALARM');
    expect(stage.look()[0]).toMatchObject({
      to: 4,
      reason: 'ProcessSuspended',
      message: 'business stays at 4: cpu-high asks for 6, but launching servers is suspended',
      activities: [{ from: 4, to: 4, statusCode: 'Cancelled', trigger: 'alarm' }],
    });
    stage.pass(1);
    expect(stage.look().flatMap(({ activities }) => activities)).toEqual([]);
    expect(stage.ledger?.rules).toEqual({});
    suspended(stage);
    expect(changes(stage.look())).toEqual(["business 4 → 6: alarm 'cpu-high' (+2)"]);
  });

  test('keeps a window’s servers until it is resumed, and then gives them their share', () => {
    const stage = met(4);
    stage.windows = [stage.window('lunch', 2, 2)];
    suspended(stage, 'launching');
    expect(stage.look()[0]?.message).toBe(
      "business stays at 4: window 'lunch' asks for 6, but launching servers is suspended",
    );
    stage.pass(60);
    suspended(stage);
    expect(changes(stage.settle())).toEqual(["business 4 → 6: window 'lunch' opened (+2)"]);
    stage.pass(60);
    stage.windows = [];
    suspended(stage, 'terminating');
    expect(stage.settle().at(-1)).toMatchObject({ to: 6, reason: 'ProcessSuspended' });
    suspended(stage);
    expect(changes(stage.settle())).toEqual(["business 6 → 4: window 'lunch' closed (−2)"]);
  });

  test('that does not launch or terminate is no obstacle', () => {
    const stage = met(4);
    suspended(stage, 'replacing');
    stage.alarm('cpu-high', 'ALARM');
    expect(stage.decide().to).toBe(6);
  });
});

describe('an instance refresh', () => {
  test.each(['Pending', 'InProgress', 'Baking', 'Cancelling', 'RollbackInProgress', 'Unknown'])(
    'that is %s lets a scale-out through and defers a scale-in',
    (instanceRefresh) => {
      const stage = met(4);
      stage.others = { ...stage.others, instanceRefresh };
      stage.alarm('cpu-low', 'ALARM');
      expect(stage.decide()).toMatchObject({
        to: 4,
        reason: 'InstanceRefreshing',
        message: `business stays at 4: cpu-low asks for 3, but an instance refresh is ${instanceRefresh}`,
      });
      stage.alarm('cpu-high', 'ALARM');
      expect(stage.decide().to).toBe(6);
    },
  );

  test('defers what a window gives back', () => {
    const stage = met(4);
    stage.windows = [stage.window('lunch', 2, 2)];
    stage.settle();
    stage.others = { ...stage.others, instanceRefresh: 'InProgress' };
    stage.pass(120);
    stage.windows = [];
    stage.settle();
    expect(stage.decide()).toMatchObject({ to: 6, reason: 'InstanceRefreshing' });
    stage.others = { ...stage.others, instanceRefresh: null };
    expect(stage.decide().to).toBe(4);
  });
});

describe('the flap guard', () => {
  const low = { ...alarms['cpu-low'], metric: 'memory' };
  const spread = (rule: object): Stage => {
    const loadBalancer = { scheme: 'internet-facing', protocol: 'HTTP', port: 80 };
    const stage = met(5, {
      loadBalancer,
      alarms: { high: { ...alarms['cpu-high'], ...rule }, 'memory-low': low },
    });
    stage.metric('memory@300', 10);
    stage.alarm('memory-low', 'ALARM');
    return stage;
  };

  test('knows whether the threshold itself trips the alarm', () => {
    for (const [comparisonOperator, to] of [
      ['GreaterThanThreshold', 4],
      ['GreaterThanOrEqualToThreshold', 5],
    ]) {
      const stage = spread({ comparisonOperator });
      // 5 × 56 % is 70 % of 4.
      stage.metric('cpu@300', 56);
      expect([comparisonOperator, stage.decide().to]).toEqual([comparisonOperator, to]);
    }
  });

  test.each(['missing', 'failed'] as const)(
    'takes a count that is unknown (%s) for no proof of room',
    (why) => {
      const stage = spread({ metric: 'requestsPerTarget' });
      stage.metrics = { ...stage.metrics, 'requestsPerTarget@300': { known: false, why } };
      expect(stage.decide()).toMatchObject({ to: 5, reason: 'MetricMissing' });
    },
  );
});

describe('a pause that has ended', () => {
  test('lets an alarm that is still in ALARM be answered', () => {
    const stage = met(4);
    stage.look(manual({ kind: 'pause', direction: 'both', forSeconds: 3600 }));
    stage.alarm('cpu-high', 'ALARM');
    stage.look();
    expect(stage.group.desired).toBe(4);
    stage.pass(60);
    expect(changes(stage.look())).toEqual(["business 4 → 6: alarm 'cpu-high' (+2)"]);
  });

  test('does not replay a window that came and went meanwhile', () => {
    const stage = met(4);
    stage.look(manual({ kind: 'pause', direction: 'both', forSeconds: 3600 }));
    stage.windows = [stage.window('lunch', 2, 0.5)];
    stage.look();
    stage.pass(60);
    stage.windows = [];
    expect(changes(stage.settle())).toEqual([]);
    expect(stage.group.desired).toBe(4);
  });

  test('gives back a window that closed meanwhile', () => {
    const stage = met(4);
    stage.windows = [stage.window('lunch', 2, 0.5)];
    stage.settle();
    stage.look(manual({ kind: 'pause', direction: 'both', forSeconds: 3600 }));
    stage.pass(30);
    stage.windows = [];
    stage.look();
    expect(stage.group.desired).toBe(6);
    stage.pass(30);
    expect(changes(stage.settle())).toEqual(["business 6 → 4: window 'lunch' closed (−2)"]);
  });
});

describe('servers to adopt', () => {
  const ids = ['i-0123456789abcdef0', 'i-0123456789abcdef1'];

  test('are not attached above maxSize, which AWS would refuse', () => {
    const stage = met(9);
    expect(stage.look(manual({ kind: 'adopt', serverIds: ids }))[0]).toMatchObject({
      to: 9,
      reason: 'AtMaximum',
      act: undefined,
      message: "business stays at 9: alice asks for 11, but the group's own maximum is 10",
    });
  });
});

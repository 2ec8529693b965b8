import { describe, expect, test } from 'vitest';
import type { Suspension } from '../../../shared/domain/observation.ts';
import { changes, LoneGroup, manual, minute, noon } from '../../kit/lone-group.ts';

const cpu = { metric: 'cpu', period: 300, evaluationPeriods: 3 };
const alarms = {
  'cpu-high': { ...cpu, comparisonOperator: 'GreaterThanThreshold', threshold: 70, scalingAdjustment: 2 },
  'cpu-low': { ...cpu, comparisonOperator: 'LessThanThreshold', threshold: 30, scalingAdjustment: -1 },
};

function met(desired: number, group: object = {}): LoneGroup {
  const lone = new LoneGroup({ minSize: 2, maxSize: 10, alarms, ...group }, desired);
  lone.metric('cpu@300', 20);
  lone.look();
  return lone;
}

function suspended(lone: LoneGroup, ...suspended: Suspension[]): void {
  lone.group = { ...lone.group, suspended };
}

describe('a suspended process', () => {
  test('blocks an alarm, is recorded once, starts no cooldown, and hinders nothing once it is resumed', () => {
    const lone = met(4);
    suspended(lone, 'launching');
    lone.alarm('cpu-high', 'ALARM');
    expect(lone.look()[0]).toMatchObject({
      to: 4,
      reason: 'ProcessSuspended',
      message: 'business stays at 4: cpu-high asks for 6, but launching servers is suspended',
      activities: [{ from: 4, to: 4, statusCode: 'Cancelled', trigger: 'alarm' }],
    });
    lone.pass(1);
    expect(lone.look().flatMap(({ activities }) => activities)).toEqual([]);
    expect(lone.ledger?.rules).toEqual({});
    suspended(lone);
    expect(changes(lone.look())).toEqual(["business 4 → 6: alarm 'cpu-high' (+2)"]);
  });

  test('keeps a window’s servers until it is resumed, and then gives them their share', () => {
    const lone = met(4);
    lone.windows = [lone.window('lunch', 2, 2)];
    suspended(lone, 'launching');
    expect(lone.look()[0]?.message).toBe(
      "business stays at 4: window 'lunch' asks for 6, but launching servers is suspended",
    );
    lone.pass(60);
    suspended(lone);
    expect(changes(lone.settle())).toEqual(["business 4 → 6: window 'lunch' opened (+2)"]);
    lone.pass(60);
    lone.windows = [];
    suspended(lone, 'terminating');
    expect(lone.settle().at(-1)).toMatchObject({ to: 6, reason: 'ProcessSuspended' });
    suspended(lone);
    expect(changes(lone.settle())).toEqual(["business 6 → 4: window 'lunch' closed (−2)"]);
  });

  test('that does not launch or terminate hinders nothing', () => {
    const lone = met(4);
    suspended(lone, 'replacing');
    lone.alarm('cpu-high', 'ALARM');
    expect(lone.decide().to).toBe(6);
  });
});

describe('an alarm that goes to OK and back at the maximum', () => {
  const blinking = (lone: LoneGroup, times: number) => {
    for (let blink = 0; blink < times; blink++) {
      lone.alarm('cpu-high', 'ALARM');
      lone.look();
      lone.pass(2);
      lone.alarm('cpu-high', 'OK');
      lone.look();
      lone.pass(3);
    }
  };
  const rows = (lone: LoneGroup) => [...lone.log.values()].filter(({ reason }) => reason === 'AtMaximum');

  test('is one row for a crowd, which counts the minutes in which it was refused', () => {
    const lone = met(10);
    blinking(lone, 12);
    expect(rows(lone)).toHaveLength(1);
    lone.pass(15);
    lone.look();
    expect(rows(lone)).toMatchObject([
      { startedAt: noon, endedAt: noon + 57 * minute, statusMessage: 'refused 25 times' },
    ]);
  });

  test('is a row again when it was calm for a quarter of an hour', () => {
    const lone = met(10);
    blinking(lone, 3);
    lone.pass(15);
    lone.look();
    blinking(lone, 3);
    expect(rows(lone)).toHaveLength(2);
  });

  test('but what a window is refused is over when it closes', () => {
    const lone = met(4);
    suspended(lone, 'launching');
    lone.windows = [lone.window('lunch', 2, 1)];
    lone.look();
    lone.pass(60);
    lone.windows = [];
    const [closed] = lone.look().flatMap(({ activities }) => activities);
    expect(closed).toMatchObject({ reason: 'ProcessSuspended', endedAt: lone.now });
  });
});

describe('an instance refresh', () => {
  test.each(['Pending', 'InProgress', 'Baking', 'Cancelling', 'RollbackInProgress', 'Unknown'])(
    'that is %s lets a scale-out through and defers a scale-in',
    (instanceRefresh) => {
      const lone = met(4);
      lone.others = { ...lone.others, instanceRefresh };
      lone.alarm('cpu-low', 'ALARM');
      expect(lone.decide()).toMatchObject({
        to: 4,
        reason: 'InstanceRefreshing',
        message: `business stays at 4: cpu-low (cpu 20) asks for 3, but an instance refresh is ${instanceRefresh}`,
      });
      lone.alarm('cpu-high', 'ALARM');
      expect(lone.decide().to).toBe(6);
    },
  );

  test('defers what a window gives back', () => {
    const lone = met(4);
    lone.windows = [lone.window('lunch', 2, 2)];
    lone.settle();
    lone.others = { ...lone.others, instanceRefresh: 'InProgress' };
    lone.pass(120);
    lone.windows = [];
    lone.settle();
    expect(lone.decide()).toMatchObject({ to: 6, reason: 'InstanceRefreshing' });
    lone.others = { ...lone.others, instanceRefresh: null };
    expect(lone.decide().to).toBe(4);
  });
});

describe('the flap guard', () => {
  const low = { ...alarms['cpu-low'], metric: 'memory' };
  const spread = (rule: object): LoneGroup => {
    const loadBalancer = { scheme: 'internet-facing', protocol: 'HTTP', port: 80 };
    const lone = met(5, {
      loadBalancer,
      alarms: { high: { ...alarms['cpu-high'], ...rule }, 'memory-low': low },
    });
    lone.metric('memory@300', 10);
    lone.alarm('memory-low', 'ALARM');
    return lone;
  };

  test('knows whether the threshold itself trips the alarm', () => {
    for (const [comparisonOperator, to] of [
      ['GreaterThanThreshold', 4],
      ['GreaterThanOrEqualToThreshold', 5],
    ]) {
      const lone = spread({ comparisonOperator });
      // 5 × 56 % is 70 % of 4.
      lone.metric('cpu@300', 56);
      expect([comparisonOperator, lone.decide().to]).toEqual([comparisonOperator, to]);
    }
  });

  test.each(['missing', 'failed'] as const)(
    'takes a count that is unknown (%s) for no proof of room',
    (why) => {
      const lone = spread({ metric: 'requestsPerTarget' });
      lone.metrics = { ...lone.metrics, 'requestsPerTarget@300': { known: false, why } };
      expect(lone.decide()).toMatchObject({ to: 5, reason: 'MetricMissing' });
    },
  );
});

describe('a pause that has ended', () => {
  test('lets an alarm that is still in ALARM be answered', () => {
    const lone = met(4);
    lone.look(manual({ kind: 'pause', direction: 'both', forSeconds: 3600 }));
    lone.alarm('cpu-high', 'ALARM');
    lone.look();
    expect(lone.group.desired).toBe(4);
    lone.pass(60);
    expect(changes(lone.look())).toEqual(["business 4 → 6: alarm 'cpu-high' (+2)"]);
  });

  test('does not replay a window that came and went meanwhile', () => {
    const lone = met(4);
    lone.look(manual({ kind: 'pause', direction: 'both', forSeconds: 3600 }));
    lone.windows = [lone.window('lunch', 2, 0.5)];
    lone.look();
    lone.pass(60);
    lone.windows = [];
    expect(changes(lone.settle())).toEqual([]);
    expect(lone.group.desired).toBe(4);
  });

  test('gives back a window that closed meanwhile', () => {
    const lone = met(4);
    lone.windows = [lone.window('lunch', 2, 0.5)];
    lone.settle();
    lone.look(manual({ kind: 'pause', direction: 'both', forSeconds: 3600 }));
    lone.pass(30);
    lone.windows = [];
    lone.look();
    expect(lone.group.desired).toBe(6);
    lone.pass(30);
    expect(changes(lone.settle())).toEqual(["business 6 → 4: window 'lunch' closed (−2)"]);
  });
});

describe('servers to adopt', () => {
  const ids = ['i-0123456789abcdef0', 'i-0123456789abcdef1'];

  test('are not attached above maxSize, which AWS would refuse', () => {
    const lone = met(9);
    expect(lone.look(manual({ kind: 'adopt', serverIds: ids }))[0]).toMatchObject({
      to: 9,
      reason: 'AtMaximum',
      act: undefined,
      message: "business stays at 9: alice asks for 11, but the group's own maximum is 10",
    });
  });
});

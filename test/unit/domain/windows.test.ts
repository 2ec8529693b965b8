import { describe, expect, test } from 'vitest';
import { changes, LoneGroup, manual, minute, server, sweep } from '../../kit/lone-group.ts';

const high = {
  metric: 'cpu',
  comparisonOperator: 'GreaterThanThreshold',
  threshold: 70,
  period: 300,
  evaluationPeriods: 3,
  scalingAdjustment: 2,
  cooldown: 300,
};
const lunchDay = {
  minSize: 3,
  maxSize: 10,
  alarms: { 'cpu-high': high },
};

function lunch(desired: number, group: object = lunchDay): LoneGroup {
  const lone = new LoneGroup(group, desired);
  lone.metric('cpu@300', 40);
  lone.settle();
  lone.windows = [lone.window('lunch', 2, 2)];
  return lone;
}

describe('a window', () => {
  test('adds its servers when it opens', () => {
    const lone = lunch(3);
    const [opened] = lone.look();
    expect(opened).toMatchObject({
      from: 3,
      to: 5,
      reason: 'WindowOpened',
      cause: 'schedule',
      message: "business 3 → 5: window 'lunch' opened (+2)",
    });
    expect(lone.group.desired).toBe(5);
  });

  test('adds them once, however often it is announced', () => {
    const lone = lunch(3);
    for (let at = 0; at < 5; at++) {
      lone.look({ kind: 'schedule', window: 'lunch', edge: 'start', at: lone.now });
      lone.arrive();
    }
    expect(lone.group.desired).toBe(5);
  });

  test('gives them back when it closes', () => {
    const lone = lunch(3);
    lone.settle();
    lone.pass(120);
    lone.windows = [];
    expect(changes(lone.settle())).toEqual(["business 5 → 3: window 'lunch' closed (−2)"]);
    expect(lone.decide().reason).toBe('AtGoal');
  });

  test('that met the maximum after one server gives back that one', () => {
    const lone = lunch(9);
    expect(changes(lone.settle())).toEqual(["business 9 → 10: window 'lunch' opened (+1, 2 were asked for)"]);
    lone.pass(120);
    lone.windows = [];
    lone.settle();
    expect(lone.group.desired).toBe(9);
  });

  test('that finds no room says so once and gives back nothing', () => {
    const lone = lunch(10);
    expect(lone.look().map(({ reason }) => reason)).toEqual(['AtMaximum', 'AtGoal']);
    expect([...lone.log.values()].at(-1)?.message).toBe(
      "business stays at 10: window 'lunch' opened (+2), but the maximum is 10",
    );
    lone.pass(120);
    lone.windows = [];
    lone.settle();
    expect(lone.group.desired).toBe(10);
  });

  test('leaves what an alarm added meanwhile', () => {
    const lone = lunch(3);
    lone.settle();
    lone.pass(60);
    lone.alarm('cpu-high', 'ALARM');
    lone.settle();
    expect(lone.group.desired).toBe(7);
    lone.alarm('cpu-high', 'OK');
    lone.pass(60);
    lone.windows = [];
    lone.settle();
    expect(lone.group.desired).toBe(5);
  });

  test('adds up with another, and each gives back its own', () => {
    const lone = lunch(3);
    lone.windows.push(lone.window('sale', 3, 1));
    lone.settle();
    lone.settle();
    expect(lone.group.desired).toBe(8);
    lone.pass(60);
    lone.windows = lone.windows.filter(({ name }) => name === 'lunch');
    lone.settle();
    expect(lone.group.desired).toBe(5);
  });

  test('waits with giving back while a scale-out alarm is in ALARM, and says so once', () => {
    const lone = lunch(3);
    lone.settle();
    lone.group = { ...lone.group, suspended: ['launching'] };
    lone.pass(120);
    lone.alarm('cpu-high', 'ALARM');
    lone.windows = [];
    lone.look();
    const { ledger } = lone;
    const waiting = lone.decide();
    expect(waiting.reason).toBe('ScaleOutAlarmActive');
    expect(waiting.message).toBe(
      "business stays at 5: window 'lunch' has closed and asks for 3, but cpu-high is in ALARM",
    );
    lone.pass(1);
    expect(lone.decide().ledger).toBe(ledger);
    lone.alarm('cpu-high', 'OK');
    lone.pass(1);
    expect(changes(lone.settle())).toEqual(["business 5 → 3: window 'lunch' closed (−2)"]);
  });

  test('gives back only as many as those that stay can do without', () => {
    const lone = lunch(3);
    lone.settle();
    lone.metric('cpu@300', 45);
    lone.pass(120);
    lone.windows = [];
    lone.settle();
    // 5 × 45 % is 56 % of 4, but 75 % of 3.
    expect(lone.group.desired).toBe(4);
    expect(lone.decide().reason).toBe('FlapGuard');
    // Described a moment later, the server that is to go may still be in service.
    const servers = lone.group.servers.map((one) => ({ ...one, lifecycle: 'ready' as const }));
    lone.group = { ...lone.group, servers: [...servers, server('i-leaving', 'ready')] };
    expect(lone.decide()).toMatchObject({ to: 4, reason: 'FlapGuard' });
    lone.pass(20);
    lone.metric('cpu@300', 40);
    lone.settle();
    expect(lone.group.desired).toBe(3);
  });

  test('does not give back on an unknown metric', () => {
    const lone = lunch(3);
    lone.settle();
    lone.pass(120);
    lone.windows = [];
    lone.metrics = { 'cpu@300': { known: false, why: 'failed' } };
    lone.settle();
    expect(lone.decide()).toMatchObject({ from: 5, to: 5, reason: 'MetricMissing' });
  });

  test('that somebody takes out of the fleet file gives back at once', () => {
    const lone = lunch(3);
    lone.settle();
    lone.pass(30);
    lone.windows = [];
    expect(changes(lone.settle())).toEqual(["business 5 → 3: window 'lunch' closed (−2)"]);
  });

  test('that is being given back is not open again because the file names it once more', () => {
    const lone = lunch(3);
    const { windows } = lone;
    lone.settle();
    lone.pass(30);
    lone.alarm('cpu-high', 'ALARM');
    lone.group = { ...lone.group, suspended: ['launching'] };
    lone.windows = [];
    lone.settle();
    expect(lone.group.desired).toBe(5);
    lone.windows = windows;
    lone.alarm('cpu-high', 'OK');
    expect(changes(lone.settle())).toEqual(["business 5 → 3: window 'lunch' closed (−2)"]);
  });

  test('waits with giving back while a target’s metric is unknown, which might ask for more', () => {
    const behavior = { scaleDown: { stabilizationWindowSeconds: 0 } };
    const lone = lunch(3, {
      ...lunchDay,
      alarms: {},
      targets: [{ metric: 'cpu', targetValue: 70 }],
      behavior,
    });
    lone.settle();
    lone.pass(10);
    lone.metric('cpu@60', 40);
    lone.settle();
    expect(lone.ledger?.tracked?.servers).toBe(3);
    lone.pass(120);
    lone.windows = [];
    lone.metrics = { 'cpu@60': { known: false, why: 'failed' } };
    lone.settle();
    expect(lone.decide()).toMatchObject({ to: 5, reason: 'MetricMissing' });
  });

  test('leaves what a person adds meanwhile, and alarms leave it, too', () => {
    const low = { ...high, comparisonOperator: 'LessThanThreshold', threshold: 30, scalingAdjustment: -1 };
    const lone = lunch(3, { ...lunchDay, alarms: { 'cpu-high': high, 'cpu-low': low } });
    lone.settle();
    lone.settle(manual({ kind: 'adjust', adjustment: 2 }));
    lone.pass(2);
    lone.metric('cpu@300', 10);
    lone.alarm('cpu-low', 'ALARM');
    expect(lone.look()[0]).toMatchObject({ to: 7, reason: 'AtMinimum' });
    lone.pass(120);
    lone.windows = [];
    lone.alarm('cpu-low', 'OK');
    lone.settle();
    expect(lone.group.desired).toBe(5);
    lone.pass(10);
    lone.metric('cpu@300', 10);
    lone.alarm('cpu-low', 'ALARM');
    expect(changes(lone.settle())).toEqual(["business 5 → 4: alarm 'cpu-low', cpu 10 (−1)"]);
  });

  test('gives back at the pace of behavior.scaleDown', () => {
    const policies = [{ type: 'Instances', value: 1, periodSeconds: 600 }];
    const lone = lunch(3, { ...lunchDay, behavior: { scaleDown: { policies } } });
    lone.settle();
    lone.pass(120);
    lone.windows = [];
    expect(changes(lone.settle())).toEqual(["business 5 → 4: window 'lunch' closed (−1)"]);
    expect(lone.decide().blockers).toMatchObject([
      {
        code: 'RateLimited',
        message:
          "window 'lunch' has closed and asks for 3, but behavior.scaleDown allows no fewer than 4 now",
      },
    ]);
    lone.pass(10);
    expect(changes(lone.settle())).toEqual(["business 4 → 3: window 'lunch' closed (−1)"]);
  });

  test('is not opened again by a look whose clock is behind', () => {
    const lone = lunch(3);
    const windows = lone.windows;
    lone.settle();
    lone.pass(120);
    lone.windows = [];
    lone.settle();
    lone.now -= minute;
    lone.windows = windows;
    expect(lone.decide().to).toBe(3);
  });

  test('is not closed by a look whose clock has not reached its start', () => {
    const lone = lunch(3);
    lone.settle();
    lone.now -= minute;
    lone.windows = [];
    expect(lone.decide().to).toBe(5);
  });

  test('keeps what was granted when its amount changes, until the next occurrence', () => {
    const lone = lunch(3);
    lone.settle();
    lone.windows = lone.windows.map((window) => ({
      ...window,
      boost: { type: 'ChangeInCapacity', value: 5 },
    }));
    lone.settle();
    expect(lone.group.desired).toBe(5);
  });

  test('counts a percentage of the own capacity, rounded as AWS does', () => {
    const lone = lunch(3);
    lone.windows = [{ ...lone.window('lunch', 0, 2), boost: { type: 'PercentChangeInCapacity', value: 50 } }];
    expect(lone.look()[0]?.to).toBe(4);
  });

  test('with a minimum raises and lets go again', () => {
    const lone = lunch(3);
    lone.metric('cpu@300', 20);
    lone.windows = [lone.window('gala', undefined, 1, { minSize: 6 })];
    expect(lone.settle()[0]).toMatchObject({ to: 6, reason: 'FloorRaised', cause: 'schedule' });
    lone.pass(60);
    lone.windows = [];
    expect(lone.settle()[0]).toMatchObject({ from: 6, to: 3, reason: 'WindowClosed', cause: 'schedule' });
  });

  test('with a minimum names itself when it lets go of what another window had brought', () => {
    const lone = lunch(3);
    lone.metric('cpu@300', 20);
    lone.windows.push(lone.window('gala', undefined, 3, { minSize: 5 }));
    lone.settle();
    lone.pass(120);
    lone.windows = lone.windows.filter(({ name }) => name === 'gala');
    lone.settle();
    expect(lone.group.desired).toBe(5);
    lone.pass(60);
    lone.windows = [];
    expect(lone.settle()[0]).toMatchObject({
      to: 3,
      cause: 'schedule',
      message: "business 5 → 3: window 'gala' no longer holds it up (−2)",
    });
  });

  test('with a maximum lowers and lets go again', () => {
    const lone = lunch(8);
    lone.windows = [lone.window('freeze', undefined, 1, { maxSize: 4 })];
    expect(lone.settle()[0]).toMatchObject({ to: 4, reason: 'MaximumLowered', cause: 'schedule' });
    lone.pass(60);
    lone.windows = [];
    expect(lone.settle()[0]).toMatchObject({ from: 4, to: 8, reason: 'WindowClosed', cause: 'schedule' });
  });

  test('is quiet afterwards: the same ledger, so that nothing is written', () => {
    const lone = lunch(3);
    lone.settle();
    lone.look(sweep);
    expect(lone.decide().ledger).toBe(lone.ledger);
  });
});

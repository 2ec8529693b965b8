import { describe, expect, test } from 'vitest';
import { changes, manual, minute, Stage, server, sweep } from './stage.ts';

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

function lunch(desired: number, group: object = lunchDay): Stage {
  const stage = new Stage(group, desired);
  stage.metric('cpu@300', 40);
  stage.settle();
  stage.windows = [stage.window('lunch', 2, 2)];
  return stage;
}

describe('a window', () => {
  test('adds its servers when it opens', () => {
    const stage = lunch(3);
    const [opened] = stage.look();
    expect(opened).toMatchObject({
      from: 3,
      to: 5,
      reason: 'WindowOpened',
      cause: 'schedule',
      message: "business 3 → 5: window 'lunch' opened (+2)",
    });
    expect(stage.group.desired).toBe(5);
  });

  test('adds them once, however often it is announced', () => {
    const stage = lunch(3);
    for (let at = 0; at < 5; at++) {
      stage.look({ kind: 'schedule', window: 'lunch', edge: 'start', at: stage.now });
      stage.arrive();
    }
    expect(stage.group.desired).toBe(5);
  });

  test('gives them back when it closes', () => {
    const stage = lunch(3);
    stage.settle();
    stage.pass(120);
    stage.windows = [];
    expect(changes(stage.settle())).toEqual(["business 5 → 3: window 'lunch' closed (−2)"]);
    expect(stage.decide().reason).toBe('AtGoal');
  });

  test('that met the maximum after one server gives back that one', () => {
    const stage = lunch(9);
    expect(changes(stage.settle())).toEqual([
      "business 9 → 10: window 'lunch' opened (+1, 2 were asked for)",
    ]);
    stage.pass(120);
    stage.windows = [];
    stage.settle();
    expect(stage.group.desired).toBe(9);
  });

  test('that finds no room says so once and gives back nothing', () => {
    const stage = lunch(10);
    expect(stage.look().map(({ reason }) => reason)).toEqual(['AtMaximum', 'AtGoal']);
    expect([...stage.log.values()].at(-1)?.message).toBe(
      "business stays at 10: window 'lunch' opened (+2), but the maximum is 10",
    );
    stage.pass(120);
    stage.windows = [];
    stage.settle();
    expect(stage.group.desired).toBe(10);
  });

  test('leaves what an alarm added meanwhile', () => {
    const stage = lunch(3);
    stage.settle();
    stage.pass(60);
    stage.alarm('cpu-high', 'ALARM');
    stage.settle();
    expect(stage.group.desired).toBe(7);
    stage.alarm('cpu-high', 'OK');
    stage.pass(60);
    stage.windows = [];
    stage.settle();
    expect(stage.group.desired).toBe(5);
  });

  test('adds up with another, and each gives back its own', () => {
    const stage = lunch(3);
    stage.windows.push(stage.window('sale', 3, 1));
    stage.settle();
    stage.settle();
    expect(stage.group.desired).toBe(8);
    stage.pass(60);
    stage.windows = stage.windows.filter(({ name }) => name === 'lunch');
    stage.settle();
    expect(stage.group.desired).toBe(5);
  });

  test('waits with giving back while a scale-out alarm is in ALARM, and says so once', () => {
    const stage = lunch(3);
    stage.settle();
    stage.group = { ...stage.group, suspended: ['launching'] };
    stage.pass(120);
    stage.alarm('cpu-high', 'ALARM');
    stage.windows = [];
    stage.look();
    const { ledger } = stage;
    const waiting = stage.decide();
    expect(waiting.reason).toBe('ScaleOutAlarmActive');
    expect(waiting.message).toBe(
      "business stays at 5: window 'lunch' has closed and asks for 3, but cpu-high is in ALARM",
    );
    stage.pass(1);
    expect(stage.decide().ledger).toBe(ledger);
    stage.alarm('cpu-high', 'OK');
    stage.pass(1);
    expect(changes(stage.settle())).toEqual(["business 5 → 3: window 'lunch' closed (−2)"]);
  });

  test('gives back only as many as those that stay can do without', () => {
    const stage = lunch(3);
    stage.settle();
    stage.metric('cpu@300', 45);
    stage.pass(120);
    stage.windows = [];
    stage.settle();
    // 5 × 45 % is 56 % of 4, but 75 % of 3.
    expect(stage.group.desired).toBe(4);
    expect(stage.decide().reason).toBe('FlapGuard');
    // Described a moment later, the server that is to go may still be in service.
    const servers = stage.group.servers.map((one) => ({ ...one, lifecycle: 'ready' as const }));
    stage.group = { ...stage.group, servers: [...servers, server('i-leaving', 'ready')] };
    expect(stage.decide()).toMatchObject({ to: 4, reason: 'FlapGuard' });
    stage.pass(20);
    stage.metric('cpu@300', 40);
    stage.settle();
    expect(stage.group.desired).toBe(3);
  });

  test('does not give back on an unknown metric', () => {
    const stage = lunch(3);
    stage.settle();
    stage.pass(120);
    stage.windows = [];
    stage.metrics = { 'cpu@300': { known: false, why: 'failed' } };
    stage.settle();
    expect(stage.decide()).toMatchObject({ from: 5, to: 5, reason: 'MetricMissing' });
  });

  test('that somebody takes out of the fleet file gives back at once', () => {
    const stage = lunch(3);
    stage.settle();
    stage.pass(30);
    stage.windows = [];
    expect(changes(stage.settle())).toEqual(["business 5 → 3: window 'lunch' closed (−2)"]);
  });

  test('that is being given back is not open again because the file names it once more', () => {
    const stage = lunch(3);
    const { windows } = stage;
    stage.settle();
    stage.pass(30);
    stage.alarm('cpu-high', 'ALARM');
    stage.group = { ...stage.group, suspended: ['launching'] };
    stage.windows = [];
    stage.settle();
    expect(stage.group.desired).toBe(5);
    stage.windows = windows;
    stage.alarm('cpu-high', 'OK');
    expect(changes(stage.settle())).toEqual(["business 5 → 3: window 'lunch' closed (−2)"]);
  });

  test('waits with giving back while a target’s metric is unknown, which might ask for more', () => {
    const behavior = { scaleDown: { stabilizationWindowSeconds: 0 } };
    const stage = lunch(3, {
      ...lunchDay,
      alarms: {},
      targets: [{ metric: 'cpu', targetValue: 70 }],
      behavior,
    });
    stage.settle();
    stage.pass(10);
    stage.metric('cpu@60', 40);
    stage.settle();
    expect(stage.ledger?.tracked?.servers).toBe(3);
    stage.pass(120);
    stage.windows = [];
    stage.metrics = { 'cpu@60': { known: false, why: 'failed' } };
    stage.settle();
    expect(stage.decide()).toMatchObject({ to: 5, reason: 'MetricMissing' });
  });

  test('leaves what a person adds meanwhile, and alarms leave it, too', () => {
    const low = { ...high, comparisonOperator: 'LessThanThreshold', threshold: 30, scalingAdjustment: -1 };
    const stage = lunch(3, { ...lunchDay, alarms: { 'cpu-high': high, 'cpu-low': low } });
    stage.settle();
    stage.settle(manual({ kind: 'adjust', adjustment: 2 }));
    stage.pass(2);
    stage.metric('cpu@300', 10);
    stage.alarm('cpu-low', 'ALARM');
    expect(stage.look()[0]).toMatchObject({ to: 7, reason: 'AtMinimum' });
    stage.pass(120);
    stage.windows = [];
    stage.alarm('cpu-low', 'OK');
    stage.settle();
    expect(stage.group.desired).toBe(5);
    stage.pass(10);
    stage.metric('cpu@300', 10);
    stage.alarm('cpu-low', 'ALARM');
    expect(changes(stage.settle())).toEqual(["business 5 → 4: alarm 'cpu-low', cpu 10 (−1)"]);
  });

  test('gives back at the pace of behavior.scaleDown', () => {
    const policies = [{ type: 'Instances', value: 1, periodSeconds: 600 }];
    const stage = lunch(3, { ...lunchDay, behavior: { scaleDown: { policies } } });
    stage.settle();
    stage.pass(120);
    stage.windows = [];
    expect(changes(stage.settle())).toEqual(["business 5 → 4: window 'lunch' closed (−1)"]);
    expect(stage.decide().blockers).toMatchObject([
      {
        code: 'RateLimited',
        message:
          "window 'lunch' has closed and asks for 3, but behavior.scaleDown allows no fewer than 4 now",
      },
    ]);
    stage.pass(10);
    expect(changes(stage.settle())).toEqual(["business 4 → 3: window 'lunch' closed (−1)"]);
  });

  test('is not opened again by a look whose clock is behind', () => {
    const stage = lunch(3);
    const windows = stage.windows;
    stage.settle();
    stage.pass(120);
    stage.windows = [];
    stage.settle();
    stage.now -= minute;
    stage.windows = windows;
    expect(stage.decide().to).toBe(3);
  });

  test('is not closed by a look whose clock has not reached its start', () => {
    const stage = lunch(3);
    stage.settle();
    stage.now -= minute;
    stage.windows = [];
    expect(stage.decide().to).toBe(5);
  });

  test('keeps what was granted when its amount changes, until the next occurrence', () => {
    const stage = lunch(3);
    stage.settle();
    stage.windows = stage.windows.map((window) => ({
      ...window,
      boost: { type: 'ChangeInCapacity', value: 5 },
    }));
    stage.settle();
    expect(stage.group.desired).toBe(5);
  });

  test('counts a percentage of the own capacity, rounded as AWS does', () => {
    const stage = lunch(3);
    stage.windows = [
      { ...stage.window('lunch', 0, 2), boost: { type: 'PercentChangeInCapacity', value: 50 } },
    ];
    expect(stage.look()[0]?.to).toBe(4);
  });

  test('with a minimum raises and lets go again', () => {
    const stage = lunch(3);
    stage.metric('cpu@300', 20);
    stage.windows = [stage.window('gala', undefined, 1, { minSize: 6 })];
    expect(stage.settle()[0]).toMatchObject({ to: 6, reason: 'FloorRaised', cause: 'schedule' });
    stage.pass(60);
    stage.windows = [];
    expect(stage.settle()[0]).toMatchObject({ from: 6, to: 3, reason: 'WindowClosed', cause: 'schedule' });
  });

  test('with a minimum names itself when it lets go of what another window had brought', () => {
    const stage = lunch(3);
    stage.metric('cpu@300', 20);
    stage.windows.push(stage.window('gala', undefined, 3, { minSize: 5 }));
    stage.settle();
    stage.pass(120);
    stage.windows = stage.windows.filter(({ name }) => name === 'gala');
    stage.settle();
    expect(stage.group.desired).toBe(5);
    stage.pass(60);
    stage.windows = [];
    expect(stage.settle()[0]).toMatchObject({
      to: 3,
      cause: 'schedule',
      message: "business 5 → 3: window 'gala' no longer holds it up (−2)",
    });
  });

  test('with a maximum lowers and lets go again', () => {
    const stage = lunch(8);
    stage.windows = [stage.window('freeze', undefined, 1, { maxSize: 4 })];
    expect(stage.settle()[0]).toMatchObject({ to: 4, reason: 'MaximumLowered', cause: 'schedule' });
    stage.pass(60);
    stage.windows = [];
    expect(stage.settle()[0]).toMatchObject({ from: 4, to: 8, reason: 'WindowClosed', cause: 'schedule' });
  });

  test('is quiet afterwards: the same ledger, so that nothing is written', () => {
    const stage = lunch(3);
    stage.settle();
    stage.look(sweep);
    expect(stage.decide().ledger).toBe(stage.ledger);
  });
});

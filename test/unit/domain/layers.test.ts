import { describe, expect, test } from 'vitest';
import { contributions } from '../../../shared/domain/contributions.ts';
import { changes, manual, Stage } from './stage.ts';

const high = {
  metric: 'cpu',
  comparisonOperator: 'GreaterThanThreshold',
  threshold: 70,
  period: 60,
  evaluationPeriods: 1,
  scalingAdjustment: 1,
  cooldown: 60,
};
const low = { ...high, comparisonOperator: 'LessThanThreshold', threshold: 30, scalingAdjustment: -1 };

/** A group that has settled, whose servers have nothing to do. */
function idle(group: object, desired: number): Stage {
  const stage = new Stage(group, desired);
  stage.metric('cpu@60', 1);
  stage.settle();
  return stage;
}

/** The group is followed: at least as many as the leader has. */
function led(stage: Stage, servers: number): void {
  stage.others = { ...stage.others, leader: { group: 'shop', desired: servers, inService: servers } };
  stage.settle();
}

function advised(stage: Stage, need: number): void {
  const keep = Math.min(need, stage.group.desired);
  stage.others = { ...stage.others, forecast: { need, keep, why: { key: 'noForecast' } } };
  stage.settle();
}

/** An alarm that is red for one look. */
function fires(stage: Stage, rule: string): void {
  stage.pass(10);
  stage.metric('cpu@60', rule === 'cpu-high' ? 80 : 1);
  stage.alarm(rule, 'ALARM');
  stage.settle();
  stage.alarm(rule, 'OK');
  stage.pass(10);
  stage.metric('cpu@60', 1);
}

describe("a window's grant is measured from what the group owns and was granted", () => {
  test('a floor does not eat it: own 1, a floor of 2, +2 makes 3 (it was 2)', () => {
    const stage = idle({ minSize: 1, maxSize: 3 }, 1);
    stage.windows = [stage.window('opening', undefined, 2, { minSize: 2 })];
    stage.settle();
    stage.windows = [...stage.windows, stage.window('lunch', 2, 1)];
    expect(changes(stage.settle())).toEqual([
      "business 2 → 3: window 'lunch' opened (+2, 1 of them there already)",
    ]);
  });

  test('a floor that closes at the same look does not eat it: own 2, 8, +4 makes 6 (it was 2)', () => {
    const stage = idle({ minSize: 1, maxSize: 8 }, 2);
    stage.windows = [stage.window('sale', undefined, 1, { minSize: 8 })];
    stage.settle();
    stage.pass(60);
    stage.windows = [stage.window('lunch', 4, 1)];
    expect(changes(stage.settle())).toEqual(["business 8 → 6: window 'sale' no longer holds it up (−2)"]);
    stage.pass(60);
    stage.windows = [];
    expect(changes(stage.settle())).toEqual(["business 6 → 2: window 'lunch' closed (−4)"]);
  });

  test('an objective does not eat it: it holds the maximum, +4, and then needs 3: 6 (it was 3)', () => {
    const stage = idle({ minSize: 1, maxSize: 8, objective: { unserved: '1%' } }, 2);
    advised(stage, 8);
    expect(stage.group.desired).toBe(8);
    stage.windows = [stage.window('lunch', 4, 1)];
    stage.settle();
    advised(stage, 3);
    expect(stage.group.desired).toBe(6);
    stage.pass(60);
    stage.windows = [];
    stage.settle();
    expect(stage.group.desired).toBe(3);
  });

  test('a leader does not eat it: own 2, led to 6, +3, the leader lets go: 5', () => {
    const stage = idle({ minSize: 1, maxSize: 10, follows: { group: 'shop', ratio: 1 } }, 2);
    led(stage, 6);
    stage.windows = [stage.window('lunch', 3, 1)];
    stage.settle();
    expect(stage.group.desired).toBe(6);
    led(stage, 2);
    expect(stage.group.desired).toBe(5);
  });

  test('takes no more than there is room for beside what is owned and granted', () => {
    const stage = idle({ minSize: 1, maxSize: 5 }, 2);
    stage.windows = [stage.window('opening', undefined, 2, { minSize: 5 }), stage.window('lunch', 2, 1)];
    stage.settle();
    stage.windows = [...stage.windows, stage.window('sale', 2, 1)];
    stage.settle();
    expect(stage.ledger?.grants.map(({ name, servers }) => `${name} ${servers}`)).toEqual([
      'lunch 2',
      'sale 1',
    ]);
  });
});

describe('a step on top of a floor is a step', () => {
  const alarms = { 'cpu-high': high, 'cpu-low': low };

  /** min 4, and a window's floor of 40. */
  function held(): Stage {
    const stage = idle({ minSize: 4, maxSize: 60, alarms }, 4);
    stage.windows = [stage.window('gala', undefined, 24, { minSize: 40 })];
    stage.settle();
    expect(stage.group.desired).toBe(40);
    return stage;
  }

  function letGo(stage: Stage): number {
    stage.windows = [];
    stage.pass(5);
    stage.metric('cpu@60', 1);
    stage.settle();
    return stage.group.desired;
  }

  test("an alarm's +1 on a floor of 40 is 41 while it stands, and 5 after it (it was 41 for ever)", () => {
    const stage = held();
    fires(stage, 'cpu-high');
    expect(stage.group.desired).toBe(41);
    expect(stage.ledger).toMatchObject({ base: 4, lifted: 1 });
    expect(letGo(stage)).toBe(5);
    expect(stage.ledger).toMatchObject({ base: 5, lifted: undefined });
  });

  test("a leader's 20, +1, the leader back at 2: 3 (it was 21 for ever)", () => {
    const stage = idle({ minSize: 1, maxSize: 60, alarms, follows: { group: 'shop', ratio: 1 } }, 2);
    led(stage, 20);
    fires(stage, 'cpu-high');
    expect(stage.group.desired).toBe(21);
    led(stage, 2);
    expect(stage.group.desired).toBe(3);
  });

  test('while the leader cannot be seen, the step waits on top, and is no part of what it holds', () => {
    const stage = idle({ minSize: 1, maxSize: 60, alarms, follows: { group: 'shop', ratio: 1 } }, 2);
    led(stage, 20);
    stage.others = { ...stage.others, leader: undefined };
    fires(stage, 'cpu-high');
    expect(stage.ledger).toMatchObject({ base: 2, lifted: 1 });
    led(stage, 20);
    expect(stage.group.desired).toBe(21);
    led(stage, 2);
    expect(stage.group.desired).toBe(3);
  });

  test("a person's +1 likewise, who is told what will be left of it", () => {
    const stage = held();
    expect(changes(stage.settle(manual({ kind: 'adjust', adjustment: 1 })))).toEqual([
      "business 40 → 41: +1 by alice (test); 5 once window 'gala' no longer holds it up",
    ]);
    expect(letGo(stage)).toBe(5);
  });

  test('a capacity that a person sets on top of a floor, too', () => {
    const stage = held();
    stage.settle(manual({ kind: 'set', desiredCapacity: 43 }, 'r1'));
    stage.settle(manual({ kind: 'set', desiredCapacity: 42 }, 'r2'));
    expect(stage.group.desired).toBe(42);
    expect(letGo(stage)).toBe(6);
  });

  test("an outside +1 likewise, and its −1 takes the step and not the group's own", () => {
    const stage = held();
    stage.setDesired(42);
    stage.settle();
    expect(stage.group.desired).toBe(42);
    stage.setDesired(41);
    stage.settle();
    expect(stage.ledger).toMatchObject({ base: 4, lifted: 1 });
    expect(letGo(stage)).toBe(5);
  });

  test('what is set from outside below a floor comes back, and is no part of the group afterwards', () => {
    const stage = held();
    stage.setDesired(38);
    stage.settle();
    expect(stage.group.desired).toBe(40);
    expect(letGo(stage)).toBe(4);
  });

  test('scale-in takes it first, and never what the floor holds', () => {
    const stage = held();
    fires(stage, 'cpu-high');
    fires(stage, 'cpu-high');
    expect(stage.group.desired).toBe(42);
    for (const left of [41, 40, 40]) {
      fires(stage, 'cpu-low');
      expect(stage.group.desired).toBe(left);
    }
    expect(stage.ledger).toMatchObject({ base: 4, lifted: undefined });
  });

  test('while a window is open, alarms leave alone what was lifted before it', () => {
    const stage = held();
    fires(stage, 'cpu-high');
    stage.windows = [...stage.windows, stage.window('lunch', 2, 12)];
    stage.settle();
    fires(stage, 'cpu-high');
    expect(stage.group.desired).toBe(42);
    for (let at = 0; at < 3; at++) fires(stage, 'cpu-low');
    expect(stage.group.desired).toBe(41);
    stage.windows = stage.windows.filter(({ name }) => name === 'lunch');
    stage.settle();
    expect(stage.group.desired).toBe(4 + 1 + 2);
    for (let at = 0; at < 3; at++) fires(stage, 'cpu-low');
    expect(stage.group.desired).toBe(4 + 1 + 2);
  });

  test('a step taken while the group still falls is one from where it falls to', () => {
    const stage = held();
    stage.group = { ...stage.group, suspended: ['terminating'] };
    expect(letGo(stage)).toBe(40);
    fires(stage, 'cpu-high');
    expect(stage.group.desired).toBe(41);
    stage.group = { ...stage.group, suspended: [] };
    expect(letGo(stage)).toBe(5);
  });

  test("on top of a target's need a step adds servers once, and the target takes them first", () => {
    const queued = { namespace: 'Shop', metricName: 'Queued', perServer: false };
    const targets = [{ metric: queued, targetValue: 10 }];
    const behavior = { scaleDown: { stabilizationWindowSeconds: 0 } };
    const stage = new Stage({ minSize: 2, maxSize: 60, targets, behavior }, 2);
    stage.metric(stage.policy.metrics[0]!.key, 200);
    stage.settle();
    expect(stage.group.desired).toBe(20);
    stage.settle(manual({ kind: 'adjust', adjustment: 2 }));
    expect(stage.group.desired).toBe(22);
    for (let at = 0; at < 5; at++) stage.settle();
    expect(stage.group.desired).toBe(22);
    expect(stage.ledger).toMatchObject({ base: 2, lifted: 2, tracked: { servers: 20 } });
    stage.metric(stage.policy.metrics[0]!.key, 190);
    stage.pass(5);
    stage.settle();
    expect(stage.ledger).toMatchObject({ base: 2, lifted: undefined, tracked: { servers: 19 } });
    expect(stage.group.desired).toBe(19);
  });

  test('is told as a layer of its own', () => {
    const stage = held();
    fires(stage, 'cpu-high');
    const { policy, ledger, observation, now } = stage;
    const lifted = { layer: 'lifted', by: 'business', servers: 1 };
    expect(contributions(policy, ledger, observation, now)).toContainEqual(lifted);
  });
});

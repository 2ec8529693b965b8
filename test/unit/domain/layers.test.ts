import { describe, expect, test } from 'vitest';
import { contributions } from '../../../shared/domain/contributions.ts';
import { changes, LoneGroup, manual } from '../../kit/lone-group.ts';

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
function idle(group: object, desired: number): LoneGroup {
  const lone = new LoneGroup(group, desired);
  lone.metric('cpu@60', 1);
  lone.settle();
  return lone;
}

/** The group is followed: at least as many as the leader has. */
function led(lone: LoneGroup, servers: number): void {
  lone.others = { ...lone.others, leader: { group: 'shop', desired: servers, inService: servers } };
  lone.settle();
}

function advised(lone: LoneGroup, need: number): void {
  const keep = Math.min(need, lone.group.desired);
  lone.others = { ...lone.others, forecast: { need, keep, why: { key: 'noForecast' } } };
  lone.settle();
}

/** An alarm that is red for one look. */
function fires(lone: LoneGroup, rule: string): void {
  lone.pass(10);
  lone.metric('cpu@60', rule === 'cpu-high' ? 80 : 1);
  lone.alarm(rule, 'ALARM');
  lone.settle();
  lone.alarm(rule, 'OK');
  lone.pass(10);
  lone.metric('cpu@60', 1);
}

describe("a window's grant is measured from what the group owns and was granted", () => {
  test('a floor does not eat it: own 1, a floor of 2, +2 makes 3 (it was 2)', () => {
    const lone = idle({ minSize: 1, maxSize: 3 }, 1);
    lone.windows = [lone.window('opening', undefined, 2, { minSize: 2 })];
    lone.settle();
    lone.windows = [...lone.windows, lone.window('lunch', 2, 1)];
    expect(changes(lone.settle())).toEqual([
      "business 2 → 3: window 'lunch' opened (+2, 1 of them there already)",
    ]);
  });

  test('a floor that closes at the same look does not eat it: own 2, 8, +4 makes 6 (it was 2)', () => {
    const lone = idle({ minSize: 1, maxSize: 8 }, 2);
    lone.windows = [lone.window('sale', undefined, 1, { minSize: 8 })];
    lone.settle();
    lone.pass(60);
    lone.windows = [lone.window('lunch', 4, 1)];
    expect(changes(lone.settle())).toEqual(["business 8 → 6: window 'sale' no longer holds it up (−2)"]);
    lone.pass(60);
    lone.windows = [];
    expect(changes(lone.settle())).toEqual(["business 6 → 2: window 'lunch' closed (−4)"]);
  });

  test('an objective does not eat it: it holds the maximum, +4, and then needs 3: 6 (it was 3)', () => {
    const lone = idle({ minSize: 1, maxSize: 8, objective: { unserved: '1%' } }, 2);
    advised(lone, 8);
    expect(lone.group.desired).toBe(8);
    lone.windows = [lone.window('lunch', 4, 1)];
    lone.settle();
    advised(lone, 3);
    expect(lone.group.desired).toBe(6);
    lone.pass(60);
    lone.windows = [];
    lone.settle();
    expect(lone.group.desired).toBe(3);
  });

  test('a leader does not eat it: own 2, led to 6, +3, the leader lets go: 5', () => {
    const lone = idle({ minSize: 1, maxSize: 10, follows: { group: 'shop', ratio: 1 } }, 2);
    led(lone, 6);
    lone.windows = [lone.window('lunch', 3, 1)];
    lone.settle();
    expect(lone.group.desired).toBe(6);
    led(lone, 2);
    expect(lone.group.desired).toBe(5);
  });

  test('takes no more than there is room for beside what is owned and granted', () => {
    const lone = idle({ minSize: 1, maxSize: 5 }, 2);
    lone.windows = [lone.window('opening', undefined, 2, { minSize: 5 }), lone.window('lunch', 2, 1)];
    lone.settle();
    lone.windows = [...lone.windows, lone.window('sale', 2, 1)];
    lone.settle();
    expect(lone.ledger?.grants.map(({ name, servers }) => `${name} ${servers}`)).toEqual([
      'lunch 2',
      'sale 1',
    ]);
  });
});

describe('a step on top of a floor is a step', () => {
  const alarms = { 'cpu-high': high, 'cpu-low': low };

  /** min 4, and a window's floor of 40. */
  function held(): LoneGroup {
    const lone = idle({ minSize: 4, maxSize: 60, alarms }, 4);
    lone.windows = [lone.window('gala', undefined, 24, { minSize: 40 })];
    lone.settle();
    expect(lone.group.desired).toBe(40);
    return lone;
  }

  function endFloor(lone: LoneGroup): number {
    lone.windows = [];
    lone.pass(5);
    lone.metric('cpu@60', 1);
    lone.settle();
    return lone.group.desired;
  }

  test("an alarm's +1 on a floor of 40 is 41 while it stands, and 5 after it (it was 41 for ever)", () => {
    const lone = held();
    fires(lone, 'cpu-high');
    expect(lone.group.desired).toBe(41);
    expect(lone.ledger).toMatchObject({ base: 4, lifted: 1 });
    expect(endFloor(lone)).toBe(5);
    expect(lone.ledger).toMatchObject({ base: 5, lifted: undefined });
  });

  test("a leader's 20, +1, the leader back at 2: 3 (it was 21 for ever)", () => {
    const lone = idle({ minSize: 1, maxSize: 60, alarms, follows: { group: 'shop', ratio: 1 } }, 2);
    led(lone, 20);
    fires(lone, 'cpu-high');
    expect(lone.group.desired).toBe(21);
    led(lone, 2);
    expect(lone.group.desired).toBe(3);
  });

  test('while the leader cannot be seen, the step waits on top, and is no part of what it holds', () => {
    const lone = idle({ minSize: 1, maxSize: 60, alarms, follows: { group: 'shop', ratio: 1 } }, 2);
    led(lone, 20);
    lone.others = { ...lone.others, leader: undefined };
    fires(lone, 'cpu-high');
    expect(lone.ledger).toMatchObject({ base: 2, lifted: 1 });
    led(lone, 20);
    expect(lone.group.desired).toBe(21);
    led(lone, 2);
    expect(lone.group.desired).toBe(3);
  });

  test("a person's +1 likewise, who is told what will be left of it", () => {
    const lone = held();
    expect(changes(lone.settle(manual({ kind: 'adjust', adjustment: 1 })))).toEqual([
      "business 40 → 41: +1 by alice (test); 5 once window 'gala' no longer holds it up",
    ]);
    expect(endFloor(lone)).toBe(5);
  });

  test('a capacity that a person sets on top of a floor, too', () => {
    const lone = held();
    lone.settle(manual({ kind: 'set', desiredCapacity: 43 }, 'r1'));
    lone.settle(manual({ kind: 'set', desiredCapacity: 42 }, 'r2'));
    expect(lone.group.desired).toBe(42);
    expect(endFloor(lone)).toBe(6);
  });

  test("an outside +1 likewise, and its −1 takes the step and not the group's own", () => {
    const lone = held();
    lone.setDesired(42);
    lone.settle();
    expect(lone.group.desired).toBe(42);
    lone.setDesired(41);
    lone.settle();
    expect(lone.ledger).toMatchObject({ base: 4, lifted: 1 });
    expect(endFloor(lone)).toBe(5);
  });

  test('what is set from outside below a floor comes back, and is no part of the group afterwards', () => {
    const lone = held();
    lone.setDesired(38);
    lone.settle();
    expect(lone.group.desired).toBe(40);
    expect(endFloor(lone)).toBe(4);
  });

  test('scale-in takes it first, and never what the floor holds', () => {
    const lone = held();
    fires(lone, 'cpu-high');
    fires(lone, 'cpu-high');
    expect(lone.group.desired).toBe(42);
    for (const left of [41, 40, 40]) {
      fires(lone, 'cpu-low');
      expect(lone.group.desired).toBe(left);
    }
    expect(lone.ledger).toMatchObject({ base: 4, lifted: undefined });
  });

  test('while a window is open, alarms leave alone what was lifted before it', () => {
    const lone = held();
    fires(lone, 'cpu-high');
    lone.windows = [...lone.windows, lone.window('lunch', 2, 12)];
    lone.settle();
    fires(lone, 'cpu-high');
    expect(lone.group.desired).toBe(42);
    for (let at = 0; at < 3; at++) fires(lone, 'cpu-low');
    expect(lone.group.desired).toBe(41);
    lone.windows = lone.windows.filter(({ name }) => name === 'lunch');
    lone.settle();
    expect(lone.group.desired).toBe(4 + 1 + 2);
    for (let at = 0; at < 3; at++) fires(lone, 'cpu-low');
    expect(lone.group.desired).toBe(4 + 1 + 2);
  });

  test('a step taken while the group still falls is one from where it falls to', () => {
    const lone = held();
    lone.group = { ...lone.group, suspended: ['terminating'] };
    expect(endFloor(lone)).toBe(40);
    fires(lone, 'cpu-high');
    expect(lone.group.desired).toBe(41);
    lone.group = { ...lone.group, suspended: [] };
    expect(endFloor(lone)).toBe(5);
  });

  test("on top of a target's need a step adds servers once, and the target takes them first", () => {
    const queued = { namespace: 'Shop', metricName: 'Queued', perServer: false };
    const targets = [{ metric: queued, targetValue: 10 }];
    const behavior = { scaleDown: { stabilizationWindowSeconds: 0 } };
    const lone = new LoneGroup({ minSize: 2, maxSize: 60, targets, behavior }, 2);
    lone.metric(lone.policy.metrics[0]!.key, 200);
    lone.settle();
    expect(lone.group.desired).toBe(20);
    lone.settle(manual({ kind: 'adjust', adjustment: 2 }));
    expect(lone.group.desired).toBe(22);
    for (let at = 0; at < 5; at++) lone.settle();
    expect(lone.group.desired).toBe(22);
    expect(lone.ledger).toMatchObject({ base: 2, lifted: 2, tracked: { servers: 20 } });
    lone.metric(lone.policy.metrics[0]!.key, 190);
    lone.pass(5);
    lone.settle();
    expect(lone.ledger).toMatchObject({ base: 2, lifted: undefined, tracked: { servers: 19 } });
    expect(lone.group.desired).toBe(19);
  });

  test('is told as a layer of its own', () => {
    const lone = held();
    fires(lone, 'cpu-high');
    const { policy, ledger, observation, now } = lone;
    const lifted = { layer: 'lifted', by: 'business', servers: 1 };
    expect(contributions(policy, ledger, observation, now)).toContainEqual(lifted);
  });
});

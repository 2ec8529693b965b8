import { describe, expect, test } from 'vitest';
import type { OpenWindow } from '../../../shared/domain/observation.ts';
import { changes, LoneGroup, manual, minute } from '../../kit/lone-group.ts';

const cpu = { metric: 'cpu', period: 300, evaluationPeriods: 3 };
const alarms = {
  'cpu-high': { ...cpu, comparisonOperator: 'GreaterThanThreshold', threshold: 70, scalingAdjustment: 2 },
  'cpu-low': { ...cpu, comparisonOperator: 'LessThanThreshold', threshold: 30, scalingAdjustment: -1 },
};

/** At 3 of 10 servers, when the first window opens for an hour. */
function opened(boost: number, group: object = {}, desired = 3): { lone: LoneGroup; first: OpenWindow } {
  const lone = new LoneGroup({ minSize: 2, maxSize: 10, alarms, ...group }, desired);
  lone.metric('cpu@300', 40);
  lone.settle();
  const first = lone.window('monday', boost, 1);
  lone.windows = [first];
  lone.settle();
  lone.pass(60);
  return { lone, first };
}

describe('a window that opens when another closes', () => {
  test('takes over its servers: none is terminated to launch another', () => {
    const { lone } = opened(2);
    lone.windows = [lone.window('tuesday', 2, 1)];
    const decisions = lone.settle();
    expect(changes(decisions)).toEqual([]);
    expect(decisions[0]).toMatchObject({
      reason: 'WindowOpened',
      message: "business stays at 5: window 'tuesday' opened (+2) and takes over 2 from window 'monday'",
    });
    lone.pass(60);
    lone.windows = [];
    expect(changes(lone.settle())).toEqual(["business 5 → 3: window 'tuesday' closed (−2)"]);
  });

  test('takes over its own servers from its occurrence before', () => {
    const { lone } = opened(2);
    for (let day = 0; day < 3; day++) {
      lone.windows = [lone.window('monday', 2, 1)];
      expect(changes(lone.settle())).toEqual([]);
      lone.pass(60);
    }
    lone.windows = [];
    lone.settle();
    expect(lone.group.desired).toBe(3);
  });

  test('adds what it asks for beyond that, and says whose the others were', () => {
    const { lone } = opened(2);
    lone.windows = [lone.window('sale', 3, 1)];
    expect(changes(lone.settle())).toEqual([
      "business 5 → 6: window 'sale' opened (+3, 2 from window 'monday')",
    ]);
  });

  test('finds room at the maximum in what the other gives back', () => {
    const { lone } = opened(2, {}, 8);
    lone.windows = [lone.window('sale', 3, 1)];
    expect(lone.settle()[0]?.message).toBe(
      "business stays at 10: window 'sale' opened (+3) and takes over 2 from window 'monday', 3 were asked for",
    );
    expect(lone.group.desired).toBe(10);
    lone.pass(60);
    lone.windows = [];
    lone.settle();
    expect(lone.group.desired).toBe(8);
  });

  test('takes over what a bump gives back', () => {
    const { lone } = opened(2);
    lone.pass(-30);
    lone.settle(manual({ kind: 'adjust', adjustment: 1, forSeconds: 1800 }));
    lone.pass(30);
    lone.windows = [lone.window('sale', 3, 1)];
    expect(lone.settle()[0]?.message).toBe(
      "business stays at 6: window 'sale' opened (+3) and takes over 3 from window 'monday' and the bump by alice",
    );
  });

  test('keeps for itself what it cannot complete yet, while launches are suspended', () => {
    const { lone } = opened(2);
    lone.group = { ...lone.group, suspended: ['launching'] };
    lone.windows = [lone.window('sale', 3, 1)];
    expect(changes(lone.settle())).toEqual([]);
    expect(lone.decide()).toMatchObject({ to: 5, reason: 'ProcessSuspended' });
    lone.group = { ...lone.group, suspended: [] };
    expect(changes(lone.settle())).toEqual([
      "business 5 → 6: window 'sale' opened (+3, 2 from window 'monday')",
    ]);
  });

  test('leaves to alarms what they have added since the first of them opened', () => {
    const { lone } = opened(2);
    lone.alarm('cpu-high', 'ALARM');
    lone.settle();
    expect(lone.group.desired).toBe(7);
    lone.alarm('cpu-high', 'OK');
    lone.windows = [lone.window('tuesday', 2, 1)];
    lone.settle();
    lone.pass(20);
    lone.metric('cpu@300', 10);
    lone.alarm('cpu-low', 'ALARM');
    lone.settle();
    expect(lone.group.desired).toBe(6);
  });
});

describe('a window whose end is moved in the fleet file', () => {
  const later = (window: OpenWindow, minutes: number) => ({ ...window, end: window.end + minutes * minute });

  test('stays open until its new end', () => {
    const { lone, first } = opened(2);
    lone.pass(-10);
    lone.windows = [later(first, 90)];
    expect(lone.settle()[0]?.message).toBe("business stays at 5: window 'monday' is open until 06:30 now");
    lone.pass(60);
    expect(changes(lone.settle())).toEqual([]);
    lone.pass(40);
    lone.windows = [];
    expect(changes(lone.settle())).toEqual(["business 5 → 3: window 'monday' closed (−2)"]);
  });

  test('closes at its new end, if that is earlier', () => {
    const { lone, first } = opened(2);
    lone.pass(-30);
    lone.windows = [later(first, -10)];
    lone.settle();
    lone.pass(20);
    expect(changes(lone.settle())).toEqual(["business 5 → 3: window 'monday' closed (−2)"]);
  });

  test('does not open again when it has closed already, neither at once nor later', () => {
    const { lone, first } = opened(2);
    lone.windows = [];
    lone.settle();
    lone.windows = [later(first, 300)];
    for (const hour of [1, 2, 3]) {
      expect(changes(lone.settle())).toEqual([]);
      lone.pass(60);
      expect(changes(lone.settle(manual({ kind: 'adjust', adjustment: 1 }, `r${hour}`)))).toHaveLength(1);
    }
  });
});

test('alarms leave what a window has found, also of a group whose minimum holds it above its own base', () => {
  const cpuLow = {
    ...{ metric: 'cpu', period: 300, evaluationPeriods: 3, scalingAdjustment: -2 },
    ...{ comparisonOperator: 'LessThanThreshold', threshold: 30 },
  };
  const follows = { group: 'shop', ratio: 1 };
  const lone = new LoneGroup({ minSize: 1, maxSize: 20, follows, alarms: { 'cpu-low': cpuLow } }, 9);
  lone.metric('cpu@300', 5);
  const lead = (desired: number) => {
    lone.others = { ...lone.others, leader: { group: 'shop', desired, inService: desired } };
  };
  lead(6);
  lone.settle();
  lone.ledger = { ...lone.ledger!, base: 0, lifted: 3 };
  lone.windows = [lone.window('lunch', 1, 2)];
  lone.settle();
  const { base, lifted = 0 } = lone.ledger!;
  expect({ base, lifted, grant: lone.ledger!.grants[0]?.base }).toEqual({ base: 0, lifted: 3, grant: 3 });
  lead(5);
  lone.alarm('cpu-low', 'ALARM');
  lone.settle();
  expect(lone.ledger!.base + (lone.ledger!.lifted ?? 0)).toBe(3);
});

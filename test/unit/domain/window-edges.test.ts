import { describe, expect, test } from 'vitest';
import type { OpenWindow } from '../../../shared/domain/observation.ts';
import { changes, manual, minute, Stage } from './stage.ts';

const cpu = { metric: 'cpu', period: 300, evaluationPeriods: 3 };
const alarms = {
  'cpu-high': { ...cpu, comparisonOperator: 'GreaterThanThreshold', threshold: 70, scalingAdjustment: 2 },
  'cpu-low': { ...cpu, comparisonOperator: 'LessThanThreshold', threshold: 30, scalingAdjustment: -1 },
};

/** At 3 of 10 servers, when the first window opens for an hour. */
function opened(boost: number, group: object = {}, desired = 3): { stage: Stage; first: OpenWindow } {
  const stage = new Stage({ minSize: 2, maxSize: 10, alarms, ...group }, desired);
  stage.metric('cpu@300', 40);
  stage.settle();
  const first = stage.window('monday', boost, 1);
  stage.windows = [first];
  stage.settle();
  stage.pass(60);
  return { stage, first };
}

describe('a window that opens when another closes', () => {
  test('takes over its servers: none is terminated to launch another', () => {
    const { stage } = opened(2);
    stage.windows = [stage.window('tuesday', 2, 1)];
    const decisions = stage.settle();
    expect(changes(decisions)).toEqual([]);
    expect(decisions[0]).toMatchObject({
      reason: 'WindowOpened',
      message: "business stays at 5: window 'tuesday' opened (+2) and takes over 2 from window 'monday'",
    });
    stage.pass(60);
    stage.windows = [];
    expect(changes(stage.settle())).toEqual(["business 5 → 3: window 'tuesday' closed (−2)"]);
  });

  test('takes over its own servers from its occurrence before', () => {
    const { stage } = opened(2);
    for (let day = 0; day < 3; day++) {
      stage.windows = [stage.window('monday', 2, 1)];
      expect(changes(stage.settle())).toEqual([]);
      stage.pass(60);
    }
    stage.windows = [];
    stage.settle();
    expect(stage.group.desired).toBe(3);
  });

  test('adds what it asks for beyond that, and says whose the others were', () => {
    const { stage } = opened(2);
    stage.windows = [stage.window('sale', 3, 1)];
    expect(changes(stage.settle())).toEqual([
      "business 5 → 6: window 'sale' opened (+3, 2 from window 'monday')",
    ]);
  });

  test('finds room at the maximum in what the other gives back', () => {
    const { stage } = opened(2, {}, 8);
    stage.windows = [stage.window('sale', 3, 1)];
    expect(stage.settle()[0]?.message).toBe(
      "business stays at 10: window 'sale' opened (+3) and takes over 2 from window 'monday', 3 were asked for",
    );
    expect(stage.group.desired).toBe(10);
    stage.pass(60);
    stage.windows = [];
    stage.settle();
    expect(stage.group.desired).toBe(8);
  });

  test('takes over what a bump gives back', () => {
    const { stage } = opened(2);
    stage.pass(-30);
    stage.settle(manual({ kind: 'adjust', adjustment: 1, forSeconds: 1800 }));
    stage.pass(30);
    stage.windows = [stage.window('sale', 3, 1)];
    expect(stage.settle()[0]?.message).toBe(
      "business stays at 6: window 'sale' opened (+3) and takes over 3 from window 'monday' and the bump by alice",
    );
  });

  test('keeps for itself what it cannot complete yet, while launches are suspended', () => {
    const { stage } = opened(2);
    stage.group = { ...stage.group, suspended: ['launching'] };
    stage.windows = [stage.window('sale', 3, 1)];
    expect(changes(stage.settle())).toEqual([]);
    expect(stage.decide()).toMatchObject({ to: 5, reason: 'ProcessSuspended' });
    stage.group = { ...stage.group, suspended: [] };
    expect(changes(stage.settle())).toEqual([
      "business 5 → 6: window 'sale' opened (+3, 2 from window 'monday')",
    ]);
  });

  test('leaves to alarms what they have added since the first of them opened', () => {
    const { stage } = opened(2);
    stage.alarm('cpu-high', 'ALARM');
    stage.settle();
    expect(stage.group.desired).toBe(7);
    stage.alarm('cpu-high', 'OK');
    stage.windows = [stage.window('tuesday', 2, 1)];
    stage.settle();
    stage.pass(20);
    stage.metric('cpu@300', 10);
    stage.alarm('cpu-low', 'ALARM');
    stage.settle();
    expect(stage.group.desired).toBe(6);
  });
});

describe('a window whose end is moved in the fleet file', () => {
  const later = (window: OpenWindow, minutes: number) => ({ ...window, end: window.end + minutes * minute });

  test('stays open until its new end', () => {
    const { stage, first } = opened(2);
    stage.pass(-10);
    stage.windows = [later(first, 90)];
    expect(stage.settle()[0]?.message).toBe("business stays at 5: window 'monday' is open until 06:30 now");
    stage.pass(60);
    expect(changes(stage.settle())).toEqual([]);
    stage.pass(40);
    stage.windows = [];
    expect(changes(stage.settle())).toEqual(["business 5 → 3: window 'monday' closed (−2)"]);
  });

  test('closes at its new end, if that is earlier', () => {
    const { stage, first } = opened(2);
    stage.pass(-30);
    stage.windows = [later(first, -10)];
    stage.settle();
    stage.pass(20);
    expect(changes(stage.settle())).toEqual(["business 5 → 3: window 'monday' closed (−2)"]);
  });

  test('does not open again when it has closed already, neither at once nor later', () => {
    const { stage, first } = opened(2);
    stage.windows = [];
    stage.settle();
    stage.windows = [later(first, 300)];
    for (const hour of [1, 2, 3]) {
      expect(changes(stage.settle())).toEqual([]);
      stage.pass(60);
      expect(changes(stage.settle(manual({ kind: 'adjust', adjustment: 1 }, `r${hour}`)))).toHaveLength(1);
    }
  });
});

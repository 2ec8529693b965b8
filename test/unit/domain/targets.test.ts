import { describe, expect, test } from 'vitest';
import type { Forecast } from '../../../shared/domain/observation.ts';
import { changes, manual, minute, Stage } from './stage.ts';

const noStabilization = { scaleDown: { stabilizationWindowSeconds: 0 } };

function tracking(desired: number, group: object = {}): Stage {
  const targets = [{ metric: 'cpu', targetValue: 70 }];
  const stage = new Stage({ minSize: 1, maxSize: 20, targets, behavior: noStabilization, ...group }, desired);
  stage.metric('cpu@60', 70);
  stage.look();
  return stage;
}

describe('target tracking', () => {
  test('scales out to what the load needs, and says so', () => {
    const stage = tracking(5);
    stage.metric('cpu@60', 98);
    expect(stage.look()[0]).toMatchObject({
      to: 7,
      reason: 'TargetScaleOut',
      cause: 'metric',
      message: 'business 5 → 7: cpu is 98 (target 70), which needs 7',
    });
  });

  test('scales in and draws base down to what the load needs', () => {
    const stage = tracking(6);
    stage.metric('cpu@60', 35);
    expect(stage.settle()[0]).toMatchObject({ to: 3, reason: 'TargetScaleIn', cause: 'metric' });
    expect(stage.ledger).toMatchObject({ base: 3, tracked: { servers: 3 } });
  });

  test('stays within the tolerance of each direction', () => {
    const stage = tracking(10, { behavior: { scaleUp: { tolerance: 0.05 }, scaleDown: { tolerance: 0.2 } } });
    stage.metric('cpu@60', 73);
    expect(stage.decide()).toMatchObject({ to: 10, reason: 'WithinTolerance' });
    stage.metric('cpu@60', 75);
    expect(stage.decide().to).toBe(11);
    stage.metric('cpu@60', 57);
    expect(stage.decide()).toMatchObject({ to: 10, reason: 'WithinTolerance' });
  });

  test('of several metrics the one that needs most wins', () => {
    const stage = tracking(4, {
      targets: [
        { metric: 'cpu', targetValue: 70 },
        { metric: 'memory', targetValue: 80 },
      ],
    });
    stage.metric('memory@60', 120);
    expect(changes(stage.look())).toEqual(['business 4 → 6: memory is 120 (target 80), which needs 6']);
  });

  test('scales out on one metric while another is missing, but never in', () => {
    const stage = tracking(4, {
      targets: [
        { metric: 'cpu', targetValue: 70 },
        { metric: 'memory', targetValue: 80 },
      ],
    });
    stage.metric('cpu@60', 105);
    expect(stage.decide().to).toBe(6);
    stage.metric('cpu@60', 10);
    expect(stage.decide()).toMatchObject({ to: 4 });
    stage.metrics = { ...stage.metrics, 'memory@60': { known: false, why: 'failed' } };
    expect(stage.decide()).toMatchObject({
      reason: 'MetricMissing',
      message: 'business stays at 4: memory is unknown',
    });
    expect(stage.decide().ledger.tracked).toEqual(stage.ledger?.tracked);
  });

  test('counts servers that are not warm yet as idle', () => {
    const stage = tracking(4);
    stage.metric('cpu@60', 105);
    stage.settle();
    expect(stage.group.desired).toBe(6);
    // The two that have just come do not count: 4 × 110 % is the load of 6.3, not of 9.4.
    stage.metric('cpu@60', 110);
    expect(stage.decide().to).toBe(6);
    stage.pass(3);
    stage.metric('cpu@60', 110);
    expect(stage.decide().to).toBe(10);
  });

  test('counts servers as idle while their scale-out is not complete, but not those that came beside one that never does', () => {
    const stage = tracking(3);
    stage.group = { ...stage.group, trafficSources: ['tg'] };
    stage.others = { ...stage.others, healthy: new Set(stage.group.servers.map(({ id }) => id)) };
    stage.metric('cpu@60', 140);
    stage.look();
    expect(stage.group.desired).toBe(6);
    stage.arrive();
    stage.pass(2);
    stage.metric('cpu@60', 140);
    expect(stage.decide().to).toBe(6);
    stage.pass(3);
    stage.metric('cpu@60', 105);
    expect(stage.decide().to).toBe(9);
  });

  test('learns nothing wrong as its servers arrive, though another metric is unknown', () => {
    const stage = tracking(4, {
      targets: [
        { metric: 'cpu', targetValue: 70 },
        { metric: 'memory', targetValue: 80 },
      ],
    });
    stage.metric('cpu@60', 105);
    stage.settle();
    stage.settle();
    expect(stage.group.desired).toBe(6);
  });

  test('holds a scale-in back for the stabilization window', () => {
    const stage = tracking(6, { behavior: {} });
    stage.metric('cpu@60', 35);
    expect(stage.look()[0]).toMatchObject({ to: 6, reason: 'Stabilizing' });
    stage.pass(4);
    expect(stage.look().at(-1)?.reason).toBe('Stabilizing');
    stage.pass(1);
    expect(stage.look()[0]?.to).toBe(4);
  });

  describe('takes a server only where those that stay have the tolerance to spare', () => {
    /** @returns the capacity that it goes to once the stabilization window is over */
    function reached(desired: number, cpu: number, scaleDown?: object): number {
      const stage = tracking(desired, { behavior: scaleDown ? { scaleDown } : {} });
      stage.metric('cpu@60', cpu);
      stage.look();
      stage.pass(5);
      stage.look();
      return stage.group.desired;
    }

    test.each([
      ['one of two at 45 % would have 90 %', 2, 31.5, 1],
      ['one of two at 46 % would have 92 %', 2, 32.2, 2],
      ['nine of ten at 81 % would have 90 %', 10, 56.7, 9],
      ['nine of ten at 82 % would have 91 %', 10, 57.4, 10],
    ])('%s of the target', (_, desired, cpu, expected) => {
      expect(reached(desired, cpu)).toBe(expected);
    });

    test('says so', () => {
      const stage = tracking(10, { behavior: {} });
      stage.metric('cpu@60', 57.4);
      expect(stage.decide()).toMatchObject({
        reason: 'WithinTolerance',
        message: 'business stays at 10: cpu is 57.4 (target 70), which needs 10 with 10% to spare',
      });
    });

    test('but to the letter where the file writes behavior.scaleDown itself, as an HPA does', () => {
      expect(reached(2, 32.2, {})).toBe(1);
      expect(reached(10, 57.4, { stabilizationWindowSeconds: 0 })).toBe(9);
      expect(reached(10, 57.4, { headroom: true })).toBe(10);
    });

    test('of a fleet total, too, and one that is not 0 still wakes a group of none', () => {
      const queued = {
        namespace: 'Shop',
        metricName: 'Queued',
        dimensions: {},
        statistic: 'Sum',
        perServer: false,
      };
      const stage = new Stage({ minSize: 0, targets: [{ metric: queued, targetValue: 10 }] }, 4);
      const key = stage.policy.metrics[0]!.key;
      for (const [value, expected] of [
        [27, 3],
        [18.1, 3],
        [18, 2],
        [0, 0],
        [0.5, 1],
      ] as const) {
        stage.metric(key, value);
        stage.settle();
        stage.pass(6);
        stage.settle();
        expect([value, stage.group.desired]).toEqual([value, expected]);
      }
    });
  });

  test('calls for no server because one has just left, whose share of the newest period nobody knows', () => {
    const stage = tracking(3);
    stage.metric('cpu@60', 35);
    stage.settle();
    expect(stage.group.desired).toBe(2);
    // The period in which it left: two servers had 52 % for nearly all of it.
    stage.metric('cpu@60', 52, stage.now - 1000);
    stage.pass(1);
    expect(stage.decide().to).toBe(2);
    // One that ended before is the load of three: the two have 81 %.
    stage.metric('cpu@60', 54, stage.now - 2 * minute);
    expect(stage.decide().to).toBe(3);
  });

  test('holds what it finds for the stabilization window, at first contact and when the ledger was lost', () => {
    const stage = new Stage({ minSize: 3, maxSize: 20, targets: [{ metric: 'cpu', targetValue: 70 }] }, 16);
    for (const _ of ['first contact', 'a lost ledger']) {
      stage.ledger = undefined;
      stage.metric('cpu@60', 7);
      stage.settle();
      expect(stage.decide()).toMatchObject({ to: 16, reason: 'Stabilizing' });
      stage.pass(4);
      stage.settle();
    }
    expect(stage.group.desired).toBe(16);
    stage.pass(1);
    stage.metric('cpu@60', 7);
    stage.settle();
    expect(stage.group.desired).toBe(3);
  });

  test('keeps to the pace of behavior.scaleDown', () => {
    const policies = [{ type: 'Percent', value: 50, periodSeconds: 60 }];
    const scaleDown = { stabilizationWindowSeconds: 0, policies };
    const stage = tracking(9, { behavior: { scaleDown } });
    stage.metric('cpu@60', 7);
    expect(stage.settle()[0]).toMatchObject({ to: 4, reason: 'TargetScaleIn' });
    stage.metric('cpu@60', 7);
    expect(stage.decide().blockers.map(({ code }) => code)).toContain('RateLimited');
    stage.pass(1);
    expect(stage.decide().to).toBe(2);
  });

  test('never scales in where that is disabled, and people still can', () => {
    const targets = [{ metric: 'cpu', targetValue: 70, disableScaleIn: true }];
    const stage = tracking(4, { targets });
    stage.metric('cpu@60', 140);
    stage.settle();
    expect(stage.group.desired).toBe(8);
    expect(stage.ledger?.base).toBe(8);
    stage.pass(30);
    stage.metric('cpu@60', 7);
    expect(stage.look()[0]).toMatchObject({ to: 8, reason: 'ScalingDisabled' });
    stage.settle(manual({ kind: 'set', desiredCapacity: 5 }));
    expect(stage.group.desired).toBe(5);
  });

  test('says so when it needs more than there may be', () => {
    const stage = tracking(20);
    stage.metric('cpu@60', 140);
    expect(stage.decide()).toMatchObject({ to: 20, reason: 'AtMaximum' });
  });

  test('shares a fleet total among the servers, and wakes a group that has none', () => {
    const metric = { namespace: 'Jobs', metricName: 'Queued', perServer: false };
    const stage = new Stage(
      { minSize: 0, maxSize: 20, instances: ['i-0123456789abcdef0'], targets: [{ metric, targetValue: 50 }] },
      0,
    );
    const key = stage.policy.metrics[0]!.key;
    stage.ledger = stage.decide().ledger;
    stage.group = { ...stage.group, suspended: [] };
    stage.metric(key, 201);
    stage.settle();
    stage.settle();
    expect(stage.group.desired).toBe(5);
  });

  test('leaves a window its servers on top, and lets it give them back', () => {
    const stage = tracking(5);
    stage.windows = [stage.window('lunch', 2, 2)];
    stage.settle();
    expect(stage.group.desired).toBe(7);
    stage.pass(10);
    stage.metric('cpu@60', 50);
    stage.settle();
    expect(stage.group.desired).toBe(7);
    stage.pass(120);
    stage.windows = [];
    stage.metric('cpu@60', 45);
    stage.settle();
    expect(stage.group.desired).toBe(5);
  });
});

describe('an objective', () => {
  const keeps = (need: number | undefined, keep = need): Forecast => {
    return { need, keep, why: { key: 'noForecast' } };
  };

  function promised(desired: number): Stage {
    const stage = new Stage({ maxSize: 20, objective: { unserved: '0.1%' } }, desired);
    stage.others = { ...stage.others, forecast: keeps(desired) };
    stage.look();
    return stage;
  }

  test('scales out to what it needs and in to what it keeps', () => {
    const stage = promised(5);
    stage.others = { ...stage.others, forecast: keeps(7) };
    expect(stage.settle()[0]).toMatchObject({ to: 7, reason: 'ObjectiveScaleOut', cause: 'forecast' });
    stage.pass(10);
    stage.others = { ...stage.others, forecast: keeps(4, 5) };
    expect(stage.settle()[0]).toMatchObject({ to: 5, reason: 'ObjectiveScaleIn', cause: 'forecast' });
    expect(stage.ledger).toMatchObject({ base: 5 });
  });

  test('holds while it cannot tell, and within its patience', () => {
    const stage = promised(5);
    stage.others = { ...stage.others, forecast: keeps(undefined) };
    expect(stage.decide().to).toBe(5);
    stage.others = { ...stage.others, forecast: keeps(5, 4) };
    expect(stage.decide()).toMatchObject({ to: 5, reason: 'WithinTolerance' });
  });
});

describe('a forecast', () => {
  test('is a floor', () => {
    const stage = new Stage({ forecast: {} }, 3);
    stage.look();
    stage.others = { ...stage.others, forecast: { need: 6, keep: 6, why: { key: 'noForecast' } } };
    expect(stage.settle()[0]).toMatchObject({ to: 6, reason: 'ObjectiveScaleOut', cause: 'forecast' });
    stage.others = { ...stage.others, forecast: { need: 2, keep: 2, why: { key: 'noForecast' } } };
    expect(stage.settle()[0]).toMatchObject({ to: 3, reason: 'ObjectiveScaleIn', cause: 'forecast' });
  });
});

describe('a group that follows another', () => {
  function following(desired: number): Stage {
    const stage = new Stage({ follows: { group: 'shop', ratio: 0.5 } }, desired);
    stage.others = { ...stage.others, leader: { group: 'shop', desired: 4, inService: 4 } };
    stage.look();
    return stage;
  }

  test('goes out before its leader has arrived, and in only after it has left', () => {
    const stage = following(2);
    stage.others = { ...stage.others, leader: { group: 'shop', desired: 9, inService: 4 } };
    expect(stage.settle()[0]).toMatchObject({ to: 5, reason: 'LeaderScaleOut', cause: 'leader' });
    stage.others = { ...stage.others, leader: { group: 'shop', desired: 4, inService: 9 } };
    expect(stage.decide().to).toBe(5);
    stage.others = { ...stage.others, leader: { group: 'shop', desired: 4, inService: 4 } };
    expect(stage.settle()[0]).toMatchObject({ to: 2, reason: 'LeaderScaleIn', cause: 'leader' });
  });

  test('gets no server from a ratio that floating point cannot say', () => {
    const stage = new Stage({ maxSize: 20, follows: { group: 'shop', ratio: 0.07 } }, 3);
    stage.others = { ...stage.others, leader: { group: 'shop', desired: 100, inService: 100 } };
    stage.settle();
    expect(stage.group.desired).toBe(7);
  });

  test('does not scale in while its leader cannot be seen', () => {
    const stage = following(2);
    stage.settle(manual({ kind: 'adjust', adjustment: 2, forSeconds: 60 }));
    stage.pass(1);
    stage.others = { ...stage.others, leader: undefined };
    stage.look();
    expect(stage.decide()).toMatchObject({ to: 4, reason: 'MetricMissing' });
  });
});

test('recommendations are remembered without a write for each look', () => {
  const stage = tracking(6, { behavior: {} });
  for (let at = 0; at < 5; at++) {
    stage.now += minute;
    stage.metric('cpu@60', 70 + (at % 2));
    stage.look();
  }
  expect(stage.decide().ledger).toBe(stage.ledger);
  expect(stage.ledger?.recommendations).toHaveLength(1);
});

import { describe, expect, test } from 'vitest';
import type { Forecast } from '../../../shared/domain/observation.ts';
import { changes, LoneGroup, manual, minute } from '../../kit/lone-group.ts';

const noStabilization = { scaleDown: { stabilizationWindowSeconds: 0 } };

function tracking(desired: number, group: object = {}): LoneGroup {
  const targets = [{ metric: 'cpu', targetValue: 70 }];
  const lone = new LoneGroup(
    { minSize: 1, maxSize: 20, targets, behavior: noStabilization, ...group },
    desired,
  );
  lone.metric('cpu@60', 70);
  lone.look();
  return lone;
}

describe('target tracking', () => {
  test('scales out to what the load needs, and says so', () => {
    const lone = tracking(5);
    lone.metric('cpu@60', 98);
    expect(lone.look()[0]).toMatchObject({
      to: 7,
      reason: 'TargetScaleOut',
      cause: 'metric',
      message: 'business 5 → 7: cpu is 98 (target 70), which needs 7',
    });
  });

  test('scales in and draws base down to what the load needs', () => {
    const lone = tracking(6);
    lone.metric('cpu@60', 35);
    expect(lone.settle()[0]).toMatchObject({ to: 3, reason: 'TargetScaleIn', cause: 'metric' });
    expect(lone.ledger).toMatchObject({ base: 3, tracked: { servers: 3 } });
  });

  test.each([
    ['out', 'MetricMissing'],
    ['in', 'GroupPaused'],
    ['both', 'GroupPaused'],
  ] as const)(
    'where %s is paused and nobody can tell what it needs, too many stay for this reason: %s',
    (direction, reason) => {
      const lone = tracking(6);
      lone.look(manual({ kind: 'pause', direction }));
      lone.metrics = { 'cpu@60': { known: false, why: 'failed' } };
      const asked = { tracked: { servers: 0, by: 'metric' }, base: 1 } as const;
      const who = { kind: 'metric', name: 'cpu' } as const;
      lone.ledger = { ...lone.ledger!, ...asked, heldBy: { cause: 'metric', who } };
      expect(lone.decide()).toMatchObject({ to: 6, reason });
    },
  );

  test('stays within the tolerance of each direction', () => {
    const lone = tracking(10, { behavior: { scaleUp: { tolerance: 0.05 }, scaleDown: { tolerance: 0.2 } } });
    lone.metric('cpu@60', 73);
    expect(lone.decide()).toMatchObject({ to: 10, reason: 'WithinTolerance' });
    lone.metric('cpu@60', 75);
    expect(lone.decide().to).toBe(11);
    lone.metric('cpu@60', 57);
    expect(lone.decide()).toMatchObject({ to: 10, reason: 'WithinTolerance' });
  });

  test('of several metrics the one that needs most wins', () => {
    const lone = tracking(4, {
      targets: [
        { metric: 'cpu', targetValue: 70 },
        { metric: 'memory', targetValue: 80 },
      ],
    });
    lone.metric('memory@60', 120);
    expect(changes(lone.look())).toEqual(['business 4 → 6: memory is 120 (target 80), which needs 6']);
  });

  test('scales out on one metric while another is missing, but never in', () => {
    const lone = tracking(4, {
      targets: [
        { metric: 'cpu', targetValue: 70 },
        { metric: 'memory', targetValue: 80 },
      ],
    });
    lone.metric('cpu@60', 105);
    expect(lone.decide().to).toBe(6);
    lone.metric('cpu@60', 10);
    expect(lone.decide()).toMatchObject({ to: 4 });
    lone.metrics = { ...lone.metrics, 'memory@60': { known: false, why: 'failed' } };
    expect(lone.decide()).toMatchObject({
      reason: 'MetricMissing',
      message: 'business stays at 4: memory is unknown',
    });
    expect(lone.decide().ledger.tracked).toEqual(lone.ledger?.tracked);
  });

  test('counts servers that are not warm yet as idle', () => {
    const lone = tracking(4);
    lone.metric('cpu@60', 105);
    lone.settle();
    expect(lone.group.desired).toBe(6);
    // The two that have just come do not count: 4 × 110 % is the load of 6.3, not of 9.4.
    lone.metric('cpu@60', 110);
    expect(lone.decide().to).toBe(6);
    lone.pass(3);
    lone.metric('cpu@60', 110);
    expect(lone.decide().to).toBe(10);
  });

  test('counts servers as idle while their scale-out is not complete, but not those that came beside one that never does', () => {
    const lone = tracking(3);
    lone.group = { ...lone.group, trafficSources: ['tg'] };
    lone.others = { ...lone.others, healthy: new Set(lone.group.servers.map(({ id }) => id)) };
    lone.metric('cpu@60', 140);
    lone.look();
    expect(lone.group.desired).toBe(6);
    lone.arrive();
    lone.pass(2);
    lone.metric('cpu@60', 140);
    expect(lone.decide().to).toBe(6);
    lone.pass(3);
    lone.metric('cpu@60', 105);
    expect(lone.decide().to).toBe(9);
  });

  test('learns nothing wrong as its servers arrive, though another metric is unknown', () => {
    const lone = tracking(4, {
      targets: [
        { metric: 'cpu', targetValue: 70 },
        { metric: 'memory', targetValue: 80 },
      ],
    });
    lone.metric('cpu@60', 105);
    lone.settle();
    lone.settle();
    expect(lone.group.desired).toBe(6);
  });

  test('holds a scale-in back for the stabilization window', () => {
    const lone = tracking(6, { behavior: {} });
    lone.metric('cpu@60', 35);
    expect(lone.look()[0]).toMatchObject({ to: 6, reason: 'Stabilizing' });
    lone.pass(4);
    expect(lone.look().at(-1)?.reason).toBe('Stabilizing');
    lone.pass(1);
    expect(lone.look()[0]?.to).toBe(4);
  });

  describe('takes a server only where those that stay have the tolerance to spare', () => {
    /** @returns the capacity that it goes to once the stabilization window is over */
    function reached(desired: number, cpu: number, scaleDown?: object): number {
      const lone = tracking(desired, { behavior: scaleDown ? { scaleDown } : {} });
      lone.metric('cpu@60', cpu);
      lone.look();
      lone.pass(5);
      lone.look();
      return lone.group.desired;
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
      const lone = tracking(10, { behavior: {} });
      lone.metric('cpu@60', 57.4);
      expect(lone.decide()).toMatchObject({
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
      const lone = new LoneGroup({ minSize: 0, targets: [{ metric: queued, targetValue: 10 }] }, 4);
      const key = lone.policy.metrics[0]!.key;
      for (const [value, expected] of [
        [27, 3],
        [18.1, 3],
        [18, 2],
        [0, 0],
        [0.5, 1],
      ] as const) {
        lone.metric(key, value);
        lone.settle();
        lone.pass(6);
        lone.settle();
        expect([value, lone.group.desired]).toEqual([value, expected]);
      }
    });
  });

  test('calls for no server because one has just left, whose share of the newest period nobody knows', () => {
    const lone = tracking(3);
    lone.metric('cpu@60', 35);
    lone.settle();
    expect(lone.group.desired).toBe(2);
    // The period in which it left: two servers had 52 % for nearly all of it.
    lone.metric('cpu@60', 52, lone.now - 1000);
    lone.pass(1);
    expect(lone.decide().to).toBe(2);
    // One that ended before is the load of three: the two have 81 %.
    lone.metric('cpu@60', 54, lone.now - 2 * minute);
    expect(lone.decide().to).toBe(3);
  });

  test('holds what it finds for the stabilization window, at first contact and when the ledger was lost', () => {
    const lone = new LoneGroup(
      { minSize: 3, maxSize: 20, targets: [{ metric: 'cpu', targetValue: 70 }] },
      16,
    );
    for (const _ of ['first contact', 'a lost ledger']) {
      lone.ledger = undefined;
      lone.metric('cpu@60', 7);
      lone.settle();
      expect(lone.decide()).toMatchObject({ to: 16, reason: 'Stabilizing' });
      lone.pass(4);
      lone.settle();
    }
    expect(lone.group.desired).toBe(16);
    lone.pass(1);
    lone.metric('cpu@60', 7);
    lone.settle();
    expect(lone.group.desired).toBe(3);
  });

  test('keeps to the pace of behavior.scaleDown', () => {
    const policies = [{ type: 'Percent', value: 50, periodSeconds: 60 }];
    const scaleDown = { stabilizationWindowSeconds: 0, policies };
    const lone = tracking(9, { behavior: { scaleDown } });
    lone.metric('cpu@60', 7);
    expect(lone.settle()[0]).toMatchObject({ to: 4, reason: 'TargetScaleIn' });
    lone.metric('cpu@60', 7);
    expect(lone.decide().blockers.map(({ code }) => code)).toContain('RateLimited');
    lone.pass(1);
    expect(lone.decide().to).toBe(2);
  });

  test('never scales in where that is disabled, and people still can', () => {
    const targets = [{ metric: 'cpu', targetValue: 70, disableScaleIn: true }];
    const lone = tracking(4, { targets });
    lone.metric('cpu@60', 140);
    lone.settle();
    expect(lone.group.desired).toBe(8);
    expect(lone.ledger?.base).toBe(8);
    lone.pass(30);
    lone.metric('cpu@60', 7);
    expect(lone.look()[0]).toMatchObject({ to: 8, reason: 'ScalingDisabled' });
    lone.settle(manual({ kind: 'set', desiredCapacity: 5 }));
    expect(lone.group.desired).toBe(5);
  });

  test('says so when it needs more than there may be', () => {
    const lone = tracking(20);
    lone.metric('cpu@60', 140);
    expect(lone.decide()).toMatchObject({ to: 20, reason: 'AtMaximum' });
  });

  test('shares a fleet total among the servers, and wakes a group that has none', () => {
    const metric = { namespace: 'Jobs', metricName: 'Queued', perServer: false };
    const lone = new LoneGroup(
      { minSize: 0, maxSize: 20, instances: ['i-0123456789abcdef0'], targets: [{ metric, targetValue: 50 }] },
      0,
    );
    const key = lone.policy.metrics[0]!.key;
    lone.ledger = lone.decide().ledger;
    lone.group = { ...lone.group, suspended: [] };
    lone.metric(key, 201);
    lone.settle();
    lone.settle();
    expect(lone.group.desired).toBe(5);
  });

  test('leaves a window its servers on top, and lets it give them back', () => {
    const lone = tracking(5);
    lone.windows = [lone.window('lunch', 2, 2)];
    lone.settle();
    expect(lone.group.desired).toBe(7);
    lone.pass(10);
    lone.metric('cpu@60', 50);
    lone.settle();
    expect(lone.group.desired).toBe(7);
    lone.pass(120);
    lone.windows = [];
    lone.metric('cpu@60', 45);
    lone.settle();
    expect(lone.group.desired).toBe(5);
  });
});

describe('an objective', () => {
  const keeps = (need: number | undefined, keep = need): Forecast => {
    return { need, keep, why: { key: 'noForecast' } };
  };

  function promised(desired: number): LoneGroup {
    const lone = new LoneGroup({ maxSize: 20, objective: { unserved: '0.1%' } }, desired);
    lone.others = { ...lone.others, forecast: keeps(desired) };
    lone.look();
    return lone;
  }

  test('scales out to what it needs and in to what it keeps', () => {
    const lone = promised(5);
    lone.others = { ...lone.others, forecast: keeps(7) };
    expect(lone.settle()[0]).toMatchObject({ to: 7, reason: 'ObjectiveScaleOut', cause: 'forecast' });
    lone.pass(10);
    lone.others = { ...lone.others, forecast: keeps(4, 5) };
    expect(lone.settle()[0]).toMatchObject({ to: 5, reason: 'ObjectiveScaleIn', cause: 'forecast' });
    expect(lone.ledger).toMatchObject({ base: 5 });
  });

  test('holds while it cannot tell, and within its patience', () => {
    const lone = promised(5);
    lone.others = { ...lone.others, forecast: keeps(undefined) };
    expect(lone.decide().to).toBe(5);
    lone.others = { ...lone.others, forecast: keeps(5, 4) };
    expect(lone.decide()).toMatchObject({ to: 5, reason: 'WithinTolerance' });
  });
});

describe('a forecast', () => {
  test('is a floor', () => {
    const lone = new LoneGroup({ forecast: {} }, 3);
    lone.look();
    lone.others = { ...lone.others, forecast: { need: 6, keep: 6, why: { key: 'noForecast' } } };
    expect(lone.settle()[0]).toMatchObject({ to: 6, reason: 'ObjectiveScaleOut', cause: 'forecast' });
    lone.others = { ...lone.others, forecast: { need: 2, keep: 2, why: { key: 'noForecast' } } };
    expect(lone.settle()[0]).toMatchObject({ to: 3, reason: 'ObjectiveScaleIn', cause: 'forecast' });
  });
});

describe('a group that follows another', () => {
  function following(desired: number): LoneGroup {
    const lone = new LoneGroup({ follows: { group: 'shop', ratio: 0.5 } }, desired);
    lone.others = { ...lone.others, leader: { group: 'shop', desired: 4, inService: 4 } };
    lone.look();
    return lone;
  }

  test('goes out before its leader has arrived, and in only after it has left', () => {
    const lone = following(2);
    lone.others = { ...lone.others, leader: { group: 'shop', desired: 9, inService: 4 } };
    expect(lone.settle()[0]).toMatchObject({ to: 5, reason: 'LeaderScaleOut', cause: 'leader' });
    lone.others = { ...lone.others, leader: { group: 'shop', desired: 4, inService: 9 } };
    expect(lone.decide().to).toBe(5);
    lone.others = { ...lone.others, leader: { group: 'shop', desired: 4, inService: 4 } };
    expect(lone.settle()[0]).toMatchObject({ to: 2, reason: 'LeaderScaleIn', cause: 'leader' });
  });

  test('gets no server from a ratio that floating point cannot say', () => {
    const lone = new LoneGroup({ maxSize: 20, follows: { group: 'shop', ratio: 0.07 } }, 3);
    lone.others = { ...lone.others, leader: { group: 'shop', desired: 100, inService: 100 } };
    lone.settle();
    expect(lone.group.desired).toBe(7);
  });

  test('does not scale in while its leader cannot be seen', () => {
    const lone = following(2);
    lone.settle(manual({ kind: 'adjust', adjustment: 2, forSeconds: 60 }));
    lone.pass(1);
    lone.others = { ...lone.others, leader: undefined };
    lone.look();
    expect(lone.decide()).toMatchObject({ to: 4, reason: 'MetricMissing' });
  });
});

test('recommendations are remembered without a write for each look', () => {
  const lone = tracking(6, { behavior: {} });
  for (let at = 0; at < 5; at++) {
    lone.now += minute;
    lone.metric('cpu@60', 70 + (at % 2));
    lone.look();
  }
  expect(lone.decide().ledger).toBe(lone.ledger);
  expect(lone.ledger?.recommendations).toHaveLength(1);
});

import { describe, expect, test } from 'vitest';
import { metricKey } from '../../../shared/domain/metric-key.ts';
import { inEnglish } from '../../kit/in-english.ts';
import { changes, LoneGroup, manual, minute } from '../../kit/lone-group.ts';

const cpuHigh = {
  metric: 'cpu',
  comparisonOperator: 'GreaterThanThreshold',
  threshold: 70,
  period: 300,
  evaluationPeriods: 3,
  scalingAdjustment: 2,
  cooldown: 300,
};
const cpuLow = {
  metric: 'cpu',
  comparisonOperator: 'LessThanThreshold',
  threshold: 30,
  period: 600,
  evaluationPeriods: 3,
  scalingAdjustment: -1,
  cooldown: 600,
};
const qpsHigh = { ...cpuHigh, metric: 'requestsPerSecond', threshold: 400, evaluationPeriods: 2 };

const loadBalancer = { scheme: 'internet-facing', protocol: 'HTTP', port: 80 };

function lone(desired: number, alarms: object, group: object = {}): LoneGroup {
  const one = new LoneGroup({ minSize: 3, maxSize: 10, loadBalancer, alarms, ...group }, desired);
  one.look();
  return one;
}

describe('a scale-out alarm', () => {
  test('scales out, and says who asked', () => {
    const one = lone(3, { 'cpu-high': cpuHigh });
    one.alarm('cpu-high', 'ALARM');
    expect(one.look()[0]).toMatchObject({
      from: 3,
      to: 5,
      reason: 'AlarmScaleOut',
      cause: 'alarm',
      message: "business 3 → 5: alarm 'cpu-high' (+2)",
      act: { kind: 'setDesired', desired: 5 },
    });
  });

  test('is believed from its event before the description shows it', () => {
    const one = lone(3, { 'cpu-high': cpuHigh });
    one.pass(1);
    const state = { value: 'ALARM', since: one.now } as const;
    expect(one.decide({ kind: 'alarm', rule: 'cpu-high', state }).to).toBe(5);
    expect(one.decide({ kind: 'alarm', rule: 'cpu-high', state: { ...state, since: 0 } }).to).toBe(3);
  });

  test('says the value that moved it: the datapoint that turned its alarm, or what is read', () => {
    const one = lone(3, { 'cpu-high': cpuHigh });
    one.pass(1);
    const state = { value: 'ALARM', since: one.now, datapoint: 83.214 } as const;
    const event = { kind: 'alarm', rule: 'cpu-high', state } as const;
    expect(changes(one.settle(event))).toEqual(["business 3 → 5: alarm 'cpu-high', cpu 83.21 (+2)"]);
    one.alarms = { 'cpu-high': state };
    one.pass(5);
    expect(one.decide().message).toBe("business 5 → 7: alarm 'cpu-high' (+2)");
    one.metric('cpu@300', 91);
    expect(one.decide().message).toBe("business 5 → 7: alarm 'cpu-high', cpu 91 (+2)");
    one.metric('cpu@300', 41);
    expect(one.decide().message).toBe("business 5 → 7: alarm 'cpu-high' (+2)");
  });

  test('says the value where it is refused, too', () => {
    const one = lone(3, { 'cpu-high': cpuHigh });
    one.pass(1);
    const state = { value: 'ALARM', since: one.now, datapoint: 99.75 } as const;
    const event = { kind: 'alarm', rule: 'cpu-high', state } as const;
    one.settle(manual({ kind: 'pause', direction: 'out' }));
    expect(one.decide(event)).toMatchObject({
      reason: 'GroupPaused',
      message: expect.stringMatching(
        /^business stays at 3: cpu-high \(cpu 99\.75\) asks for 5, but scale-out is paused/,
      ),
    });
  });

  test('says the value where another rule’s scale-in waits for it', () => {
    const one = lone(5, { 'cpu-high': cpuHigh, 'cpu-low': cpuLow });
    one.settle(manual({ kind: 'pause', direction: 'out' }));
    one.alarm('cpu-high', 'ALARM');
    one.alarm('cpu-low', 'ALARM');
    one.metric('cpu@300', 91);
    one.metric('cpu@600', 20);
    expect(one.decide().message).toMatch(/cpu-high \(cpu 91\) asks for 7, but scale-out is paused/);
    const why = one.decide().blockers.map(({ why }) => inEnglish(why, one.now));
    expect(why.join('\n')).toMatch(/cpu-low \(cpu 20\) asks for 4, but cpu-high is in ALARM \(cpu 91\)/);
  });

  test('fires again while it stays red, but never inside its cooldown, which runs from completion', () => {
    const one = lone(3, { 'cpu-high': cpuHigh });
    one.alarm('cpu-high', 'ALARM');
    one.look();
    one.pass(4);
    expect(one.decide()).toMatchObject({ to: 5, reason: 'InCooldown' });
    one.arrive();
    one.look();
    one.pass(4);
    expect(one.decide()).toMatchObject({ to: 5, reason: 'InCooldown' });
    expect(one.decide().message).toBe(
      'business stays at 5: cpu-high asks for 7, but its cooldown runs until 04:09',
    );
    one.pass(1);
    expect(one.decide().to).toBe(7);
  });

  test('on a fleet total fires once per episode', () => {
    const one = lone(3, { 'qps-high': qpsHigh });
    one.alarm('qps-high', 'ALARM');
    one.settle();
    one.pass(30);
    expect(one.decide()).toMatchObject({ to: 5, reason: 'EpisodeAlreadyAnswered' });
  });

  describe('on a fleet total that blinks', () => {
    const key = metricKey('requestsPerSecond', undefined, 300);
    /** It has acted, and ten minutes later its newest sum was too low for a minute. */
    function blinked(): LoneGroup {
      const one = lone(3, { 'qps-high': qpsHigh });
      one.alarm('qps-high', 'ALARM');
      one.settle();
      one.pass(10);
      one.alarm('qps-high', 'OK');
      one.metric(key, 600, one.now - 8 * minute);
      one.look();
      one.pass(1);
      one.alarm('qps-high', 'ALARM');
      return one;
    }

    test('does not fire again: no whole period was below the threshold', () => {
      expect(blinked().decide()).toMatchObject({ to: 5, reason: 'EpisodeAlreadyAnswered' });
    });

    test('fires again once a whole period has been below it, seen while the alarm was OK', () => {
      const one = blinked();
      one.alarm('qps-high', 'OK');
      one.metric(key, 300, one.now - 8 * minute);
      expect(one.look().at(0)).toMatchObject({
        reason: 'AlarmEpisodeOver',
        message: 'business: requestsPerSecond was not above 400 for a whole period: qps-high may act again',
      });
      one.metric(key, 600, one.now - 8 * minute);
      one.pass(1);
      one.alarm('qps-high', 'ALARM');
      expect(one.decide().to).toBe(7);
    });

    test('fires again when that period is seen only after the alarm is red again', () => {
      const one = blinked();
      one.metric(key, 400, one.now - 8 * minute);
      expect(changes(one.look())).toEqual(["business 5 → 7: alarm 'qps-high' (+2)"]);
    });

    test('is not ended by a period that began before it was red', () => {
      const one = blinked();
      one.metric(key, 300, one.now - 12 * minute);
      expect(one.decide()).toMatchObject({ to: 5, reason: 'EpisodeAlreadyAnswered' });
    });

    test('looks its metric up until the episode has ended, and no longer', () => {
      const one = blinked();
      one.metrics = {};
      expect(one.decide().needs).toEqual(['metrics']);
      one.metric(key, 300, one.now - 8 * minute);
      one.alarm('qps-high', 'OK');
      one.look();
      one.metrics = {};
      expect(one.decide().needs).toEqual([]);
    });

    test('is heard although its metric cannot be read', () => {
      const one = blinked();
      one.metrics = { [key]: { known: false, why: 'failed' } };
      expect(one.decide().to).toBe(7);
    });
  });

  test('on a fleet total repeats if its rule says so', () => {
    const one = lone(3, { 'qps-high': { ...qpsHigh, repeat: true } });
    one.alarm('qps-high', 'ALARM');
    one.settle();
    one.pass(30);
    expect(one.decide().to).toBe(7);
  });

  test('of several the largest wins', () => {
    const one = lone(3, { 'cpu-high': cpuHigh, 'qps-high': { ...qpsHigh, scalingAdjustment: 4 } });
    one.alarm('cpu-high', 'ALARM');
    one.alarm('qps-high', 'ALARM');
    expect(changes(one.look())).toEqual(["business 3 → 7: alarm 'qps-high' (+4)"]);
  });

  test('counts servers that are still coming from an earlier scale-out', () => {
    const one = lone(3, { 'cpu-high': cpuHigh, 'qps-high': { ...qpsHigh, scalingAdjustment: 3 } });
    one.alarm('cpu-high', 'ALARM');
    one.look();
    one.alarm('qps-high', 'ALARM');
    expect(changes(one.look())).toEqual(["business 5 → 6: alarm 'qps-high' (+1)"]);
    const same = lone(3, { 'cpu-high': cpuHigh, 'qps-high': qpsHigh });
    same.alarm('cpu-high', 'ALARM');
    same.look();
    same.alarm('qps-high', 'ALARM');
    expect(same.decide().blockers.map(({ code }) => code)).toContain('ScaleOutInFlight');
    expect(same.decide().to).toBe(5);
  });

  test('at the maximum changes nothing, starts no cooldown, and is recorded once', () => {
    const one = lone(10, { 'cpu-high': cpuHigh });
    one.alarm('cpu-high', 'ALARM');
    const [refused] = one.look();
    expect(refused).toMatchObject({ to: 10, reason: 'AtMaximum' });
    expect(refused?.activities).toMatchObject([
      { from: 10, to: 10, statusCode: 'Cancelled', trigger: 'alarm' },
    ]);
    one.pass(7);
    expect(one.decide().ledger).toBe(one.ledger);
    one.alarm('cpu-high', 'OK');
    expect(one.look()[0]!.activities).toEqual([]);
    one.pass(15);
    expect(one.decide().activities).toMatchObject([{ statusMessage: 'refused 8 times' }]);
    expect(one.ledger?.rules).toEqual({});
  });

  test('at the maximum of a window says whose it is', () => {
    const one = lone(4, { 'cpu-high': cpuHigh });
    one.windows = [one.window('quiet', undefined, 1, { maxSize: 4 })];
    one.alarm('cpu-high', 'ALARM');
    expect(one.decide().message).toBe(
      "business stays at 4: cpu-high asks for 6, but window 'quiet' allows at most 4",
    );
  });

  test('with steps asks for the metric as it is now, not as it was at the transition', () => {
    const steps = [
      { metricIntervalLowerBound: 0, metricIntervalUpperBound: 15, scalingAdjustment: 1 },
      { metricIntervalLowerBound: 15, scalingAdjustment: 3 },
    ];
    const { scalingAdjustment: _, ...rest } = cpuHigh;
    const one = lone(3, { 'cpu-high': { ...rest, stepAdjustments: steps } });
    one.alarm('cpu-high', 'ALARM');
    expect(one.decide().needs).toEqual(['metrics']);
    one.metric('cpu@300', 84);
    expect(one.decide().to).toBe(4);
    one.metric('cpu@300', 85);
    expect(one.decide().to).toBe(6);
    one.metrics = { 'cpu@300': { known: false, why: 'missing' } };
    expect(one.decide()).toMatchObject({ to: 3, reason: 'MetricMissing' });
  });

  test('without a cooldown fires again as soon as its servers are warm', () => {
    const one = lone(3, { 'cpu-high': { ...cpuHigh, cooldown: 0 } });
    one.alarm('cpu-high', 'ALARM');
    one.settle();
    expect(one.group.desired).toBe(5);
    one.pass(1);
    expect(one.look()[0]).toMatchObject({
      to: 5,
      reason: 'ScaleOutInFlight',
      message:
        'business stays at 5: cpu-high asks for 5, but servers of a scale-out are warming up until 04:02',
    });
    one.pass(1);
    one.look();
    expect(one.group.desired).toBe(7);
  });

  test("counts servers that a window has brought as warming up, too, and not yet those of the group's that left", () => {
    const one = lone(3, { 'cpu-high': { ...cpuHigh, cooldown: 0 } });
    one.windows = [one.window('lunch', 3, 1)];
    one.settle();
    one.alarm('cpu-high', 'ALARM');
    one.look();
    expect(one.group.desired).toBe(6);
    one.alarm('cpu-high', 'OK');
    one.metric('cpu@300', 10);
    one.windows = [];
    one.pass(1);
    one.settle();
    expect(one.group.desired).toBe(3);
    one.alarm('cpu-high', 'ALARM');
    one.look();
    expect(one.group.desired).toBe(5);
  });

  test('that left before a server came is not the one that came: it warms up, and holds a scale-in', () => {
    const one = lone(5, { 'cpu-low': cpuLow });
    for (const [request, adjustment] of [1, -3, 1].entries()) {
      one.settle(manual({ kind: 'adjust', adjustment }, `r${request}`));
      one.pass(0.5);
    }
    expect(one.group.desired).toBe(4);
    one.metric('cpu@600', 10, one.now);
    one.alarm('cpu-low', 'ALARM');
    expect(one.look().at(-1)!.blockers).toMatchObject([{ code: 'ScaleOutInFlight' }]);
    expect(one.group.desired).toBe(4);
    one.pass(2);
    one.look();
    expect(one.group.desired).toBe(3);
  });

  describe('with steps', () => {
    const { scalingAdjustment: _, ...rest } = cpuHigh;
    const stepped = (...changes: [from: number, change: number][]) => ({
      ...rest,
      stepAdjustments: changes.map(([from, scalingAdjustment], at) => ({
        metricIntervalLowerBound: from,
        ...(changes[at + 1] && { metricIntervalUpperBound: changes[at + 1]![0] }),
        scalingAdjustment,
      })),
    });

    function at(one: LoneGroup, cpu: number): number {
      one.metric('cpu@300', cpu);
      one.look();
      return one.group.desired;
    }

    test('takes a higher step while its servers come, each an activity of its own, and then cools down', () => {
      const one = lone(3, { 'cpu-high': stepped([0, 1], [10, 3]) });
      one.alarm('cpu-high', 'ALARM');
      expect([75, 75, 85, 85].map((cpu) => at(one, cpu))).toEqual([4, 4, 6, 6]);
      expect(one.ledger?.open).toHaveLength(2);
      one.arrive();
      one.look();
      expect(one.ledger?.open).toEqual([]);
      expect(one.ledger?.rules['cpu-high']).toMatchObject({
        openActivityId: undefined,
        lastCompletedAt: one.now,
      });
      one.pass(3);
      expect(one.decide()).toMatchObject({ to: 6, reason: 'InCooldown' });
      one.pass(2);
      expect(at(one, 85)).toBe(9);
    });

    test('of 0 does nothing, and starts no cooldown', () => {
      const one = lone(3, { 'cpu-high': stepped([0, 0], [10, 3]) });
      one.alarm('cpu-high', 'ALARM');
      expect(at(one, 75)).toBe(3);
      expect(one.ledger?.rules).toEqual({});
      expect(at(one, 85)).toBe(6);
    });

    test('in both directions takes away at one, and adds at another', () => {
      const one = lone(5, { 'cpu-high': stepped([0, -1], [5, 0], [25, 2]) });
      one.alarm('cpu-high', 'ALARM');
      expect(one.decide().needs).toEqual(['metrics']);
      expect(at(one, 72)).toBe(4);
      one.arrive();
      one.look();
      one.pass(10);
      expect(at(one, 76)).toBe(4);
      expect(at(one, 96)).toBe(6);
    });

    test('that take away count the load that would add again, not the threshold', () => {
      const one = lone(5, { 'cpu-high': stepped([0, -3], [20, 2]) });
      one.alarm('cpu-high', 'ALARM');
      // 72 % of 5 is 90 % of 4, which would add two; 71 % is less.
      expect(at(one, 72)).toBe(5);
      expect(at(one, 71)).toBe(4);
    });
  });

  test('keeps to the pace of behavior.scaleUp', () => {
    const policies = [{ type: 'Instances', value: 1, periodSeconds: 60 }];
    const one = lone(3, { 'cpu-high': cpuHigh }, { behavior: { scaleUp: { policies } } });
    one.alarm('cpu-high', 'ALARM');
    expect(one.look()[0]).toMatchObject({
      to: 4,
      message: "business 3 → 4: alarm 'cpu-high' (+1, 5 were asked for)",
    });
    const off = lone(3, { 'cpu-high': cpuHigh }, { behavior: { scaleUp: { selectPolicy: 'Disabled' } } });
    off.alarm('cpu-high', 'ALARM');
    expect(off.decide()).toMatchObject({ to: 3, reason: 'ScalingDisabled' });
  });
});

describe('an alarm that somebody has deleted', () => {
  test('is missed aloud, though nobody asks for anything', () => {
    const one = lone(3, { 'cpu-high': cpuHigh });
    one.alarms = {};
    expect(one.decide()).toMatchObject({
      reason: 'AlarmDataMissing',
      message:
        'business stays at 3: nothing asks for a change, but cpu-high has no alarm and cannot: deploy the fleet',
      ledger: one.ledger,
    });
  });
});

describe('a scale-out', () => {
  test('waits neither for the cooldown of a scale-in, nor for its servers to leave', () => {
    const one = lone(5, { 'cpu-high': cpuHigh, 'cpu-low': cpuLow });
    one.metric('cpu@300', 20);
    one.metric('cpu@600', 20);
    one.alarm('cpu-low', 'ALARM');
    one.look();
    expect(one.group.desired).toBe(4);
    one.alarm('cpu-low', 'OK');
    one.alarm('cpu-high', 'ALARM');
    expect(one.decide()).toMatchObject({ to: 6, reason: 'AlarmScaleOut' });
  });

  test('to an exact capacity that is already exceeded asks for nothing', () => {
    const exact = { ...cpuHigh, adjustmentType: 'ExactCapacity', scalingAdjustment: 4 };
    const one = lone(5, { 'cpu-high': exact });
    one.alarm('cpu-high', 'ALARM');
    expect(one.decide()).toMatchObject({ to: 5, reason: 'AtGoal' });
  });
});

describe('a scale-in alarm', () => {
  function low(desired: number, alarms: object = {}): LoneGroup {
    const one = lone(desired, { 'cpu-high': cpuHigh, 'cpu-low': cpuLow, ...alarms });
    one.alarm('cpu-low', 'ALARM');
    one.metric('cpu@300', 20);
    one.metric('cpu@600', 20);
    return one;
  }

  test('takes one away, down to the minimum', () => {
    const one = low(4);
    expect(changes(one.settle())).toEqual(["business 4 → 3: alarm 'cpu-low', cpu 20 (−1)"]);
    one.pass(60);
    one.metric('cpu@600', 10);
    expect(one.decide()).toMatchObject({
      to: 3,
      reason: 'AtMinimum',
      message: 'business stays at 3: cpu-low (cpu 10) asks for 2, but the minimum is 3',
    });
  });

  test('repeats only on data that began after its last activity was complete', () => {
    const one = low(6);
    one.settle();
    one.pass(15);
    one.metric('cpu@600', 20, one.now - 16 * 60_000);
    expect(one.decide()).toMatchObject({ to: 5, reason: 'InCooldown' });
    one.metric('cpu@600', 20, one.now - 10 * 60_000);
    one.metric('cpu@300', 20);
    expect(one.decide().to).toBe(4);
  });

  test('looks up the metrics before it takes anything away', () => {
    const one = low(5);
    one.metrics = {};
    expect(one.decide().needs).toEqual(['metrics']);
    one.metrics = { 'cpu@600': { known: false, why: 'missing' } };
    expect(one.decide()).toMatchObject({ to: 5, reason: 'MetricMissing' });
  });

  test('waits while a scale-out alarm is red', () => {
    const one = low(10, { 'qps-high': qpsHigh });
    one.alarm('qps-high', 'ALARM');
    const decision = one.decide();
    expect(decision.to).toBe(10);
    expect(decision.blockers.map(({ code }) => code)).toEqual(['AtMaximum', 'ScaleOutAlarmActive']);
  });

  test('waits while a scale-out alarm has no data, unless silence means no load', () => {
    const one = low(5);
    one.alarm('cpu-high', 'INSUFFICIENT_DATA');
    expect(one.decide()).toMatchObject({ to: 5, reason: 'AlarmDataMissing' });
    one.alarms = { 'cpu-low': one.alarms!['cpu-low']! };
    expect(one.decide()).toMatchObject({
      to: 5,
      reason: 'AlarmDataMissing',
      message:
        'business stays at 5: cpu-low (cpu 20) asks for 4, but cpu-high has no alarm: deploy the fleet',
    });
  });

  test('waits while a count is unknown, and goes on when its load balancer says that it is zero', () => {
    const silent = low(5, { 'qps-high': qpsHigh });
    silent.alarm('qps-high', 'INSUFFICIENT_DATA');
    const known = silent.metrics;
    silent.metrics = { ...known, 'requestsPerSecond@300': { known: false, why: 'missing' } };
    expect(silent.decide()).toMatchObject({ to: 5, reason: 'AlarmDataMissing' });
    silent.metrics = { ...known, 'requestsPerSecond@300': { known: true, value: 0, at: silent.now } };
    expect(silent.decide().to).toBe(4);
    silent.metrics = { ...known, 'requestsPerSecond@300': { known: true, value: 1e6, at: silent.now } };
    expect(silent.decide()).toMatchObject({ to: 5, reason: 'AlarmDataMissing' });
  });

  test('waits for servers that are still coming', () => {
    const one = low(5);
    one.setDesired(6);
    one.look();
    expect(one.decide()).toMatchObject({ to: 6, reason: 'ScaleOutInFlight' });
  });

  test('waits for an instance refresh to end', () => {
    const one = low(5);
    one.others = { ...one.others, instanceRefresh: undefined };
    expect(one.decide().needs).toEqual(['instanceRefresh']);
    one.others = { ...one.others, instanceRefresh: 'Baking' };
    expect(one.decide()).toMatchObject({ to: 5, reason: 'InstanceRefreshing' });
  });

  test('looks up alarms that nobody has described', () => {
    const one = low(5);
    const state = one.alarms!['cpu-low']!;
    one.alarms = undefined;
    expect(one.decide({ kind: 'alarm', rule: 'cpu-low', state }).needs).toEqual(['alarms']);
  });

  test('is refused when it would trip a scale-out', () => {
    const one = low(4);
    one.metric('cpu@300', 60);
    expect(one.decide()).toMatchObject({
      to: 4,
      reason: 'FlapGuard',
      message:
        'business stays at 4: cpu-low (cpu 20) asks for 3, but cpu would then be 80 and trip cpu-high (70)',
    });
  });

  test('is shrunk to what the others can carry', () => {
    const one = low(9, { 'cpu-low': { ...cpuLow, scalingAdjustment: -5 } });
    one.metric('cpu@300', 50);
    // 9 × 50 % is 64 % of 7 and 75 % of 6.
    expect(one.decide()).toMatchObject({ to: 7, reason: 'AlarmScaleIn' });
  });

  test('counts servers that left since the datapoint began', () => {
    const one = low(9, { 'cpu-low': { ...cpuLow, scalingAdjustment: -3 } });
    one.alarm('cpu-low', 'OK');
    one.setDesired(6);
    one.settle();
    one.alarm('cpu-low', 'ALARM');
    one.metric('cpu@300', 40, one.now - 300_000);
    // 40 % was measured over 9 servers: 6 have 60 %, and 5 would have 72 %.
    expect(one.decide()).toMatchObject({ to: 6, reason: 'FlapGuard' });
  });

  test('takes back while a window is open what alarms added since, no more', () => {
    const one = low(4);
    one.alarm('cpu-low', 'OK');
    one.windows = [one.window('lunch', 2, 4)];
    one.settle();
    one.pass(2);
    one.alarm('cpu-high', 'ALARM');
    one.settle();
    expect(one.group.desired).toBe(8);
    one.alarm('cpu-high', 'OK');
    one.alarm('cpu-low', 'ALARM');
    for (let at = 0; at < 5; at++) {
      one.pass(30);
      one.metric('cpu@600', 10);
      one.metric('cpu@300', 10);
      one.settle();
    }
    expect(one.group.desired).toBe(6);
    const { reason, message } = one.decide();
    expect(reason).toBe('AtMinimum');
    expect(message).toContain("6 stay until window 'lunch' is over");
  });

  test('leaves what a person asked for until then, and says so', () => {
    const one = low(4);
    one.alarm('cpu-low', 'OK');
    one.settle(manual({ kind: 'adjust', adjustment: 2, forSeconds: 7200 }));
    one.alarm('cpu-low', 'ALARM');
    one.pass(30);
    one.metric('cpu@600', 10);
    one.metric('cpu@300', 10);
    expect(one.decide().message).toContain('6 stay until the bump by alice is over');
  });

  test.each([
    [-3, -1],
    [-1, -3],
  ])('of several the mildest wins, in whatever order they are written', (cpu, memory) => {
    const alarms = {
      'cpu-low': { ...cpuLow, scalingAdjustment: cpu },
      'mem-low': { ...cpuLow, metric: 'memory', scalingAdjustment: memory },
    };
    const one = low(8, alarms);
    one.metric('memory@600', 10);
    one.alarm('mem-low', 'ALARM');
    expect(one.decide().to).toBe(7);
  });

  test('does not scale in below servers that are protected', () => {
    const one = low(5);
    const servers = one.group.servers.map((server) => ({ ...server, protectedFromScaleIn: true }));
    one.group = { ...one.group, servers };
    expect(one.decide()).toMatchObject({ to: 5, reason: 'ProtectedServers', activities: [] });
  });
});

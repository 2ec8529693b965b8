import { describe, expect, test } from 'vitest';
import { LoneGroup } from '../../kit/lone-group.ts';

/**
 * AWS's own examples, as its user guide has them. `guide` is the page in
 * https://github.com/awsdocs/amazon-ec2-auto-scaling-user-guide/tree/master/doc_source; the live page has the same name.
 */
const guide = {
  steps: 'as-scaling-simple-step.md, "Step adjustments"',
  types: 'as-scaling-simple-step.md, "Scaling adjustment types"',
  warmUp: 'as-scaling-simple-step.md, "Instance warm-up"',
  defaultWarmUp:
    'ec2-auto-scaling-default-instance-warmup.md, "Understand how the default instance warmup affects scaling"',
  bounds: 'as-scale-based-on-demand.md, "How scaling policies work"',
  several: 'as-scale-based-on-demand.md, "Multiple scaling policies"',
  targets: 'as-scaling-target-tracking.md, "Considerations"',
};

const above = { comparisonOperator: 'GreaterThanThreshold', period: 60, evaluationPeriods: 1 };
const below = { ...above, comparisonOperator: 'LessThanThreshold' };

/** Both policies of the guide's example: a breach threshold of 50 percent, and percentages of the group. */
const example = {
  high: {
    ...above,
    metric: 'cpu',
    threshold: 50,
    adjustmentType: 'PercentChangeInCapacity',
    cooldown: 0,
    stepAdjustments: [
      { metricIntervalLowerBound: 0, metricIntervalUpperBound: 10, scalingAdjustment: 0 },
      { metricIntervalLowerBound: 10, metricIntervalUpperBound: 20, scalingAdjustment: 10 },
      { metricIntervalLowerBound: 20, scalingAdjustment: 30 },
    ],
  },
  low: {
    ...below,
    metric: 'cpu',
    threshold: 50,
    adjustmentType: 'PercentChangeInCapacity',
    cooldown: 0,
    stepAdjustments: [
      { metricIntervalLowerBound: -10, metricIntervalUpperBound: 0, scalingAdjustment: 0 },
      { metricIntervalLowerBound: -20, metricIntervalUpperBound: -10, scalingAdjustment: -10 },
      { metricIntervalUpperBound: -20, scalingAdjustment: -30 },
    ],
  },
};

function group(alarms: object, desired: number, bounds: object = {}): LoneGroup {
  return new LoneGroup({ minSize: 1, maxSize: 100, defaultInstanceWarmup: 300, ...bounds, alarms }, desired);
}

/** A metric is `cpu`, and with it the alarms of the guide's example are red or not. */
function gets(lone: LoneGroup, cpu: number): number {
  lone.metric('cpu@60', cpu);
  lone.alarm('high', cpu > 50 ? 'ALARM' : 'OK');
  if (lone.alarms && 'low' in lone.alarms) lone.alarm('low', cpu < 50 ? 'ALARM' : 'OK');
  lone.look();
  return lone.group.desired;
}

/** Servers come into service, and their warm-up passes. */
function warm(lone: LoneGroup): void {
  lone.arrive();
  lone.look();
  lone.pass(6);
}

describe(`step adjustments (${guide.steps})`, () => {
  test.each([
    [45, 10],
    [55, 10],
    [59.9, 10],
    [60, 11],
    [69.9, 11],
    [70, 13],
    [100, 13],
    [40.1, 10],
    [40, 9],
    [30.1, 9],
    [30, 7],
  ])('10 servers and a metric of %d make %d', (cpu, to) => {
    expect(gets(group(example, 10), cpu)).toBe(to);
  });

  test('60, 70 even after the warm-up, 40, and 30 even after that: 10, 11, 14, 13, 10', () => {
    const lone = group({ high: example.high, low: { ...example.low } }, 10);
    const seen = [60, 70, 40, 30].map((cpu) => {
      const desired = gets(lone, cpu);
      warm(lone);
      return desired;
    });
    expect(seen).toEqual([11, 14, 13, 10]);
  });
});

describe(`warm-up (${guide.warmUp})`, () => {
  test('60, 62, and 70 while the new server is still warming up: 11, 11, 13', () => {
    const lone = group(example, 10);
    expect(gets(lone, 60)).toBe(11);
    lone.pass(1);
    lone.arrive();
    expect(gets(lone, 62)).toBe(11);
    lone.pass(1);
    expect(gets(lone, 70)).toBe(13);
  });

  test('likewise while it has not come at all: 11, 11, 13', () => {
    const lone = group(example, 10);
    const seen = [60, 62, 70].map((cpu) => {
      lone.pass(1);
      return gets(lone, cpu);
    });
    expect(seen).toEqual([11, 11, 13]);
  });

  test('several breaches in the range of one step are one scaling activity', () => {
    const lone = group(example, 10);
    for (let at = 0; at < 5; at++) {
      gets(lone, 60 + at);
      lone.pass(1);
      lone.arrive();
    }
    expect(lone.group.desired).toBe(11);
    expect([...lone.log.values()].filter(({ reason }) => reason === 'AlarmScaleOut')).toHaveLength(1);
  });

  test(`blocks scale-in by policies until the servers have warmed up (${guide.defaultWarmUp})`, () => {
    const lone = group(example, 10);
    gets(lone, 60);
    lone.arrive();
    lone.look();
    lone.pass(4);
    expect(gets(lone, 20)).toBe(11);
    expect(lone.decide()).toMatchObject({
      reason: 'ScaleOutInFlight',
      message:
        'business stays at 11: low (cpu 20) asks for 8, but servers of a scale-out are warming up until 04:05',
    });
    lone.pass(2);
    expect(gets(lone, 20)).toBe(8);
  });

  test('that is 0 blocks nothing once the servers are in service', () => {
    const lone = group(example, 10, { defaultInstanceWarmup: 0 });
    gets(lone, 60);
    lone.arrive();
    expect(gets(lone, 52)).toBe(11);
    lone.pass(1);
    expect(gets(lone, 20)).toBe(8);
  });
});

describe(`adjustment types (${guide.types})`, () => {
  const cases: [what: string, capacity: number, settings: object, to: number][] = [
    ['3 and a change of 5', 3, { scalingAdjustment: 5 }, 8],
    ['3 and an exact capacity of 5', 3, { adjustmentType: 'ExactCapacity', scalingAdjustment: 5 }, 5],
    ['10 and 10 percent', 10, { scalingAdjustment: 10 }, 11],
    ['127 and 10 percent, 12.7', 127, { scalingAdjustment: 10 }, 139],
    ['67 and 1 percent, .67', 67, { scalingAdjustment: 1 }, 68],
    ['58 and -1 percent, -.58', 58, { scalingAdjustment: -1 }, 57],
    ['667 and -1 percent, -6.67', 667, { scalingAdjustment: -1 }, 661],
    ['4 and 25 percent, at least 2', 4, { scalingAdjustment: 25, minAdjustmentMagnitude: 2 }, 6],
  ];
  test.each(cases)('%s', (what, capacity, settings, to) => {
    const percent = what.includes('percent') && { adjustmentType: 'PercentChangeInCapacity' };
    const sign = to > capacity ? above : below;
    const rule = { ...sign, metric: 'cpu', threshold: 50, ...percent, ...settings };
    const lone = group({ rule }, capacity, { maxSize: 1000 });
    lone.metric('cpu@60', to > capacity ? 90 : 10);
    lone.alarm('rule', 'ALARM');
    lone.look();
    expect(lone.group.desired).toBe(to);
  });
});

describe(`bounds and several policies (${guide.bounds}; ${guide.several})`, () => {
  const out = { ...above, metric: 'cpu', threshold: 50 };

  test('a maximum of 3, a capacity of 2 and +3: 1 is added', () => {
    const lone = group({ high: { ...out, scalingAdjustment: 3 } }, 2, { maxSize: 3 });
    expect(gets(lone, 90)).toBe(3);
  });

  test('a minimum of 2, a capacity of 3 and -2: 1 is removed', () => {
    const low = { ...below, metric: 'cpu', threshold: 50, scalingAdjustment: -2 };
    const lone = group({ high: { ...out, scalingAdjustment: 1 }, low }, 3, { minSize: 2 });
    expect(gets(lone, 10)).toBe(2);
  });

  test('one policy launches 1 and another 2: 2 are launched', () => {
    const alarms = { high: { ...out, scalingAdjustment: 1 }, queue: { ...out, scalingAdjustment: 2 } };
    const lone = group(alarms, 1);
    lone.alarm('queue', 'ALARM');
    expect(gets(lone, 90)).toBe(3);
  });

  test('one policy terminates 3 and another 25 percent of 8: 2 are terminated', () => {
    const low = { ...below, metric: 'cpu', threshold: 50, scalingAdjustment: -3 };
    const alarms = {
      low,
      quiet: { ...low, adjustmentType: 'PercentChangeInCapacity', scalingAdjustment: -25 },
    };
    const lone = group(alarms, 8);
    lone.metric('cpu@60', 10);
    lone.alarm('low', 'ALARM');
    lone.alarm('quiet', 'ALARM');
    lone.look();
    expect(lone.group.desired).toBe(6);
  });
});

describe(`target tracking (${guide.targets})`, () => {
  /** 10 servers, a target of 50, and a load that needs so many servers. */
  function needing(servers: number, targets: object[] = [{ metric: 'cpu', targetValue: 50 }]): LoneGroup {
    const behavior = {
      scaleUp: { tolerance: 0 },
      scaleDown: { tolerance: 0, stabilizationWindowSeconds: 0 },
    };
    const lone = new LoneGroup({ minSize: 1, maxSize: 100, targets, behavior }, 10);
    lone.metric('cpu@60', (servers * 50) / 10);
    return lone;
  }

  test('where 1.5 servers more are needed, 2 are added', () => {
    const lone = needing(11.5);
    lone.look();
    expect(lone.group.desired).toBe(12);
  });

  test('where 1.5 servers fewer are needed, 1 is removed', () => {
    const lone = needing(8.5);
    lone.look();
    expect(lone.group.desired).toBe(9);
  });

  const both = (disableScaleIn: boolean) => [
    { metric: 'cpu', targetValue: 50 },
    { metric: 'memory', targetValue: 50, disableScaleIn },
  ];

  test('scales out when any target asks for it', () => {
    const lone = needing(8, both(false));
    lone.metric('memory@60', 75);
    lone.look();
    expect(lone.group.desired).toBe(15);
  });

  test('scales in when all targets may, as far as the one that needs most lets it', () => {
    const lone = needing(5, both(false));
    lone.metric('memory@60', 40);
    lone.look();
    expect(lone.group.desired).toBe(8);
  });

  /** On purpose unlike AWS: otherwise the one would take what the other asks for again a minute later. */
  test('a target with disableScaleIn does not keep others from scaling in, but no lower than it needs itself', () => {
    const lone = needing(5, both(true));
    lone.metric('memory@60', 35);
    lone.look();
    expect(lone.group.desired).toBe(7);
  });
});

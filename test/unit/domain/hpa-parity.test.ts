import { describe, expect, test } from 'vitest';
import { fewestAllowed, mostAllowed, stabilized } from '../../../shared/domain/behavior.ts';
import { recommend } from '../../../shared/domain/target-tracking.ts';
import type { BehaviorDirection } from '../../../shared/fleet/rule.ts';
import { LoneGroup, noon, policyOf } from '../../kit/lone-group.ts';

/**
 * Kubernetes' own cases, by the names they have in `pkg/controller/podautoscaler` of kubernetes/kubernetes
 * (`replica_calculator_test.go`, `horizontal_test.go`), and statements of the documentation
 * (https://kubernetes.io/docs/tasks/run-application/horizontal-pod-autoscale/, "docs" below).
 *
 * Not expressible: metrics of single servers. CloudWatch knows a group's average or nothing; where HPA assumes 0 % or
 * 100 % for a pod without metrics, an unknown average holds the capacity.
 */
const perServer = { perServer: true, value: 0 };
const total = { perServer: false, value: 0 };

/** [source, metric, desired, warm, value, target, expected replicas] */
const calculations: [string, typeof perServer, number, number, number, number, number][] = [
  ['docs: current 200m, desired 100m doubles', perServer, 3, 3, 200, 100, 6],
  ['docs: current 50m, desired 100m halves', perServer, 4, 4, 50, 100, 2],
  ['docs: within the tolerance of 0.1 nothing moves', perServer, 10, 10, 109, 100, 10],
  ['TestReplicaCalcScaleUp', perServer, 3, 3, 50, 30, 5],
  ['TestReplicaCalcScaleUpUnreadyLessScale', perServer, 3, 2, 60, 30, 4],
  ['TestReplicaCalcScaleUpHotCpuLessScale', perServer, 3, 2, 60, 30, 4],
  ['TestReplicaCalcScaleUpUnreadyNoScale', perServer, 3, 1, 40, 30, 3],
  ['TestReplicaCalcScaleHotCpuNoScale', perServer, 3, 1, 40, 30, 3],
  ['TestReplicaCalcScaleUpIgnoresFailedPods', perServer, 2, 2, 60, 30, 4],
  ['TestReplicaCalcScaleUpCM', perServer, 3, 3, 20_000, 15_000, 4],
  ['TestReplicaCalcScaleDown', perServer, 5, 5, 28, 50, 3],
  ['TestReplicaCalcScaleDownCM', perServer, 5, 5, 12_000, 20_000, 3],
  ['TestReplicaCalcScaleDownIncludeUnreadyPods', perServer, 5, 3, 30, 50, 2],
  ['TestReplicaCalcScaleDownExcludeUnscheduledPods', perServer, 5, 1, 10, 50, 1],
  ['TestReplicaCalcTolerance', perServer, 3, 3, 102, 100, 3],
  ['TestReplicaCalcScaleUpCMPerPodObject', total, 3, 3, 20_000, 5000, 4],
  ['TestReplicaCalcScaleUpPerPodCMExternal', total, 3, 3, 8600, 2150, 4],
  ['TestReplicaCalcScaleDownPerPodCMObject', total, 5, 5, 6000, 2000, 3],
  ['TestReplicaCalcScaleDownPerPodCMExternal', total, 5, 5, 8600, 2867, 3],
  ['TestReplicaCalcTolerancePerPodCMExternal', total, 3, 3, 8600, 2867, 3],
];

test.each(calculations)('%s', (_, kind, desired, warm, value, targetValue, expected) => {
  const target = { ...kind, name: 'metric', metricKey: 'metric', targetValue, disableScaleIn: false };
  const tolerances = { up: 0.1, down: 0.1 };
  expect(recommend(target, value, { desired, warm }, tolerances)?.servers).toBe(expected);
});

type Policies = BehaviorDirection['policies'];

function rules(selectPolicy: BehaviorDirection['selectPolicy'], policies: Policies): BehaviorDirection {
  return { selectPolicy, policies, stabilizationWindowSeconds: 0, tolerance: 0.1 };
}

function pods(value: number, periodSeconds = 60): Policies[number] {
  return { type: 'Instances', value, periodSeconds };
}

function percent(value: number, periodSeconds = 60): Policies[number] {
  return { type: 'Percent', value, periodSeconds };
}

/** As `generateEventsUniformDistribution` spreads them: in the middle of equal parts of the period. */
function events(changes: number[], periodSeconds = 120): [number, number][] {
  const part = (periodSeconds * 1000) / changes.length;
  return changes.map((change, at) => [noon - periodSeconds * 1000 + part * (at + 0.5), change]);
}

const busy = events([1, 5, 9]);
const left = events([-1, -5, -9]);

/** [source, select, policies, earlier changes, current, wanted, expected]; all from `TestScalingWithRules` but the first two */
const rises: [string, 'Max' | 'Min', Policies, [number, number][], number, number, number][] = [
  ['TestCalculateScaleUpLimitWithScalingRules', 'Min', [pods(2), percent(50)], [], 1, 10, 2],
  ['docs: the largest change is the default', 'Max', [pods(4), percent(100)], [], 1, 10, 5],
  ['scaleUpLimit is the limit … with user policies', 'Max', [percent(1)], [], 3, 1000, 4],
  ['pods policy larger than percent policy', 'Max', [pods(100), percent(100)], [], 10, 500, 110],
  ['percent policy larger than pods policy', 'Max', [pods(2), percent(100)], [], 10, 500, 20],
  ['large pod policy', 'Max', [pods(100)], [], 10, 50, 50],
  ['pod policy limitation', 'Max', [pods(30)], [], 10, 50, 40],
  ['percent policy limitation', 'Max', [percent(200)], [], 10, 50, 30],
  ['not HPA, which is off at 0: a percentage of nothing lets one come', 'Max', [percent(100)], [], 0, 5, 1],
  ['a lot of recent scale up events', 'Max', [pods(5, 120)], busy, 100, 500, 100],
  ['pod policy and previous scale up events', 'Max', [pods(150, 120)], busy, 100, 500, 235],
  ['percent policy and previous scale up events', 'Max', [percent(200, 120)], busy, 100, 500, 255],
  ['… and previous scale up and down events', 'Max', [percent(300, 300)], events([4, -2]), 6, 24, 16],
];

describe('behavior.scaleUp', () => {
  test.each(rises)('%s', (_, select, policies, changes, current, wanted, expected) => {
    const most = mostAllowed(rules(select, policies), changes, current, noon);
    expect(Math.min(wanted, most)).toBe(expected);
  });
});

const falls: typeof rises = [
  ['TestCalculateScaleDownLimitWithBehaviors', 'Min', [pods(2), percent(50)], [], 5, 0, 3],
  ['docs: of 80 pods 10 % is 8, more than 4', 'Max', [pods(4), percent(10)], [], 80, 10, 72],
  ['docs: of 37 pods 10 % is 3.7, rounded up to 4', 'Max', [pods(4), percent(10)], [], 37, 10, 33],
  ['percent policy smaller than pod policy', 'Max', [pods(20), percent(1)], [], 100, 2, 80],
  ['pod policy larger than percent policy', 'Max', [pods(2), percent(1)], [], 100, 2, 98],
  ['pod policy limitation', 'Max', [pods(5)], [], 10, 2, 5],
  ['percent policy limitation', 'Max', [percent(50)], [], 10, 5, 5],
  ['pod policy limitation and previous events', 'Max', [pods(5, 120)], left, 100, 2, 100],
  ['percent policy and previous events', 'Max', [percent(50, 120)], events([-2, -4, -6]), 100, 0, 56],
  ['… and previous scale up and down events', 'Max', [percent(50, 180)], events([2, -4]), 10, 1, 6],
  ['previous events prevent more', 'Max', [percent(10, 120)], events([-10, -10, -10]), 100, 0, 100],
  ['previous events still allow more', 'Max', [percent(1000, 120)], events([-10, -10, -10]), 10, 5, 5],
];

describe('behavior.scaleDown', () => {
  test.each(falls)('%s', (_, select, policies, changes, current, wanted, expected) => {
    const fewest = fewestAllowed(rules(select, policies), changes, current, noon);
    expect(Math.max(wanted, fewest)).toBe(expected);
  });
});

describe('selectPolicy: Disabled (docs)', () => {
  test('turns a direction off', () => {
    const off = rules('Disabled', [pods(100)]);
    expect([mostAllowed(off, [], 7, noon), fewestAllowed(off, [], 7, noon)]).toEqual([7, 7]);
  });
});

/** [source, up window, down window, recommendations by minutes ago, current, wanted, expected] */
const histories: [string, number, number, [number, number][], number, number, number][] = [
  ['TestNormalizeDesiredReplicas: empty log', 0, 300, [], 10, 5, 5],
  [
    'stabilize',
    0,
    300,
    [
      [2, 4],
      [1, 5],
    ],
    10,
    3,
    5,
  ],
  [
    'no stabilize',
    0,
    300,
    [
      [2, 1],
      [1, 2],
    ],
    10,
    3,
    3,
  ],
  [
    'no stabilize - old recommendations',
    0,
    300,
    [
      [10, 10],
      [9, 9],
      [8, 3],
    ],
    10,
    3,
    3,
  ],
  [
    'stabilize - old recommendations',
    0,
    300,
    [
      [10, 10],
      [9, 9],
      [8, 3],
      [2, 5],
      [1, 4],
    ],
    10,
    3,
    5,
  ],
  [
    'TestStabilizeDownscale',
    0,
    300,
    [
      [10, 10],
      [9, 3],
      [1, 4],
    ],
    4,
    2,
    4,
  ],
  [
    'docs: scaleUp without a window is immediate',
    0,
    300,
    [
      [2, 3],
      [1, 3],
    ],
    3,
    8,
    8,
  ],
  [
    'docs: scaleUp takes the smallest of its window',
    180,
    300,
    [
      [2, 4],
      [1, 9],
    ],
    3,
    8,
    4,
  ],
  [
    'docs: neither up nor down while the windows disagree',
    180,
    300,
    [
      [2, 2],
      [1, 9],
    ],
    5,
    7,
    5,
  ],
];

describe('stabilization', () => {
  test.each(histories)('%s', (_, up, down, minutesAgo, current, wanted, expected) => {
    const recommendations = minutesAgo.map(([ago, servers]) => [noon - ago * 60_000, servers] as const);
    const behavior = {
      scaleUp: { ...rules('Max', []), stabilizationWindowSeconds: up },
      scaleDown: { ...rules('Max', []), stabilizationWindowSeconds: down },
    };
    expect(stabilized(recommendations, wanted, current, behavior, noon)).toBe(expected);
  });
});

/** CPU 70 %, memory 80 %, min 3, max 20; down 50 % per 60 s after 300 s; up 100 % or 2 per 60 s, whichever is more. */
const ours = {
  minSize: 3,
  maxSize: 20,
  targets: [
    { metric: 'cpu', targetValue: 70 },
    { metric: 'memory', targetValue: 80 },
  ],
  behavior: {
    scaleDown: {
      stabilizationWindowSeconds: 300,
      policies: [{ type: 'Percent', value: 50, periodSeconds: 60 }],
    },
    scaleUp: {
      stabilizationWindowSeconds: 0,
      selectPolicy: 'Max',
      policies: [
        { type: 'Percent', value: 100, periodSeconds: 60 },
        { type: 'Instances', value: 2, periodSeconds: 60 },
      ],
    },
  },
};

describe('the HPA that our users come from', () => {
  function play(loads: { cpu: number; memory: number }[], desired: number): number[] {
    const lone = new LoneGroup(ours, desired);
    lone.look();
    return loads.map(({ cpu, memory }) => {
      lone.pass(1);
      lone.metric('cpu@60', cpu);
      lone.metric('memory@60', memory);
      lone.settle();
      return lone.group.desired;
    });
  }

  test('is expressed line for line', () => {
    expect(policyOf(ours)).toMatchObject({ minSize: 3, maxSize: 20, behavior: ours.behavior });
  });

  test('doubles at most each minute, up to the maximum', () => {
    const hot = { cpu: 350, memory: 40 };
    expect(play([hot, hot, hot], 3)).toEqual([6, 12, 20]);
  });

  test('adds two where that is more than doubling', () => {
    const one = { ...ours, minSize: 1 };
    const lone = new LoneGroup(one, 1);
    lone.metric('cpu@60', 350);
    lone.metric('memory@60', 40);
    lone.settle();
    lone.settle();
    expect(lone.group.desired).toBe(3);
  });

  test('follows the metric that needs most', () => {
    expect(play([{ cpu: 70, memory: 120 }], 4)).toEqual([6]);
  });

  test('waits five minutes before it scales down, then halves each minute', () => {
    const busyOnce = { cpu: 70, memory: 80 };
    const calm = { cpu: 7, memory: 8 };
    const days = play([busyOnce, ...Array.from({ length: 8 }, () => calm)], 16);
    expect(days).toEqual([16, 16, 16, 16, 16, 16, 8, 4, 3]);
  });
});

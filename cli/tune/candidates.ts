/** A policy to try: what would stand in the group's place in the fleet file. undefined takes a key out. */
export interface Candidate {
  /** For people: `target tracking: cpu at 60 %`. */
  readonly name: string;
  /** Of one kind there is a range, and the best of each kind is looked at more closely. */
  readonly kind: 'as it is' | 'objective' | 'targets' | 'steps';
  readonly lines: Readonly<Record<string, unknown>>;
  /** Where it lies in the range of its kind; the neighbours of the best are tried. */
  readonly knob?: number;
}

const nothing = {
  alarms: undefined,
  targets: undefined,
  objective: undefined,
  forecast: undefined,
  behavior: undefined,
};

export const asItIs: Candidate = { name: 'as it is', kind: 'as it is', lines: {} };

/** The coarse search: every kind of policy over its range, no objective beyond the promise. The windows stay as they are. */
export function coarse(promise: number): Candidate[] {
  return [
    asItIs,
    ...[0.3, 0.5, 0.7, 1].map((part) => withObjective(part * promise)),
    ...[35, 45, 55, 65, 75].flatMap((value) => [withTarget(value, 300), withTarget(value, 900)]),
    ...[40, 50, 60, 70].flatMap((value) => [withSteps(value, 1), withSteps(value, 3)]),
  ];
}

/** The neighbours of a candidate that did well. */
export function near({ kind, knob = 0 }: Candidate, promise: number): Candidate[] {
  switch (kind) {
    case 'objective':
      return [0.8, 0.9, 1.1, 1.2].map((part) => withObjective(Math.min(promise, part * knob)));
    case 'targets':
      return [-7.5, -5, -2.5, 2.5, 5, 7.5].flatMap((step) => [
        withTarget(knob + step, 300),
        withTarget(knob + step, 1800),
      ]);
    case 'steps':
      return [-5, -2.5, 2.5, 5].flatMap((step) => [withSteps(knob + step, 1), withSteps(knob + step, 2)]);
    case 'as it is':
      return [];
  }
}

/** The same policy with other windows; undefined: with none. */
export function withWindows(candidate: Candidate, windows: object | undefined): Candidate {
  const name = windows
    ? `${candidate.name}, and a window from its past`
    : `${candidate.name}, without windows`;
  return { ...candidate, name, lines: { ...candidate.lines, schedules: windows } };
}

function withObjective(unserved: number): Candidate {
  const share = `${Number((100 * unserved).toPrecision(2))}%`;
  return {
    name: `objective: ${share} unserved`,
    kind: 'objective',
    knob: unserved,
    lines: { ...nothing, objective: { unserved: share } },
  };
}

function withTarget(targetValue: number, stabilizationWindowSeconds: number): Candidate {
  return {
    name: `target tracking: cpu at ${targetValue} %, down after ${stabilizationWindowSeconds / 60} min`,
    kind: 'targets',
    knob: targetValue,
    lines: {
      ...nothing,
      targets: [{ metric: 'cpu', targetValue }],
      behavior: { scaleDown: { stabilizationWindowSeconds, headroom: true } },
    },
  };
}

/** Out by a tenth, a fifth or three tenths, in by a tenth, as AWS's own step policies are mostly set up. */
function withSteps(threshold: number, evaluationPeriods: number): Candidate {
  const percent = {
    metric: 'cpu',
    period: 60,
    adjustmentType: 'PercentChangeInCapacity',
    minAdjustmentMagnitude: 1,
  };
  const high = {
    ...percent,
    comparisonOperator: 'GreaterThanThreshold',
    threshold,
    evaluationPeriods,
    cooldown: 60,
    stepAdjustments: [
      { metricIntervalLowerBound: 0, metricIntervalUpperBound: 10, scalingAdjustment: 10 },
      { metricIntervalLowerBound: 10, metricIntervalUpperBound: 20, scalingAdjustment: 25 },
      { metricIntervalLowerBound: 20, scalingAdjustment: 50 },
    ],
  };
  const low = {
    ...percent,
    comparisonOperator: 'LessThanThreshold',
    threshold: Math.round(0.6 * threshold),
    evaluationPeriods: 15,
    scalingAdjustment: -10,
    cooldown: 300,
  };
  return {
    name: `steps: cpu above ${threshold} % for ${evaluationPeriods} min`,
    kind: 'steps',
    knob: threshold,
    lines: { ...nothing, alarms: { 'cpu-high': high, 'cpu-low': low } },
  };
}

import { z } from 'zod';
import { duration, identifier, share } from './scalars.ts';

/** Metrics that Rushhour knows by name, and how each behaves when servers join. */
export const namedMetrics = {
  cpu: { perServer: true, unit: '%' },
  memory: { perServer: true, unit: '%' },
  disk: { perServer: true, unit: '%' },
  networkIn: { perServer: true, unit: 'bytes/s' },
  networkOut: { perServer: true, unit: 'bytes/s' },
  requestsPerSecond: { perServer: false, unit: 'requests/s' },
  requestsPerTarget: { perServer: true, unit: 'requests/s' },
  responseTime: { perServer: true, unit: 's' },
} as const;

export type NamedMetric = keyof typeof namedMetrics;

const statistic = z
  .string()
  .regex(/^(Average|Sum|Minimum|Maximum|SampleCount|p\d{1,2}(\.\d{1,2})?)$/, {
    error: 'expected Average, Sum, Minimum, Maximum, SampleCount or a percentile like p95',
  });

/** Any metric of CloudWatch. */
const customMetric = z.strictObject({
  namespace: z.string().min(1).max(255),
  metricName: z.string().min(1).max(255),
  dimensions: z.record(z.string(), z.string()).default({}),
  statistic: statistic.default('Average'),
  /** Does it fall when servers join (an average per server), or is it a fleet total? */
  perServer: z.boolean().default(true),
});

export const metric = z.union(
  [z.enum(Object.keys(namedMetrics) as [NamedMetric, ...NamedMetric[]]), customMetric],
  {
    error: `expected one of ${Object.keys(namedMetrics).join(', ')}, or {namespace, metricName, dimensions, statistic}`,
  },
);

export type Metric = z.output<typeof metric>;

const adjustmentType = z.enum(['ChangeInCapacity', 'PercentChangeInCapacity', 'ExactCapacity']);

/** Bounds are distances from the threshold, as AWS has them; a missing bound is infinite. */
const stepAdjustment = z.strictObject({
  metricIntervalLowerBound: z.number().optional(),
  metricIntervalUpperBound: z.number().optional(),
  scalingAdjustment: z.int(),
});

const alarmPeriod = z
  .int()
  .refine(
    (seconds) =>
      seconds === 10 ||
      seconds === 20 ||
      seconds === 30 ||
      (seconds >= 60 && seconds % 60 === 0 && seconds <= 86400),
    {
      error: 'expected 10, 20, 30 or a multiple of 60 seconds',
    },
  );

export const alarmRule = z
  .strictObject({
    metric,
    statistic: statistic.optional(),
    comparisonOperator: z.enum([
      'GreaterThanThreshold',
      'GreaterThanOrEqualToThreshold',
      'LessThanThreshold',
      'LessThanOrEqualToThreshold',
    ]),
    threshold: z.number(),
    period: alarmPeriod,
    evaluationPeriods: z.int().min(1).max(100),
    datapointsToAlarm: z.int().min(1).optional(),
    treatMissingData: z.enum(['missing', 'ignore', 'breaching', 'notBreaching']).default('missing'),
    adjustmentType: adjustmentType.default('ChangeInCapacity'),
    scalingAdjustment: z.int().optional(),
    stepAdjustments: z.array(stepAdjustment).min(1).max(20).optional(),
    minAdjustmentMagnitude: z.int().min(1).optional(),
    cooldown: duration.default(300),
    /** Fire again after the cooldown while the alarm stays in ALARM? Default: only if the metric is per server. */
    repeat: z.boolean().optional(),
  })
  .superRefine((rule, context) => {
    const complain = (path: PropertyKey[], message: string) =>
      context.addIssue({ code: 'custom', path, message });
    if ((rule.scalingAdjustment === undefined) === (rule.stepAdjustments === undefined)) {
      complain(['scalingAdjustment'], 'expected either scalingAdjustment or stepAdjustments');
    }
    const adjustments = rule.stepAdjustments?.map((step) => step.scalingAdjustment) ?? [
      rule.scalingAdjustment ?? 1,
    ];
    const relative = rule.adjustmentType !== 'ExactCapacity';
    if (relative && adjustments.some((n) => n === 0))
      complain(['scalingAdjustment'], 'expected a change other than 0');
    if (relative && adjustments.some((n) => n > 0) && adjustments.some((n) => n < 0)) {
      complain(['stepAdjustments'], 'expected all steps in one direction: make two rules');
    }
    if (!relative && adjustments.some((n) => n < 0))
      complain(['scalingAdjustment'], 'expected 0 or more servers');
    if (scalesIn(rule, adjustments) && rule.treatMissingData === 'breaching') {
      complain(['treatMissingData'], 'expected anything but breaching: missing data must never scale in');
    }
    if ((rule.datapointsToAlarm ?? 1) > rule.evaluationPeriods)
      complain(['datapointsToAlarm'], 'expected at most evaluationPeriods');
    if (rule.period * rule.evaluationPeriods > 86400)
      complain(['evaluationPeriods'], 'expected period × evaluationPeriods of at most a day');
    for (const [index, message] of stepProblems(rule.stepAdjustments ?? []))
      complain(['stepAdjustments', index], message);
  });

function scalesIn(
  rule: { adjustmentType: string; comparisonOperator: string },
  adjustments: number[],
): boolean {
  return rule.adjustmentType === 'ExactCapacity'
    ? rule.comparisonOperator.startsWith('Less')
    : adjustments.some((n) => n < 0);
}

type Step = z.output<typeof stepAdjustment>;

function stepProblems(steps: Step[]): [number, string][] {
  const lower = (step: Step) => step.metricIntervalLowerBound ?? Number.NEGATIVE_INFINITY;
  const upper = (step: Step) => step.metricIntervalUpperBound ?? Number.POSITIVE_INFINITY;
  const problems: [number, string][] = [];
  for (const [index, step] of steps.entries()) {
    if (lower(step) >= upper(step))
      problems.push([index, 'expected metricIntervalLowerBound below metricIntervalUpperBound']);
    const overlap = steps.findIndex(
      (other, at) => at < index && lower(other) < upper(step) && lower(step) < upper(other),
    );
    if (overlap >= 0)
      problems.push([index, `expected bounds that do not overlap stepAdjustments[${overlap}]`]);
  }
  return problems;
}

export type AlarmRule = z.output<typeof alarmRule>;
export type StepAdjustment = Step;

/** Keeps the metric's average per server near `targetValue`: ⌈n · value ÷ target⌉. */
export const target = z.strictObject({
  metric,
  targetValue: z.number().positive(),
  disableScaleIn: z.boolean().default(false),
});

export type Target = z.output<typeof target>;

const ratePolicy = z.strictObject({
  type: z.enum(['Instances', 'Percent']),
  value: z.int().min(1),
  periodSeconds: z.int().min(1).max(1800),
});

/** One direction of HPA's `behavior`; without policies the pace is unbounded. */
const direction = (stabilizationWindowSeconds: number) =>
  z.strictObject({
    stabilizationWindowSeconds: z.int().min(0).max(3600).default(stabilizationWindowSeconds),
    selectPolicy: z.enum(['Max', 'Min', 'Disabled']).default('Max'),
    policies: z.array(ratePolicy).default([]),
    /** Relative distance from the target within which nothing moves. */
    tolerance: z.number().min(0).max(1).default(0.1),
  });

export const behavior = z.strictObject({
  scaleUp: direction(0).prefault({}),
  scaleDown: direction(300).prefault({}),
});

export type Behavior = z.output<typeof behavior>;
export type BehaviorDirection = Behavior['scaleUp'];

/** At least ⌈leader's capacity × ratio⌉ servers: out before the leader's rise is over, in only after its fall. */
export const follows = z.strictObject({ group: identifier, ratio: z.number().positive().max(100) });

/** What one server carries, to which a forecast's load is held. */
const carried = {
  metric: metric.default('cpu'),
  /** The metric's value at which a server is as full as it should be. */
  targetValue: z.number().positive().default(80),
};

/** The cheapest fleet that leaves at most this share of the load unserved. */
export const objective = z.strictObject({ unserved: share, ...carried });
/** The same forecast as a floor alone: it never scales in by itself. */
export const forecast = z.strictObject({ unserved: share.prefault('1%'), ...carried });

export type Objective = z.output<typeof objective>;

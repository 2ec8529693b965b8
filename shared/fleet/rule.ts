import { z } from 'zod';
import { acrossFields, type Complain, type Draft } from './across-fields.ts';
import { calendarEntry } from './calendar.ts';
import { oneOf } from './expectations.ts';
import { isPrometheus, managedRegion } from './prometheus.ts';
import {
  durationOrNone,
  fraction,
  identifier,
  pattern,
  positive,
  share,
  text,
  wholeNumber,
} from './scalars.ts';
import { stepProblems } from './step-problems.ts';

/** Metrics that Rushhour knows by name, and their units. */
export const namedMetrics = {
  cpu: '%',
  memory: '%',
  disk: '%',
  networkIn: 'bytes/s',
  networkOut: 'bytes/s',
  requestsPerSecond: 'requests/s',
  requestsPerTarget: 'requests/s',
  responseTime: 's',
} as const;

export type NamedMetric = keyof typeof namedMetrics;

const statistic = pattern(
  /^(Average|Sum|Minimum|Maximum|SampleCount|p\d{1,2}(\.\d{1,2})?)$/,
  'expected Average, Sum, Minimum, Maximum, SampleCount or a percentile like p95',
);

/** Any metric of CloudWatch. */
const customMetric = z.strictObject({
  namespace: text(255).describe("CloudWatch's namespace, like Shop/Checkout."),
  metricName: text(255).describe('Its name there.'),
  dimensions: z.record(text(255), text(1024)).default({}).describe('All of its dimensions.'),
  statistic: statistic.default('Average').describe('Average, Sum, Minimum, Maximum, SampleCount, or p95.'),
  perServer: z
    .boolean()
    .default(true)
    .describe('Does it fall when servers join (an average per server), or is it a fleet total?'),
});

const secretName = pattern(/^[A-Za-z0-9/_+=.@-]{1,512}$/, 'expected the name of a secret of Secrets Manager');

/** A query of a Prometheus. */
const prometheusMetric = z.strictObject({
  prometheus: acrossFields(
    z.strictObject({
      url: pattern(/^https?:\/\/[^\s?#]+$/, 'expected the URL of a Prometheus, without /api/v1').describe(
        'Where it is, without /api/v1.',
      ),
      query: text(4096).describe('What has one value at each time: sum(rate(http_requests_total[1m])).'),
      token: secretName.optional().describe('A secret {"token": …}: it is asked with this bearer token.'),
      basic: secretName
        .optional()
        .describe('A secret {"username": …, "password": …}: it is asked with these.'),
      sigv4: z
        .boolean()
        .optional()
        .describe('It is Amazon Managed Service for Prometheus: it is asked in the role of the functions.'),
    }),
    (value, complain) => {
      const ways = (['token', 'basic', 'sigv4'] as const).filter((way) => way in value);
      if (ways.length > 1) complain(ways[1]!, `expected one of token, basic and sigv4 beside ${ways[0]}`);
      if (value.sigv4 && value.url !== undefined && managedRegion(value.url) === undefined)
        complain(
          'url',
          'expected that of a workspace, like https://aps-workspaces.REGION.amazonaws.com/workspaces/ID',
        );
    },
  ).describe('A query of a Prometheus.'),
  perServer: z
    .boolean()
    .default(true)
    .describe('Does it fall when servers join (an average per server), or is it a fleet total?'),
});

export const metric = z.union(
  [z.enum(Object.keys(namedMetrics) as [NamedMetric, ...NamedMetric[]]), customMetric, prometheusMetric],
  {
    error: ({ input }) =>
      oneOf(
        Object.keys(namedMetrics),
        input,
        ', or {namespace, metricName, dimensions, statistic}, or {prometheus: {url, query}}',
      ),
  },
);

export type Metric = z.output<typeof metric>;

const adjustmentType = z.enum(['ChangeInCapacity', 'PercentChangeInCapacity', 'ExactCapacity']);

const stepAdjustment = z.strictObject({
  metricIntervalLowerBound: z
    .number()
    .optional()
    .describe('From this distance to the threshold. Default: without bound.'),
  metricIntervalUpperBound: z
    .number()
    .optional()
    .describe('Up to this distance to the threshold. Default: without bound.'),
  scalingAdjustment: z.int().describe('What changes there.'),
});

const periodHint = 'expected 10, 20, 30 or a multiple of 60 seconds up to a day';
const alarmPeriod = z
  .int({ error: periodHint })
  .refine((seconds) => [10, 20, 30].includes(seconds) || (seconds >= 60 && seconds % 60 === 0), {
    error: periodHint,
  })
  .max(86_400, { error: periodHint });

/** @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_MetricDatum.html on the range of values */
const threshold = z.number().refine((value) => Math.abs(value) <= 2 ** 360, {
  error: 'expected a number that CloudWatch takes, up to 2^360',
});

/** A CloudWatch alarm and what it does to the capacity. */
export const alarmRule = acrossFields(
  z.strictObject({
    metric: metric.describe('What is measured: a metric by name, or any metric of CloudWatch.'),
    statistic: statistic.optional().describe("Overrides the metric's own."),
    comparisonOperator: z
      .enum([
        'GreaterThanThreshold',
        'GreaterThanOrEqualToThreshold',
        'LessThanThreshold',
        'LessThanOrEqualToThreshold',
      ])
      .describe('When a datapoint breaches.'),
    threshold: threshold.describe("In the metric's own unit."),
    period: alarmPeriod.describe('Seconds that one datapoint covers.'),
    evaluationPeriods: wholeNumber(1, 100).describe('How many datapoints are looked at.'),
    datapointsToAlarm: wholeNumber(1, 100).optional().describe('How many of them must breach. Default: all.'),
    treatMissingData: z
      .enum(['missing', 'ignore', 'breaching', 'notBreaching'])
      .default('missing')
      .describe(
        'As CloudWatch has it; a count of requests that is silent is 0 where its load balancer has counted its hosts, an HTTPCode_… count is 0, and a rule that scales in never takes missing data for a breach.',
      ),
    adjustmentType: adjustmentType
      .default('ChangeInCapacity')
      .describe('What scalingAdjustment is: servers, a percentage, or the capacity itself.'),
    scalingAdjustment: z
      .int()
      .optional()
      .describe('What the alarm changes; below 0 it scales in. Or give stepAdjustments.'),
    stepAdjustments: z
      .array(stepAdjustment)
      .min(1, { error: 'expected 1 to 20 steps' })
      .max(20, { error: 'expected 1 to 20 steps' })
      .optional()
      .describe('Different changes by how far the metric is from the threshold, as AWS has them.'),
    minAdjustmentMagnitude: wholeNumber(1, 10_000, ' of servers')
      .optional()
      .describe('The least number of servers that a percentage changes.'),
    cooldown: durationOrNone
      .prefault(300)
      .describe(
        'From the completion of the last change by this rule to its next: 5m, or seconds; 0: none. A rule with steps takes a higher one without waiting while its servers come or warm up.',
      ),
    repeat: z
      .boolean()
      .optional()
      .describe(
        'Fire again after the cooldown while the alarm stays in ALARM? Default: only if the metric is per server.',
      ),
  }),
  (rule, complain) => {
    const { datapointsToAlarm, evaluationPeriods, period, stepAdjustments } = rule;
    if ('scalingAdjustment' in rule === 'stepAdjustments' in rule)
      complain('scalingAdjustment', 'expected either scalingAdjustment or stepAdjustments');
    adjustmentRules(rule, complain);
    if ((rule.metric === 'requestsPerSecond' || rule.metric === 'requestsPerTarget') && 'statistic' in rule) {
      if (rule.statistic !== 'Sum') complain('statistic', `expected Sum, or none: ${rule.metric} is a count`);
    }
    if (isPrometheus(rule.metric) && 'statistic' in rule)
      complain('statistic', 'expected none: the query itself says what it computes');
    if (datapointsToAlarm && evaluationPeriods && datapointsToAlarm > evaluationPeriods)
      complain('datapointsToAlarm', `expected at most evaluationPeriods (${evaluationPeriods})`);
    if (period && evaluationPeriods && period * evaluationPeriods > 86_400)
      complain('evaluationPeriods', 'expected period × evaluationPeriods of at most a day');
    const breachesAbove = rule.comparisonOperator?.startsWith('Greater');
    for (const [path, expected] of stepProblems(stepAdjustments ?? [], breachesAbove))
      complain(['stepAdjustments', ...path], expected);
    if (isOutOfPercent(rule.metric, rule.threshold, rule.statistic)) complain('threshold', percentHint);
  },
);

export type AlarmRule = z.output<typeof alarmRule>;
export type StepAdjustment = z.output<typeof stepAdjustment>;

function adjustmentRules(rule: Draft<AlarmRule>, complain: Complain): void {
  const steps = rule.stepAdjustments?.map((step) => step?.scalingAdjustment);
  const adjustments = (steps ?? [rule.scalingAdjustment]).filter((change) => change !== undefined);
  const field = steps ? 'stepAdjustments' : 'scalingAdjustment';
  if (rule.adjustmentType === 'ExactCapacity') {
    if (adjustments.some((change) => change < 0)) complain(field, 'expected 0 or more servers');
  } else {
    if (adjustments.length > 0 && adjustments.every((change) => change === 0))
      complain(field, steps ? 'expected a step other than 0' : 'expected a change other than 0');
  }
  if (rule.minAdjustmentMagnitude !== undefined && rule.adjustmentType !== 'PercentChangeInCapacity')
    complain('minAdjustmentMagnitude', 'expected adjustmentType PercentChangeInCapacity beside it');
  const scalesIn =
    rule.adjustmentType === 'ExactCapacity'
      ? rule.comparisonOperator?.startsWith('Less')
      : adjustments.some((change) => change < 0);
  if (scalesIn && rule.treatMissingData === 'breaching')
    complain('treatMissingData', 'expected anything but breaching: missing data must never scale in');
}

const percentHint = 'expected a percentage between 0 and 100';

/** A share of 0.7 is possible, if hardly meant; 700 % of a CPU is not. */
function isOutOfPercent(name: unknown, value: number | undefined, statistic?: string): boolean {
  if (typeof name !== 'string' || value === undefined || /^S/.test(statistic ?? '')) return false;
  return namedMetrics[name as NamedMetric] === '%' && (value < 0 || value > 100);
}

/** Keeps the metric's average per server near `targetValue`: ⌈n · value ÷ target⌉. */
export const target = acrossFields(
  z.strictObject({
    metric: metric.describe('What is tracked: a metric by name, or any metric of CloudWatch.'),
    targetValue: positive.describe('Where it is kept, per server.'),
    disableScaleIn: z.boolean().default(false).describe('True: it adds servers and never takes any.'),
  }),
  (draft, complain) => {
    if (isOutOfPercent(draft.metric, draft.targetValue)) complain('targetValue', percentHint);
  },
);

export type Target = z.output<typeof target>;

const ratePolicy = z.strictObject({
  type: z.enum(['Instances', 'Percent']).describe('What value counts: servers, or percent of them.'),
  value: wholeNumber(1, 10_000).describe('The most servers, or percent, in a period.'),
  periodSeconds: wholeNumber(1, 1800, ' of seconds').describe('How long the period is.'),
});

/** One direction of HPA's `behavior`; without policies the pace is unbounded. */
const direction = (stabilizationWindowSeconds: number) => z.strictObject(pace(stabilizationWindowSeconds));

function pace(stabilizationWindowSeconds: number) {
  return {
    stabilizationWindowSeconds: wholeNumber(0, 3600, ' of seconds')
      .default(stabilizationWindowSeconds)
      .describe('The most cautious recommendation of this many seconds counts.'),
    selectPolicy: z
      .enum(['Max', 'Min', 'Disabled'])
      .default('Max')
      .describe('Which policy counts: the one that allows most, or least; Disabled: nothing moves.'),
    policies: z.array(ratePolicy).default([]).describe('How fast it may go. Default: at once.'),
    tolerance: fraction
      .default(0.1)
      .describe('Relative distance from the target within which nothing moves.'),
  };
}

const downward = z.strictObject({
  ...pace(300),
  headroom: z
    .boolean()
    .default(false)
    .describe(
      'Take a server only where those that stay would be below the target by the tolerance, so that noise brings none back. Default: true without scaleDown in the file; false with it, as Kubernetes has it.',
    ),
});

export const behavior = z.strictObject({
  scaleUp: direction(0).prefault({}).describe('How capacity grows.'),
  scaleDown: downward.prefault({ headroom: true }).describe('How capacity shrinks.'),
});

export type Behavior = z.output<typeof behavior>;
export type BehaviorDirection = Behavior['scaleUp'];

/** At least ⌈leader's capacity × ratio⌉ servers: out before the leader's rise is over, in only after its fall. */
export const follows = z.strictObject({
  group: identifier.describe('The leader, another group of this fleet.'),
  ratio: positive
    .max(100, { error: 'expected a ratio of at most 100' })
    .describe('Servers per server of the leader.'),
});

/** What one server carries, to which a forecast's load is held. */
const carried = {
  metric: metric.default('cpu').describe('What is forecast.'),
  targetValue: positive
    .default(80)
    .describe("The metric's value at which a server is as full as it should be."),
  holidays: z
    .array(calendarEntry)
    .default([])
    .describe(
      'Days, ranges of days and calendars whose days are like Sundays, until two of them have shown what they are like.',
    ),
  workdays: z
    .array(calendarEntry)
    .default([])
    .describe(
      'Days, ranges of days and calendars whose days are like workdays, such as weekend days that are worked; also where holidays has them.',
    ),
};

/** The cheapest fleet that leaves at most this share of the load unserved. */
export const objective = z.strictObject({
  unserved: share.describe('The share of the load that may stay unserved, like 0.1%.'),
  ...carried,
});

/** The same forecast as a floor alone: it never scales in by itself. */
export const forecast = z.strictObject({
  unserved: share.prefault('1%').describe('The share of the load that may stay unserved, like 1%.'),
  ...carried,
});

export type Objective = z.output<typeof objective>;

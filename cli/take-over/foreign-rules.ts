import type { AlarmLines, MetricLines } from './taken-over.ts';

/** A metric of another cloud in the fleet file's words; its values are theirs times `factor`. */
export interface ForeignMetric {
  readonly metric: MetricLines;
  readonly factor: number;
}

/** Shortest period of a metric that the fleet file knows by name, in seconds. */
const leastPeriod = 60;

export interface ForeignAlarm {
  readonly measured: ForeignMetric;
  /** Theirs: `Average`. */
  readonly statistic: string | undefined;
  readonly comparisonOperator: string;
  readonly threshold: number;
  /** Seconds. */
  readonly period: number;
  readonly times: number;
}

/** The part of a rule that tells when. */
export function conditionOf({
  measured,
  statistic,
  comparisonOperator,
  threshold,
  period,
  times,
}: ForeignAlarm): Omit<AlarmLines, 'cooldown'> {
  const counted = measured.metric === 'requestsPerSecond' || measured.metric === 'requestsPerTarget';
  return {
    metric: measured.metric,
    ...(statistic !== undefined && statistic !== 'Average' && !counted && { statistic }),
    comparisonOperator,
    threshold: threshold * measured.factor,
    period: Math.max(period, leastPeriod),
    evaluationPeriods: times,
  };
}

/** The part that tells what. */
export function changeOf(
  adjustmentType: string,
  scalingAdjustment: number,
  minAdjustmentMagnitude: number | undefined,
  cooldown: number,
): Pick<AlarmLines, 'adjustmentType' | 'scalingAdjustment' | 'minAdjustmentMagnitude' | 'cooldown'> {
  return {
    ...(adjustmentType !== 'ChangeInCapacity' && { adjustmentType }),
    scalingAdjustment,
    ...(adjustmentType === 'PercentChangeInCapacity' &&
      minAdjustmentMagnitude !== undefined &&
      minAdjustmentMagnitude > 0 && { minAdjustmentMagnitude }),
    cooldown,
  };
}

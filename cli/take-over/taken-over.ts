/** What a person should know about a group that was taken over: what is missing, what differs, what is to be done. */
export interface Remark {
  /** Of what: `scaling policy busy`, `scheduled action lunch-start`. */
  readonly subject: string;
  /** `lost`: it could not be carried over. `differs`: it was, and behaves otherwise. `note`: good to know. */
  readonly kind: 'lost' | 'differs' | 'note';
  readonly message: string;
}

/** A group of somebody else's scaler, as it stands in a fleet file. */
export interface TakenOver {
  /** Its key in the fleet file. */
  readonly key: string;
  /** What stands under it, in the words of the fleet file. */
  readonly group: GroupLines;
  readonly remarks: readonly Remark[];
  /** IANA; of its schedules, if it has any: the fleet's time zone where nothing better is known. */
  readonly timeZone?: string | undefined;
}

/** A group as it is written, before defaults: `shared/fleet/group.ts` says what may stand in it. */
export interface GroupLines {
  minSize: number;
  maxSize: number;
  schedules?: Record<string, WindowLines>;
  alarms?: Record<string, AlarmLines>;
  targets?: TargetLines[];
  [key: string]: unknown;
}

export interface WindowLines {
  start: string;
  end: string;
  timeZone?: string;
  scalingAdjustment?: number;
  minSize?: number;
  maxSize?: number;
}

export interface TargetLines {
  metric: MetricLines;
  targetValue: number;
  disableScaleIn?: true;
}

export interface AlarmLines {
  metric: MetricLines;
  statistic?: string;
  comparisonOperator: string;
  threshold: number;
  period: number;
  evaluationPeriods: number;
  datapointsToAlarm?: number;
  treatMissingData?: string;
  adjustmentType?: string;
  scalingAdjustment?: number;
  stepAdjustments?: StepLines[];
  minAdjustmentMagnitude?: number;
  cooldown?: number;
  repeat?: true;
}

export interface StepLines {
  metricIntervalLowerBound?: number;
  metricIntervalUpperBound?: number;
  scalingAdjustment: number;
}

export type MetricLines = string | CustomMetricLines;

export interface CustomMetricLines {
  namespace: string;
  metricName: string;
  dimensions?: Record<string, string>;
  statistic?: string;
  perServer?: false;
}

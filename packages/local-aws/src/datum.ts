import type { MetricSink } from './cloudwatch/cloudwatch.ts';

/** One datapoint on its way to CloudWatch. */
export interface Datum {
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: Readonly<Record<string, string>>;
  readonly observation: Parameters<MetricSink['record']>[2];
  /** Of a metric that has datapoints more often than once a minute. */
  readonly isFine?: boolean;
}

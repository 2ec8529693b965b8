import { type Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import type { MiddlewareObj } from '@middy/core';
import type { ReasonCode } from '../domain/reason.ts';

/** What the answer of a function that decides says it has done. */
interface Report {
  readonly reasons: Readonly<Partial<Record<ReasonCode, number>>>;
  readonly activities: number;
  /** Of a sweep. */
  readonly groups?: number;
  readonly durationMs?: number;
}

/** Counts what the dashboard shows, and nothing else: each metric has its price. Each invocation publishes its own. */
export function measure(metrics: Metrics): MiddlewareObj<unknown, object> {
  return {
    after({ response }) {
      if (response && 'reasons' in response) count(metrics, response as Report);
      if (metrics.hasStoredMetrics()) metrics.publishStoredMetrics();
    },
    onError() {
      metrics.addMetric('Errors', MetricUnit.Count, 1);
      metrics.publishStoredMetrics();
    },
  };
}

function count(metrics: Metrics, { reasons, activities, groups, durationMs }: Report): void {
  if (activities > 0) metrics.addMetric('Activities', MetricUnit.Count, activities);
  if (groups !== undefined) metrics.addMetric('Groups', MetricUnit.Count, groups);
  if (durationMs !== undefined) metrics.addMetric('SweepDuration', MetricUnit.Milliseconds, durationMs);
  // A line with a dimension of its own per reason.
  for (const [reason, times] of Object.entries(reasons)) {
    metrics.singleMetric().addDimension('reason', reason).addMetric('Decisions', MetricUnit.Count, times);
  }
}

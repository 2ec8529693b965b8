import { type Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import type { MiddlewareObj } from '@middy/core';
import type { ReasonCode } from '../domain/reason.ts';

/** What a function's answer may tell of what it has done. */
interface Report {
  readonly groups?: number;
  /** How many; `history` answers with the activities themselves, which are nothing new. */
  readonly activities?: number | readonly unknown[];
  readonly reasons?: Readonly<Partial<Record<ReasonCode, number>>>;
  readonly durationMs?: number;
}

/** Counts what the dashboard shows, and nothing else: each metric has its price. */
export function measure(metrics: Metrics): MiddlewareObj<unknown, Report> {
  return {
    after({ response }) {
      const { groups, activities, reasons = {}, durationMs } = response ?? {};
      if (typeof activities === 'number' && activities > 0) {
        metrics.addMetric('Activities', MetricUnit.Count, activities);
      }
      if (groups !== undefined) metrics.addMetric('Groups', MetricUnit.Count, groups);
      if (durationMs !== undefined) metrics.addMetric('SweepDuration', MetricUnit.Milliseconds, durationMs);
      for (const [reason, count] of Object.entries(reasons)) {
        metrics.singleMetric().addDimension('reason', reason).addMetric('Decisions', MetricUnit.Count, count);
      }
    },
    onError() {
      metrics.addMetric('Errors', MetricUnit.Count, 1);
    },
  };
}

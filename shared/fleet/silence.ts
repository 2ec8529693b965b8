import { isPrometheus } from './prometheus.ts';
import type { AlarmRule, Metric } from './rule.ts';

/**
 * Counts of a load balancer that AWS documents as published only where they are not zero. Who has an alarm on one of them means
 * that silence is none.
 * @see https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-cloudwatch-metrics.html
 */
const sparseCounts = /^(HTTPCode_.+_Count|RejectedConnectionCount|\w+ErrorCount)$/;

/** Is it published only while there is something to count, so that no data means none? */
function isSparseCount(metric: Metric): boolean {
  if (typeof metric === 'string' || isPrometheus(metric)) return false;
  return metric.namespace === 'AWS/ApplicationELB' && sparseCounts.test(metric.metricName);
}

/** How an alarm treats missing data: as the file says, but the silence of a sparse count breaches nothing. */
export function treatedSilence({
  treatMissingData,
  metric,
}: Pick<AlarmRule, 'treatMissingData' | 'metric'>): AlarmRule['treatMissingData'] {
  return treatMissingData === 'missing' && isSparseCount(metric) ? 'notBreaching' : treatMissingData;
}

/** Can its silence be a known zero, because its load balancer has other metrics for the period? */
export function hasEvidence(metric: Metric): boolean {
  return metric === 'requestsPerSecond' || metric === 'requestsPerTarget' || metric === 'responseTime';
}

import { type CloudWatchClient, type MetricDatum, PutMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import { type PodMetric, podDimensions, podNamespace } from '../../fleet/pod-metrics.ts';
import { batches } from '../aws/batches.ts';
import { attempt } from '../aws/to-port-error.ts';

/** Of one `PutMetricData`. */
const dataAtOnce = 1000;

/** One number of a workload. @param name the group's name at its provider */
export function podDatum(name: string, MetricName: PodMetric, Value: number, Timestamp: Date): MetricDatum {
  const Dimensions = Object.entries(podDimensions(name)).map(([Name, Value]) => ({ Name, Value }));
  return { MetricName, Dimensions, Value, Timestamp };
}

/** Publishes what is known of pods. @param what is tried with so many of them, for the message @throws PortError */
export async function putPodData(
  client: CloudWatchClient,
  data: readonly MetricDatum[],
  what: (count: number) => string,
): Promise<void> {
  for (const MetricData of batches(data, dataAtOnce))
    await attempt(what(MetricData.length), () =>
      client.send(new PutMetricDataCommand({ Namespace: podNamespace, MetricData })),
    );
}

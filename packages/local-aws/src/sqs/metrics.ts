import { type CloudContext, servicePrincipal } from '../cloud-context.ts';
import { ServiceError } from '../service.ts';
import type { Queue } from './queue.ts';

const minuteMs = 60_000;

/**
 * Publishes each queue's metrics every minute.
 *
 * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-available-cloudwatch-metrics.html
 */
export function reportQueues(cloud: CloudContext, queues: ReadonlyMap<string, Queue>): void {
  const { eventQueue } = cloud;
  const next = Math.floor(eventQueue.now() / minuteMs + 1) * minuteMs;
  eventQueue.at(next, 'metrics of queues', async () => {
    for (const queue of queues.values()) await report(cloud, queue);
    reportQueues(cloud, queues);
  });
}

async function report(cloud: CloudContext, queue: Queue): Promise<void> {
  const now = cloud.eventQueue.now();
  const { visible, inFlight, delayed, oldestAgeSeconds } = queue.counts(now);
  const datum = (MetricName: string, Value: number, Unit: string) => ({
    MetricName,
    Dimensions: [{ Name: 'QueueName', Value: queue.name }],
    Timestamp: new Date(now),
    Value,
    Unit,
  });
  const MetricData = [
    datum('ApproximateNumberOfMessagesVisible', visible, 'Count'),
    datum('ApproximateNumberOfMessagesNotVisible', inFlight, 'Count'),
    datum('ApproximateNumberOfMessagesDelayed', delayed, 'Count'),
    datum('ApproximateAgeOfOldestMessage', oldestAgeSeconds, 'Seconds'),
  ];
  try {
    await cloud.call(
      'monitoring',
      'PutMetricData',
      { Namespace: 'AWS/SQS', MetricData },
      servicePrincipal('sqs'),
    );
  } catch (error) {
    // A cloud without CloudWatch has nobody to tell.
    if (!(error instanceof ServiceError && error.code === 'InvalidAction')) throw error;
  }
}

import { type CloudWatchClient, DescribeAlarmsCommand, type MetricAlarm } from '@aws-sdk/client-cloudwatch';
import type { AlarmState } from '../../domain/observation.ts';
import { reasonDatapoint } from '../../domain/reason-datapoint.ts';
import type { Alarms } from '../../ports/alarms.ts';
import { batches } from './batches.ts';
import { toPortError } from './to-port-error.ts';

/** CloudWatch alarms by name: 100 a call, the fewest calls there can be, one after the other as 9 a second are allowed. */
export class AwsAlarms implements Alarms {
  readonly #client: CloudWatchClient;

  constructor(client: CloudWatchClient) {
    this.#client = client;
  }

  async describe(names: readonly string[]): Promise<ReadonlyMap<string, AlarmState>> {
    const found = new Map<string, AlarmState>();
    for (const AlarmNames of batches(names, 100)) {
      const command = new DescribeAlarmsCommand({ AlarmNames, MaxRecords: 100 });
      try {
        const { MetricAlarms = [] } = await this.#client.send(command);
        for (const alarm of MetricAlarms) found.set(alarm.AlarmName!, toState(alarm));
      } catch (error) {
        throw toPortError(`describe ${AlarmNames.length} alarms`, error);
      }
    }
    return found;
  }
}

function toState(alarm: MetricAlarm): AlarmState {
  // Updated also moves when only the reason changes; an episode begins with the transition.
  const since = alarm.StateTransitionedTimestamp ?? alarm.StateUpdatedTimestamp!;
  const datapoint = reasonDatapoint(alarm.StateReasonData);
  const told = datapoint === undefined ? {} : { datapoint };
  return { value: alarm.StateValue!, since: since.getTime(), ...told, ...watched(alarm) };
}

function watched({ Dimensions = [], Metrics = [] }: MetricAlarm): Pick<AlarmState, 'watches'> {
  const queried = Metrics.flatMap(({ MetricStat }) => MetricStat?.Metric?.Dimensions ?? []);
  const watches = [...Dimensions, ...queried].find(({ Name }) => Name === 'LoadBalancer')?.Value;
  return watches === undefined ? {} : { watches };
}

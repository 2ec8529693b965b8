import { type CloudWatchClient, DescribeAlarmsCommand, type MetricAlarm } from '@aws-sdk/client-cloudwatch';
import type { AlarmState } from '../../domain/observation.ts';
import { reasonDatapoint } from '../../domain/reason-datapoint.ts';
import type { Alarms } from '../../ports/alarms.ts';
import { batches } from './batches.ts';
import { toPortError } from './to-port-error.ts';

/** In each of them the client tries four times, and waits for two seconds on average: a hundred groups have their turn. */
const mostTurns = 6;

/** CloudWatch alarms by name: 100 a call, the fewest calls there can be, one after the other as 9 a second are allowed. */
export class AwsAlarms implements Alarms {
  readonly #client: CloudWatchClient;

  constructor(client: CloudWatchClient) {
    this.#client = client;
  }

  async describe(names: readonly string[]): Promise<ReadonlyMap<string, AlarmState>> {
    const found = new Map<string, AlarmState>();
    for (const AlarmNames of batches(names, 100)) {
      for (const alarm of await this.#inTurn(AlarmNames)) found.set(alarm.AlarmName!, toState(alarm));
    }
    return found;
  }

  /** When the windows of many groups open at once, each of the functions that do it has to wait for its turn. */
  async #inTurn(AlarmNames: string[], turn = 1): Promise<readonly MetricAlarm[]> {
    try {
      const command = new DescribeAlarmsCommand({ AlarmNames, MaxRecords: 100 });
      const { MetricAlarms = [] } = await this.#client.send(command);
      return MetricAlarms;
    } catch (cause) {
      const error = toPortError(`describe ${AlarmNames.length} alarms`, cause);
      if (error.code !== 'Throttled' || turn === mostTurns) throw error;
    }
    return this.#inTurn(AlarmNames, turn + 1);
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

import { CloudWatchClient, DescribeAlarmsCommand, type MetricAlarm } from '@aws-sdk/client-cloudwatch';
import { DescribeTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { GetFunctionConfigurationCommand, LambdaClient } from '@aws-sdk/client-lambda';
import type { Fleet } from '../../shared/fleet/fleet.ts';
import {
  functionName,
  functionNames,
  tableName,
  type WatchAlarm,
  watchAlarmName,
} from '../../shared/fleet/names.ts';
import { minuteMs } from '../../shared/units.ts';
import type { FleetInCloud } from '../cloud.ts';
import { DeadLetters } from '../dead-letters.ts';
import { paced } from '../paced.ts';
import { type Finding, fine, problem, warning } from './finding.ts';

const deploy = 'npx cdk deploy --all';

/** Every function is there and can run. */
export async function checkFunctions({ scaler: { fleet } }: FleetInCloud): Promise<Finding[]> {
  const lambda = paced(new LambdaClient());
  const states = await Promise.all(
    functionNames.map(async (name) => ({
      name,
      state: await functionState(lambda, functionName(fleet, name)),
    })),
  );
  const check = 'functions';
  const missing = states.filter(({ state }) => state === undefined);
  if (missing.length === functionNames.length)
    return [
      problem(check, `the scaler of ${fleet.name} is not deployed`, deploy),
      ...(await leftOver(fleet)),
    ];
  const inactive = states.filter(({ state }) => state !== 'Active');
  if (inactive.length === 0) return [fine(check, `all ${functionNames.length} are active`)];
  return inactive.map(({ name, state }) =>
    problem(check, `${functionName(fleet, name)} is ${state ?? 'missing'}`, deploy),
  );
}

/** A destroy keeps the tables, so that nobody loses a history by mistake; the next deploy would fail by them. */
async function leftOver(fleet: Fleet): Promise<Finding[]> {
  const dynamoDb = new DynamoDBClient();
  const names = [tableName(fleet, 'ledger'), tableName(fleet, 'activities')];
  const there = await Promise.all(
    names.map((TableName) =>
      dynamoDb.send(new DescribeTableCommand({ TableName })).catch((error: Error) => {
        if (error.name !== 'ResourceNotFoundException') throw error;
        return undefined;
      }),
    ),
  );
  const found = names.filter((_, index) => there[index]);
  if (found.length === 0) return [];
  return [
    problem(
      'tables',
      `${found.join(' and ')} ${found.length > 1 ? 'are' : 'is'} left from an earlier deployment: a deploy fails with "already exists"`,
      `To take over what they hold: ${deploy} --import-existing-resources. To begin anew: ${found
        .map((name) => `aws dynamodb delete-table --table-name ${name}`)
        .join('; ')}`,
    ),
  ];
}

async function functionState(lambda: LambdaClient, FunctionName: string): Promise<string | undefined> {
  try {
    const { State, LastUpdateStatus } = await lambda.send(
      new GetFunctionConfigurationCommand({ FunctionName }),
    );
    return LastUpdateStatus === 'Failed' ? 'left half updated' : State;
  } catch (error) {
    if ((error as Error).name !== 'ResourceNotFoundException') throw error;
    return undefined;
  }
}

const heartbeat = 'sweep-heartbeat';

type Watched = Exclude<WatchAlarm, 'dead-letters'>;

/** What to do about the alarms by which the scaler watches itself; dead letters are counted by themselves. */
const watch: Readonly<Record<Watched, string>> = {
  'function-errors': 'functions fail: read their logs, or rushhour history',
  'function-throttles': "functions do not get to run: raise the account's Lambda concurrency",
  [heartbeat]: 'nobody looks after the groups: read the log of the sweep',
};

/** The heartbeat's alarm looks at five minutes, and there was no sweep in those before it was made. */
const heartbeatBeginsMs = 6 * minuteMs;

export async function checkWatch({ scaler: { fleet, ports } }: FleetInCloud): Promise<Finding[]> {
  const AlarmNames = Object.keys(watch).map((name) => watchAlarmName(fleet, name as Watched));
  const { MetricAlarms = [] } = await paced(new CloudWatchClient()).send(
    new DescribeAlarmsCommand({ AlarmNames }),
  );
  return judgeWatch(fleet.name, MetricAlarms, ports.clock.now());
}

/** What the scaler's own alarms say, as CloudWatch describes them at `now` (epoch milliseconds). */
export function judgeWatch(fleetName: string, alarms: readonly MetricAlarm[], now: number): Finding[] {
  if (alarms.length === 0) return [];
  const red = alarms.filter(({ StateValue }) => StateValue === 'ALARM');
  if (red.length === 0) return [fine('health', 'no alarm of the scaler itself is red')];
  return red.map(({ AlarmName, AlarmConfigurationUpdatedTimestamp: madeAt }) => {
    const name = AlarmName!.slice(fleetName.length + 1) as Watched;
    if (name === heartbeat && now - madeAt!.getTime() < heartbeatBeginsMs)
      return warning(
        'health',
        `${AlarmName} is in ALARM, as it may be in the first minutes after a deploy`,
        'look again in five minutes',
      );
    return problem('health', `${AlarmName} is in ALARM`, watch[name]);
  });
}

export async function checkDeadLetters({ scaler: { fleet } }: FleetInCloud): Promise<Finding[]> {
  const check = 'dead letters';
  try {
    const count = await (await DeadLetters.of(fleet)).count();
    if (count === 0) return [fine(check, 'the queue is empty')];
    return [
      problem(check, `${count} ${count === 1 ? 'event was' : 'events were'} given up`, 'rushhour redrive'),
    ];
  } catch (error) {
    if (!/QueueDoesNotExist|NonExistentQueue/.test((error as Error).name)) throw error;
    return [];
  }
}

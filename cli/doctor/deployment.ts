import { GetFunctionConfigurationCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { functionName, functionNames } from '../../shared/fleet/names.ts';
import type { FleetInCloud } from '../cloud.ts';
import { DeadLetters } from '../dead-letters.ts';
import { type Finding, fine, problem } from './finding.ts';

const deploy = 'npx cdk deploy --all';

/** Every function is there and can run. */
export async function checkFunctions({ house: { fleet } }: FleetInCloud): Promise<Finding[]> {
  const lambda = new LambdaClient();
  const states = await Promise.all(
    functionNames.map(async (name) => ({
      name,
      state: await functionState(lambda, functionName(fleet, name)),
    })),
  );
  const check = 'functions';
  const missing = states.filter(({ state }) => state === undefined);
  if (missing.length === functionNames.length)
    return [problem(check, `the scaler of ${fleet.name} is not deployed`, deploy)];
  const sick = states.filter(({ state }) => state !== 'Active');
  if (sick.length === 0) return [fine(check, `all ${functionNames.length} are active`)];
  return sick.map(({ name, state }) =>
    problem(check, `${functionName(fleet, name)} is ${state ?? 'missing'}`, deploy),
  );
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

/** The alarms by which the scaler watches itself. */
const watch: readonly (readonly [string, string])[] = [
  ['function-errors', 'functions fail: read their logs, or rushhour history'],
  ['function-throttles', "functions do not get to run: raise the account's Lambda concurrency"],
  ['sweep-heartbeat', 'nobody looks after the groups: read the log of the sweep'],
];

export async function checkWatch({ house: { fleet, ports } }: FleetInCloud): Promise<Finding[]> {
  const names = watch.map(([name]) => `${fleet.name}-${name}`);
  const states = await ports.alarms.describe(names);
  if (states.size === 0) return [];
  const red = watch.filter((_, index) => states.get(names[index]!)?.value === 'ALARM');
  if (red.length === 0) return [fine('health', 'no alarm of the scaler itself is red')];
  return red.map(([name, advice]) => problem('health', `${fleet.name}-${name} is in ALARM`, advice));
}

export async function checkDeadLetters({ house: { fleet } }: FleetInCloud): Promise<Finding[]> {
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

import { PutMetricAlarmCommand, SetAlarmStateCommand } from '@aws-sdk/client-cloudwatch';
import {
  AddPermissionCommand,
  CreateFunctionCommand,
  GetFunctionConfigurationCommand,
  PutFunctionEventInvokeConfigCommand,
} from '@aws-sdk/client-lambda';
import { zipSync } from 'fflate';
import type { Bench } from '../bench.ts';
import { Differs, expectEqual } from '../differs.ts';
import type { Probe } from '../probe.ts';
import { makeQueue, takeMessage } from '../queue.ts';
import { makeRole } from '../role.ts';

/** @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-actions-Lambda.html */
export const alarmToFunction: Probe = {
  name: 'alarm-to-function',
  fact: 'An alarm calls a function with source, alarmArn and alarmData: name, state and previousState with their times',
  creates: 'an alarm, a function, a queue, a role',
  cents: 1,
  run: async (bench) => {
    const queue = await makeQueue(bench, 'alarm');
    const functionArn = await makeFunction(bench, queue.arn);
    const AlarmName = bench.name('alarm');
    const alarmArn = `arn:${functionArn.split(':')[1]}:cloudwatch:${bench.region}:${bench.account}:alarm:${AlarmName}`;
    await bench.clients.lambda.send(
      new AddPermissionCommand({
        FunctionName: functionArn,
        StatementId: 'alarm',
        Action: 'lambda:InvokeFunction',
        Principal: 'lambda.alarms.cloudwatch.amazonaws.com',
        SourceArn: alarmArn,
      }),
    );
    await makeAlarm(bench, AlarmName, functionArn);
    let looks = 0;
    const record = await bench.eventually('a call of the function', 300, async () => {
      // Again, now and then: the first may meet a permission or a destination that is not known everywhere yet.
      if (looks++ % 30 === 0) await ring(bench, AlarmName);
      return takeMessage(bench, queue);
    });
    checkPayload(JSON.parse(record).requestPayload, { alarmArn, AlarmName, bench });
    return 'The function was called, with alarmData in the form that on-alarm reads';
  },
};

/** It answers and does nothing: its event is seen where its successes are recorded. */
async function makeFunction(bench: Bench, queueArn: string): Promise<string> {
  const { lambda } = bench.clients;
  const statement = { Effect: 'Allow', Action: 'sqs:SendMessage', Resource: queueArn } as const;
  const Role = await makeRole(bench, 'alarm', { Service: 'lambda.amazonaws.com' }, statement);
  const FunctionName = bench.name('alarm');
  const source = new TextEncoder().encode('export const handler = async () => ({});');
  const create = new CreateFunctionCommand({
    FunctionName,
    Role,
    Runtime: 'nodejs24.x',
    Handler: 'index.handler',
    Code: { ZipFile: zipSync({ 'index.mjs': source }) },
    Tags: bench.tagMap,
  });
  const { FunctionArn } = await bench.persist(60, /cannot be assumed by Lambda/, () => lambda.send(create));
  await bench.eventually('a function that is active', 60, async () => {
    const { State } = await lambda.send(new GetFunctionConfigurationCommand({ FunctionName }));
    return State === 'Active';
  });
  const OnSuccess = { Destination: queueArn };
  const configure = new PutFunctionEventInvokeConfigCommand({
    FunctionName,
    DestinationConfig: { OnSuccess },
  });
  // Lambda asks at once whether the role may send there.
  await bench.persist(60, /does not have permissions/, () => lambda.send(configure));
  return FunctionArn!;
}

function makeAlarm(bench: Bench, AlarmName: string, action: string) {
  return bench.clients.cloudWatch.send(
    new PutMetricAlarmCommand({
      AlarmName,
      Namespace: bench.prefix,
      MetricName: 'nothing',
      Statistic: 'Sum',
      Period: 300,
      EvaluationPeriods: 1,
      Threshold: 1,
      ComparisonOperator: 'GreaterThanThreshold',
      AlarmActions: [action],
      Tags: bench.tagList,
    }),
  );
}

const StateReason = 'The fact is tried';

async function ring({ clients }: Bench, AlarmName: string): Promise<void> {
  for (const StateValue of ['OK', 'ALARM'] as const)
    await clients.cloudWatch.send(new SetAlarmStateCommand({ AlarmName, StateValue, StateReason }));
}

interface Expected {
  readonly alarmArn: string;
  readonly AlarmName: string;
  readonly bench: Bench;
}

function checkPayload(payload: Record<string, unknown>, { alarmArn, AlarmName, bench }: Expected): void {
  const { source, accountId, region, time, alarmData } = payload;
  expectEqual('source', source, 'aws.cloudwatch');
  expectEqual('alarmArn', payload['alarmArn'], alarmArn);
  expectEqual('accountId and region', [accountId, region], [bench.account, bench.region]);
  const { alarmName, state, previousState } = (alarmData ?? {}) as Record<string, Record<string, string>>;
  expectEqual('alarmData.alarmName', alarmName, AlarmName);
  expectEqual('alarmData.state', [state?.['value'], state?.['reason']], ['ALARM', StateReason]);
  if (!/^(OK|INSUFFICIENT_DATA)$/.test(previousState?.['value'] ?? ''))
    throw new Differs(`alarmData.previousState.value: expected a state, saw ${previousState?.['value']}`);
  for (const when of [time, state?.['timestamp']])
    if (!Number.isFinite(Date.parse(String(when))))
      throw new Differs(`time and alarmData.state.timestamp: expected instants, saw ${when}`);
}

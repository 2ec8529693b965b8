import { expect, it } from 'vitest';
import { Cloud } from '../src/cloud.ts';
import { CloudWatch } from '../src/cloudwatch/cloudwatch.ts';
import { filterPattern } from '../src/logs/filter-pattern.ts';
import { Logs } from '../src/logs/logs.ts';
import type { Principal, ResourceContext } from '../src/service.ts';

const owner: Principal = { kind: 'owner', arn: 'arn:aws:iam::000000000000:user/owner' };
const day = 86_400_000;
const start = Date.UTC(2026, 0, 1);
const stream = { logGroupName: 'group', logStreamName: 'stream' };

async function group() {
  const cloud = new Cloud({ start });
  const logs = new Logs(cloud);
  cloud.add(logs, new CloudWatch(cloud));
  const call = (operation: string, input: object) => cloud.call('logs', operation, input, owner);
  await call('CreateLogGroup', { logGroupName: 'group' });
  await call('CreateLogStream', stream);
  const put = (...messages: string[]) => {
    const timestamp = cloud.eventQueue.now();
    return call('PutLogEvents', {
      ...stream,
      logEvents: messages.map((message) => ({ timestamp, message })),
    });
  };
  return { cloud, logs, call, put };
}

it.each([
  ['', 'anything', true],
  ['ERROR timeout', 'ERROR: a timeout', true],
  ['ERROR timeout', 'ERROR: a crash', false],
  ['"out of memory"', 'it ran out of memory', true],
  ['?a1 ?b2', 'only b2', true],
  ['ERROR -expected', 'ERROR expected', false],
  ['{ $.level = "ERROR" }', '{"level":"ERROR"}', true],
  ['{ $.level = "ERR*" && $.count >= 3 }', '{"level":"ERROR","count":3}', true],
  ['{ $.level = "ERROR" && $.count > 3 }', '{"level":"ERROR","count":3}', false],
  ['{ $.a.b != 1 || $.c = 2 }', '{"a":{"b":1},"c":2}', true],
  ['{ $.level = "ERROR" }', 'no JSON', false],
])('the pattern %j on %j: %j', (pattern, message, matches) => {
  expect(filterPattern(pattern)(message)).toBe(matches);
});

it('a pattern that is not understood is refused', () => {
  expect(() => filterPattern('{ $.level IS NULL }')).toThrow('Invalid filter pattern');
});

it('a group gives back its events by stream, time and pattern', async () => {
  const { cloud, call, put } = await group();
  await put('first', 'second ERROR');
  await cloud.eventQueue.runUntil(start + 1000);
  await put('third ERROR');
  const messages = ({ events }: { events: { message: string }[] }) => events.map(({ message }) => message);
  expect(messages(await call('GetLogEvents', stream))).toEqual(['first', 'second ERROR', 'third ERROR']);
  const filter = { logGroupName: 'group', filterPattern: 'ERROR', startTime: start + 1 };
  expect(messages(await call('FilterLogEvents', filter))).toEqual(['third ERROR']);
});

it('events are kept as long as the retention says', async () => {
  const { cloud, call, put } = await group();
  await call('PutRetentionPolicy', { logGroupName: 'group', retentionInDays: 3 });
  await put('old');
  await cloud.eventQueue.runUntil(start + 2 * day);
  await put('new');
  await cloud.eventQueue.runUntil(start + 4 * day);
  const { events } = await call('GetLogEvents', stream);
  expect(events.map(({ message }: { message: string }) => message)).toEqual(['new']);
});

it('what is written to an unknown stream or group is refused', async () => {
  const { call } = await group();
  const logEvents = [{ timestamp: start, message: 'lost' }];
  const elsewhere = call('PutLogEvents', { logGroupName: 'group', logStreamName: 'other', logEvents });
  await expect(elsewhere).rejects.toMatchObject({ code: 'ResourceNotFoundException' });
  await expect(call('CreateLogGroup', { logGroupName: 'group' })).rejects.toMatchObject({
    code: 'ResourceAlreadyExistsException',
  });
});

it('a metric filter makes a metric of what it finds', async () => {
  const { cloud, logs, put } = await group();
  const filter = logs.resources.find(({ type }) => type === 'AWS::Logs::MetricFilter')!;
  const MetricTransformations = [{ MetricName: 'Slow', MetricNamespace: 'Test', MetricValue: '$.seconds' }];
  const properties = { LogGroupName: 'group', FilterPattern: '{ $.seconds > 1 }', MetricTransformations };
  await filter.create(filter.properties.parse(properties), {
    physicalName: () => 'slow',
  } as unknown as ResourceContext);
  await put('{"seconds":5}', '{"seconds":0.5}', '{"seconds":2}');
  const statistics = await cloud.call(
    'monitoring',
    'GetMetricStatistics',
    {
      Namespace: 'Test',
      MetricName: 'Slow',
      StartTime: new Date(start),
      EndTime: new Date(start + 60_000),
      Period: 60,
      Statistics: ['Sum', 'SampleCount'],
    },
    owner,
  );
  expect(statistics.Datapoints).toMatchObject([{ Sum: 7, SampleCount: 2 }]);
});

it('hands events out page by page, and refuses a token that it did not give', async () => {
  const { call, put } = await group();
  await put('one', 'two', 'three');
  const messages = (page: { events: { message: string }[] }) => page.events.map(({ message }) => message);
  const first = await call('FilterLogEvents', { logGroupName: 'group', limit: 2 });
  expect(messages(first)).toEqual(['one', 'two']);
  const second = await call('FilterLogEvents', {
    logGroupName: 'group',
    limit: 2,
    nextToken: first.nextToken,
  });
  expect(messages(second)).toEqual(['three']);
  expect(second.nextToken).toBeUndefined();
  const strange = call('FilterLogEvents', { logGroupName: 'group', nextToken: 'strange' });
  await expect(strange).rejects.toThrow('The specified nextToken is invalid.');
});

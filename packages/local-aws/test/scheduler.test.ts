import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ServiceError } from '../src/service.ts';
import { role, TestAccount } from './account.ts';

let account: TestAccount;
let queue: string;

beforeEach(async () => {
  account = new TestAccount();
  queue = await account.queue('q');
});

afterEach(() => account.cloud.close());

const create = (settings: object, target: object = {}) =>
  account.call('scheduler', 'CreateSchedule', {
    Name: 'lunch',
    FlexibleTimeWindow: { Mode: 'OFF' },
    ScheduleExpressionTimezone: 'Asia/Shanghai',
    Target: { Arn: queue, RoleArn: role, Input: '{"at":"<aws.scheduler.scheduled-time>"}', ...target },
    ...settings,
  });

const times = async () => (await account.received('q')).map(({ body }) => body.at);
const day = 24 * 3600;

describe('a schedule', () => {
  it('calls its target at the local time, and says which time that was', async () => {
    await create({ ScheduleExpression: 'cron(0 11 * * ? *)' });
    await account.pass(2 * day);
    expect(await times()).toEqual(['2026-03-02T03:00:00Z', '2026-03-03T03:00:00Z']);
  });

  it('keeps to its start and end', async () => {
    await create({
      ScheduleExpression: 'cron(0 11 * * ? *)',
      StartDate: new Date('2026-03-03T00:00:00Z'),
      EndDate: new Date('2026-03-04T03:00:00Z'),
    });
    await account.pass(5 * day);
    expect(await times()).toEqual(['2026-03-03T03:00:00Z', '2026-03-04T03:00:00Z']);
  });

  it('begins a rate at once', async () => {
    await create({ ScheduleExpression: 'rate(6 hours)' });
    await account.pass(day / 2);
    expect(await times()).toEqual(['2026-03-02T00:00:00Z', '2026-03-02T06:00:00Z', '2026-03-02T12:00:00Z']);
  });

  it('goes by its new time after an update, and rests while it is disabled', async () => {
    await create({ ScheduleExpression: 'cron(0 11 * * ? *)' });
    const update = (settings: object) =>
      account.call('scheduler', 'UpdateSchedule', {
        Name: 'lunch',
        FlexibleTimeWindow: { Mode: 'OFF' },
        ScheduleExpression: 'cron(0 12 * * ? *)',
        Target: { Arn: queue, RoleArn: role, Input: '{"at":"<aws.scheduler.scheduled-time>"}' },
        ...settings,
      });
    await update({});
    await account.pass(day);
    expect(await times()).toEqual(['2026-03-02T12:00:00Z']);
    await update({ State: 'DISABLED' });
    await account.pass(day);
    expect(await times()).toEqual([]);
  });

  it('happens once, and is deleted afterwards if it wants to be', async () => {
    await create({ ScheduleExpression: 'at(2026-03-02T11:00:00)', ActionAfterCompletion: 'DELETE' });
    await account.pass(day);
    expect(await times()).toEqual(['2026-03-02T03:00:00Z']);
    await expect(account.call('scheduler', 'GetSchedule', { Name: 'lunch' })).rejects.toMatchObject({
      code: 'ResourceNotFoundException',
    });
  });

  it('calls with its role, and leaves in the dead-letter queue what the role may not do', async () => {
    const Arn = await account.function('f', 'export const handler = async () => {};');
    account.statements = [{ Effect: 'Allow', Action: 'sqs:SendMessage', Resource: '*' }];
    await create({ ScheduleExpression: 'cron(0 11 * * ? *)' }, { Arn, DeadLetterConfig: { Arn: queue } });
    await account.pass(day);
    const [letter] = await account.received('q');
    expect(letter!.body).toEqual({ at: '2026-03-02T03:00:00Z' });
    expect(letter!.attributes).toMatchObject({
      ERROR_CODE: 'AccessDenied',
      TARGET_ARN: Arn,
      RETRY_ATTEMPTS: '0',
    });
  });

  it('tries a busy target again as often as it was told, and then gives up', async () => {
    const Arn = await account.function('f', 'export const handler = async () => {};');
    const attempts: number[] = [];
    account.cloud.add({
      signingName: 'lambda',
      schemas: {},
      operations: {
        Invoke: (_input, { now }) => {
          attempts.push(now);
          throw new ServiceError('TooManyRequestsException', 'Rate Exceeded.', 429);
        },
      },
    });
    const RetryPolicy = { MaximumRetryAttempts: 3, MaximumEventAgeInSeconds: 3600 };
    await create(
      { ScheduleExpression: 'at(2026-03-02T11:00:00)' },
      { Arn, RetryPolicy, DeadLetterConfig: { Arn: queue } },
    );
    await account.pass(day);
    const first = Date.parse('2026-03-02T03:00:00Z');
    expect(attempts.map((at) => (at - first) / 1000)).toEqual([0, 1, 3, 7]);
    expect((await account.received('q'))[0]!.attributes).toMatchObject({
      RETRY_ATTEMPTS: '3',
      EXHAUSTED_RETRY_CONDITION: 'MaximumRetryAttempts',
    });
  });

  it.each([
    [{ ScheduleExpression: 'cron(0 11 * * *)' }, 'ScheduleExpression'],
    [{ ScheduleExpression: 'rate(1 minute)', ScheduleExpressionTimezone: 'Nowhere' }, 'Timezone'],
    [
      { ScheduleExpression: 'rate(1 minute)', FlexibleTimeWindow: { Mode: 'FLEXIBLE' } },
      'MaximumWindowInMinutes',
    ],
    [{ ScheduleExpression: 'rate(1 minute)', GroupName: 'none' }, 'group'],
  ])('is refused with %j', async (settings, message) => {
    await expect(create(settings)).rejects.toThrow(message);
  });
});

import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Principal } from '../src/service.ts';
import { TestAccount } from './account.ts';

let account: TestAccount;
const TopicArn = 'arn:aws:sns:us-east-1:000000000000:notices';

beforeEach(async () => {
  account = new TestAccount();
  await account.call('sns', 'CreateTopic', { Name: 'notices' });
});

afterEach(() => account.cloud.close());

const subscribe = (Protocol: string, Endpoint: string, Attributes: Record<string, string> = {}) =>
  account.call('sns', 'Subscribe', { TopicArn, Protocol, Endpoint, Attributes });

async function publish(Message: string, more: object = {}): Promise<void> {
  await account.call('sns', 'Publish', { TopicArn, Message, ...more });
  await account.pass(0);
}

/** As the reader of the mail does. */
async function confirm(): Promise<void> {
  const { topicArn, token } = account.sns.confirmations.shift()!;
  await account.call('sns', 'ConfirmSubscription', { TopicArn: topicArn, Token: token });
}

const listed = async () =>
  (await account.call('sns', 'ListSubscriptionsByTopic', { TopicArn })).Subscriptions;

/** @see https://docs.aws.amazon.com/sns/latest/dg/sns-email-notifications.html */
describe('an e-mail address', () => {
  it('gets nothing before its reader has confirmed the subscription, and is listed as pending', async () => {
    expect(await subscribe('email', 'ops@example.com')).toEqual({ SubscriptionArn: 'pending confirmation' });
    await publish('unheard');
    expect(account.sns.inbox).toEqual([]);
    expect(await listed()).toMatchObject([
      { SubscriptionArn: 'PendingConfirmation', Endpoint: 'ops@example.com' },
    ]);
    const { Attributes } = await account.call('sns', 'GetTopicAttributes', { TopicArn });
    expect(Attributes).toMatchObject({ SubscriptionsConfirmed: '0', SubscriptionsPending: '1' });
    await confirm();
    await publish('heard');
    expect(account.sns.inbox.map(({ text }) => text)).toEqual(['heard']);
    expect((await listed())[0].SubscriptionArn).toMatch(new RegExp(`^${TopicArn}:`));
  });

  it('is not confirmed by a token that was not sent to it', async () => {
    await subscribe('email', 'ops@example.com');
    await expect(
      account.call('sns', 'ConfirmSubscription', { TopicArn, Token: 'guessed' }),
    ).rejects.toMatchObject({
      code: 'InvalidParameter',
    });
  });

  it('is forgotten when nobody has confirmed it for two days', async () => {
    await subscribe('email', 'ops@example.com');
    await account.pass(47 * 3600);
    expect(await listed()).toHaveLength(1);
    await account.pass(2 * 3600);
    expect(await listed()).toEqual([]);
  });

  it('is suspended by more than ten messages in a second, until it is confirmed anew', async () => {
    await subscribe('email', 'ops@example.com');
    await confirm();
    for (let message = 1; message <= 10; message++) await publish(`${message}`);
    expect((await listed())[0].SubscriptionArn).not.toBe('PendingConfirmation');
    await publish('one too many');
    expect(await listed()).toMatchObject([{ SubscriptionArn: 'PendingConfirmation' }]);
    await account.pass(60);
    await publish('unheard');
    expect(account.sns.inbox.map(({ text }) => text)).not.toContain('unheard');
    await confirm();
    await publish('heard');
    expect(account.sns.inbox.at(-1)?.text).toBe('heard');
  });

  it.each([
    ['a line break', 'business\n3 -> 5'],
    ['a letter beyond ASCII', 'business 3 → 5'],
    ['a control character', 'business\u0007'],
    ['a hundred characters', 'x'.repeat(100)],
    ['nothing', ''],
  ])('cannot be sent a subject with %s', async (_what, Subject) => {
    await expect(publish('why', { Subject })).rejects.toMatchObject({ code: 'InvalidParameter' });
  });
});

describe('a topic', () => {
  it('puts mail into the inbox', async () => {
    await subscribe('email', 'ops@example.com');
    await confirm();
    await publish('business 3 -> 5', { Subject: '[lunch] business' });
    expect(account.sns.inbox).toEqual([
      {
        to: 'ops@example.com',
        subject: '[lunch] business',
        text: 'business 3 -> 5',
        sentAt: '2026-03-02T00:00:00.000Z',
      },
    ]);
  });

  it('wraps notices for queues, unless they want them raw', async () => {
    await subscribe('sqs', await account.queue('wrapped'));
    await subscribe('sqs', await account.queue('raw'), { RawMessageDelivery: 'true' });
    await publish('{"n":1}', {
      MessageAttributes: { kind: { DataType: 'String', StringValue: 'activity' } },
    });
    const [wrapped] = await account.received('wrapped');
    expect(wrapped!.body).toMatchObject({
      Type: 'Notification',
      TopicArn,
      Message: '{"n":1}',
      MessageAttributes: { kind: { Type: 'String', Value: 'activity' } },
    });
    expect((await account.received('raw')).map(({ body }) => body)).toEqual([{ n: 1 }]);
  });

  it('invokes functions with its own event, where they permit it', async () => {
    const queue = await account.queue('dead');
    const arn = await account.function(
      'f',
      'export const handler = async (event) => { console.log(JSON.stringify(event)); };',
    );
    await subscribe('lambda', arn, { RedrivePolicy: JSON.stringify({ deadLetterTargetArn: queue }) });
    await publish('refused');
    expect((await account.received('dead'))[0]!.body.Records[0].Sns.Message).toBe('refused');
    const permission = {
      FunctionName: 'f',
      StatementId: 's',
      Action: 'lambda:InvokeFunction',
      Principal: 'sns.amazonaws.com',
    };
    await account.call('lambda', 'AddPermission', { ...permission, SourceArn: TopicArn });
    await publish('let in');
    expect(await account.received('dead')).toEqual([]);
  });

  it('sends a subscriber only what its filter lets through', async () => {
    const FilterPolicy = JSON.stringify({ kind: [{ prefix: 'act' }], size: [{ numeric: ['>', 1] }] });
    await subscribe('sqs', await account.queue('some'), { FilterPolicy, RawMessageDelivery: 'true' });
    const attributes = (kind: string, size: string) => ({
      MessageAttributes: {
        kind: { DataType: 'String', StringValue: kind },
        size: { DataType: 'Number', StringValue: size },
      },
    });
    await publish('yes', attributes('activity', '2'));
    await publish('too small', attributes('activity', '1'));
    await publish('of another kind', attributes('failure', '2'));
    await publish('of no kind');
    expect((await account.received('some')).map(({ body }) => body)).toEqual(['yes']);
  });

  it('lets alarms publish unless its policy says otherwise', async () => {
    const alarm: Principal = {
      kind: 'service',
      arn: 'cloudwatch.amazonaws.com',
      sourceArn: 'arn:aws:cloudwatch:us-east-1:000000000000:alarm:lunch-cpu',
    };
    const call = () => account.cloud.call('sns', 'Publish', { TopicArn, Message: 'm' }, alarm);
    const allow = (source: string) =>
      account.call('sns', 'SetTopicAttributes', {
        TopicArn,
        AttributeName: 'Policy',
        AttributeValue: JSON.stringify({
          Statement: {
            Effect: 'Allow',
            Principal: { Service: alarm.arn },
            Action: 'sns:Publish',
            Resource: TopicArn,
            Condition: { ArnLike: { 'aws:SourceArn': source } },
          },
        }),
      });
    await call();
    await allow('arn:aws:cloudwatch:*:*:alarm:dinner-*');
    await expect(call()).rejects.toMatchObject({ code: 'AccessDenied' });
    await allow('arn:aws:cloudwatch:*:*:alarm:lunch-*');
    await call();
  });
});

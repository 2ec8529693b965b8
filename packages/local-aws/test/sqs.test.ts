import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Principal } from '../src/service.ts';
import { start, TestAccount } from './account.ts';

let account: TestAccount;

beforeEach(() => {
  account = new TestAccount();
});

afterEach(() => account.cloud.close());

const send = (MessageBody: string, more: object = {}) =>
  account.call('sqs', 'SendMessage', { QueueUrl: 'q', MessageBody, ...more });
const receive = async (more: object = {}) =>
  (await account.call('sqs', 'ReceiveMessage', { QueueUrl: 'q', MaxNumberOfMessages: 10, ...more })).Messages;

describe('a queue', () => {
  it('hides a received message until its visibility timeout, and hands it out again if nobody deleted it', async () => {
    await account.queue('q', { VisibilityTimeout: '30' });
    await send('hello');
    const [first] = await receive({ AttributeNames: ['All'] });
    expect(first).toMatchObject({ Body: 'hello', MD5OfBody: '5d41402abc4b2a76b9719d911017c592' });
    expect(first.Attributes).toMatchObject({ ApproximateReceiveCount: '1', SentTimestamp: String(start) });
    expect(await receive()).toEqual([]);
    await account.pass(30);
    const [again] = await receive({ AttributeNames: ['ApproximateReceiveCount'] });
    expect(again.Attributes).toEqual({ ApproximateReceiveCount: '2' });
    await account.call('sqs', 'DeleteMessage', { QueueUrl: 'q', ReceiptHandle: again.ReceiptHandle });
    await account.pass(60);
    expect(await receive()).toEqual([]);
  });

  it('counts what is visible, in flight and delayed', async () => {
    await account.queue('q');
    await send('a');
    await send('b', { DelaySeconds: 60 });
    await send('c');
    await receive({ MaxNumberOfMessages: 1 });
    const { Attributes } = await account.call('sqs', 'GetQueueAttributes', {
      QueueUrl: 'q',
      AttributeNames: ['All'],
    });
    expect(Attributes).toMatchObject({
      ApproximateNumberOfMessages: '1',
      ApproximateNumberOfMessagesNotVisible: '1',
      ApproximateNumberOfMessagesDelayed: '1',
    });
  });

  it('moves a message that was received too often to its dead-letter queue', async () => {
    const deadLetterTargetArn = await account.queue('dead');
    await account.queue('q', { RedrivePolicy: JSON.stringify({ deadLetterTargetArn, maxReceiveCount: 2 }) });
    await send('poison');
    for (let attempt = 0; attempt < 2; attempt += 1) {
      expect(await receive()).toHaveLength(1);
      await account.pass(30);
    }
    expect(await receive()).toEqual([]);
    expect(await account.received('dead')).toMatchObject([{ body: 'poison' }]);
  });

  it('forgets messages after its retention period', async () => {
    await account.queue('q', { MessageRetentionPeriod: '60' });
    await send('old');
    await account.pass(61);
    expect(await receive()).toEqual([]);
  });

  it('takes up to ten messages in one request and answers for each', async () => {
    await account.queue('q', { MaximumMessageSize: '1024' });
    const Entries = [
      { Id: 'good', MessageBody: 'x' },
      { Id: 'large', MessageBody: 'x'.repeat(2000) },
    ];
    const output = await account.call('sqs', 'SendMessageBatch', { QueueUrl: 'q', Entries });
    expect(output.Successful).toMatchObject([{ Id: 'good' }]);
    expect(output.Failed).toMatchObject([{ Id: 'large', Code: 'InvalidParameterValue', SenderFault: true }]);
    const eleven = Array.from({ length: 11 }, (_, index) => ({ Id: String(index), MessageBody: 'x' }));
    await expect(
      account.call('sqs', 'SendMessageBatch', { QueueUrl: 'q', Entries: eleven }),
    ).rejects.toMatchObject({
      code: 'TooManyEntriesInBatchRequest',
    });
  });

  it('lets services write only where its policy says so', async () => {
    await account.call('sqs', 'CreateQueue', { QueueName: 'closed' });
    const rule: Principal = {
      kind: 'service',
      arn: 'events.amazonaws.com',
      sourceArn: 'arn:aws:events:::rule/r',
    };
    const input = { QueueUrl: 'closed', MessageBody: 'x' };
    await expect(account.cloud.call('sqs', 'SendMessage', input, rule)).rejects.toMatchObject({
      code: 'AccessDenied',
    });
    await account.queue('open');
    await account.cloud.call('sqs', 'SendMessage', { ...input, QueueUrl: 'open' }, rule);
  });

  it('does not exist until it is made, and not twice with other attributes', async () => {
    await expect(receive()).rejects.toMatchObject({ code: 'QueueDoesNotExist' });
    await account.queue('q');
    const differs = { QueueName: 'q', Attributes: { DelaySeconds: '5' } };
    await expect(account.call('sqs', 'CreateQueue', differs)).rejects.toMatchObject({
      code: 'QueueNameExists',
    });
  });
});

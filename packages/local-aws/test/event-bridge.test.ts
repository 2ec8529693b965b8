import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { matches, type Pattern } from '../src/events/pattern.ts';
import { role, TestAccount } from './account.ts';

describe('an event pattern', () => {
  const event = {
    source: 'aws.autoscaling',
    detail: { group: 'lunch-business', size: 5, tags: ['a', 'b'], star: 'a*b', old: null, on: true },
  };
  it.each<[string, Pattern, boolean]>([
    ['an exact value', { source: ['aws.autoscaling'] }, true],
    ['one of several values', { source: ['x', 'aws.autoscaling'] }, true],
    ['another value', { source: ['aws.ec2'] }, false],
    ['numbers, truths and null', { detail: { size: [5], on: [true], old: [null] } }, true],
    ['one item of a list', { detail: { tags: ['b'] } }, true],
    ['a key that is not there', { detail: { other: ['x'] } }, false],
    ['absence', { detail: { other: [{ exists: false }] } }, true],
    ['presence', { detail: { group: [{ exists: false }] } }, false],
    ['a prefix', { detail: { group: [{ prefix: 'lunch-' }] } }, true],
    ['a suffix', { detail: { group: [{ suffix: '-session' }] } }, false],
    ['a wildcard', { detail: { group: [{ wildcard: 'lunch*ness' }] } }, true],
    [
      'a wildcard of which another part differs',
      { detail: { group: [{ wildcard: 'lunch*session' }] } },
      false,
    ],
    ['an escaped wildcard', { detail: { star: [{ wildcard: 'a\\**' }] } }, true],
    ['an escaped wildcard that it has not', { detail: { group: [{ wildcard: 'lunch\\*ness' }] } }, false],
    ['another case', { detail: { group: [{ 'equals-ignore-case': 'LUNCH-business' }] } }, true],
    ['anything but it', { detail: { group: [{ 'anything-but': ['lunch-business'] }] } }, false],
    ['anything but a prefix', { detail: { group: [{ 'anything-but': { prefix: 'dinner' } }] } }, true],
    ['a range', { detail: { size: [{ numeric: ['>', 0, '<=', 5] }] } }, true],
    ['a range that it misses', { detail: { size: [{ numeric: ['<', 5] }] } }, false],
    ['an alternative', { $or: [{ source: ['x'] }, { detail: { size: [5] } }] } as unknown as Pattern, true],
  ])('with %s', (_what, pattern, expected) => {
    expect(matches(pattern, event)).toBe(expected);
  });
});

describe('an event bus', () => {
  let account: TestAccount;

  beforeEach(() => {
    account = new TestAccount();
  });

  afterEach(() => account.cloud.close());

  async function rule(settings: object, target: object): Promise<void> {
    await account.call('events', 'PutRule', { Name: 'r', ...settings });
    await account.call('events', 'PutTargets', { Rule: 'r', Targets: [{ Id: 't', ...target }] });
  }

  const put = async (detail: unknown) => {
    const Entries = [{ Source: 'rushhour', DetailType: 'Activity', Detail: JSON.stringify(detail) }];
    const output = await account.call('events', 'PutEvents', { Entries });
    await account.pass(0);
    return output;
  };

  const EventPattern = '{"source":["rushhour"],"detail":{"group":["business"]}}';

  it('tells whether an event would match, without one being put', async () => {
    const event = { id: '1', account: '0', source: 'rushhour', time: 't', region: 'r', resources: [] };
    const test = (group: string) =>
      account.call('events', 'TestEventPattern', {
        EventPattern,
        Event: JSON.stringify({ ...event, 'detail-type': 'Activity', detail: { group } }),
      });
    expect(await test('business')).toEqual({ Result: true });
    expect(await test('session')).toEqual({ Result: false });
  });

  it('brings an event to the targets of the rules that it matches', async () => {
    await rule({ EventPattern }, { Arn: await account.queue('q') });
    await put({ group: 'session' });
    expect(await put({ group: 'business' })).toMatchObject({ FailedEntryCount: 0 });
    const received = await account.received('q');
    expect(received.map(({ body }) => body)).toEqual([
      {
        version: '0',
        id: expect.any(String),
        'detail-type': 'Activity',
        source: 'rushhour',
        account: '000000000000',
        time: '2026-03-02T00:00:00Z',
        region: 'us-east-1',
        resources: [],
        detail: { group: 'business' },
      },
    ]);
  });

  it.each([
    [{ Input: '{"fixed":true}' }, { fixed: true }],
    [{ InputPath: '$.detail.group' }, 'business'],
    [
      {
        InputTransformer: {
          InputPathsMap: { group: '$.detail.group', detail: '$.detail' },
          InputTemplate: '{"text": "group <group> changed", "group": <group>, "all": <detail>}',
        },
      },
      { text: 'group business changed', group: 'business', all: { group: 'business' } },
    ],
  ])('gives a target what it asks for: %j', async (shape, expected) => {
    await rule({ EventPattern }, { Arn: await account.queue('q'), ...shape });
    await put({ group: 'business' });
    expect((await account.received('q')).map(({ body }) => body)).toEqual([expected]);
  });

  it('fires on a schedule, until it is disabled', async () => {
    await rule({ ScheduleExpression: 'rate(5 minutes)' }, { Arn: await account.queue('q') });
    await account.pass(601);
    expect((await account.received('q')).map(({ body }) => [body['detail-type'], body.time])).toEqual([
      ['Scheduled Event', '2026-03-02T00:05:00Z'],
      ['Scheduled Event', '2026-03-02T00:10:00Z'],
    ]);
    await account.call('events', 'DisableRule', { Name: 'r' });
    await account.pass(600);
    expect(await account.received('q')).toEqual([]);
  });

  it('puts what a target refuses into the dead-letter queue, with the reason', async () => {
    const Arn = await account.function('f', 'export const handler = async () => {};');
    await rule({ EventPattern }, { Arn, DeadLetterConfig: { Arn: await account.queue('dead') } });
    await put({ group: 'business' });
    const [letter] = await account.received('dead');
    expect(letter!.body.detail).toEqual({ group: 'business' });
    expect(letter!.attributes).toMatchObject({
      RULE_ARN: 'arn:aws:events:us-east-1:000000000000:rule/r',
      TARGET_ARN: Arn,
      ERROR_CODE: 'AccessDenied',
    });
  });

  describe('whose target is a topic', () => {
    const publishUnder = async (Condition: object) => {
      const statement = {
        Effect: 'Allow',
        Principal: { Service: 'events.amazonaws.com' },
        Action: 'sns:Publish',
      };
      const Policy = JSON.stringify({ Statement: [{ ...statement, Resource: '*', Condition }] });
      const { TopicArn } = await account.call('sns', 'CreateTopic', { Name: 'n', Attributes: { Policy } });
      await account.call('sns', 'Subscribe', { TopicArn, Protocol: 'email', Endpoint: 'ops@example.com' });
      const Token = account.sns.confirmations.shift()!.token;
      await account.call('sns', 'ConfirmSubscription', { TopicArn, Token });
      const Dead = await account.queue('dead', { Policy: onlyFor('arn:aws:events:*:*:rule/r') });
      await rule({ EventPattern }, { Arn: TopicArn, DeadLetterConfig: { Arn: Dead } });
      await put({ group: 'business' });
      await account.pass(0);
      return { letters: await account.received('dead'), mails: account.sns.inbox.length };
    };
    const onlyFor = (rule: string) => {
      const condition = { Condition: { ArnLike: { 'aws:SourceArn': rule } } };
      const allow = { Effect: 'Allow', Principal: '*', Action: 'sqs:SendMessage', Resource: '*' };
      return JSON.stringify({ Statement: { ...allow, ...condition } });
    };

    it('publishes to it', async () => {
      expect(await publishUnder({})).toEqual({ letters: [], mails: 1 });
    });

    it('does not tell it for which rule: its policy may ask for none', async () => {
      const { letters, mails } = await publishUnder({ ArnLike: { 'aws:SourceArn': 'arn:aws:events:*' } });
      expect(mails).toBe(0);
      expect(letters).toMatchObject([{ attributes: { ERROR_CODE: 'AccessDenied' } }]);
    });
  });

  it('calls a target as its role, where it has one', async () => {
    const target = { Arn: await account.queue('q'), RoleArn: role };
    await rule({ EventPattern }, { ...target, DeadLetterConfig: { Arn: await account.queue('dead') } });
    account.statements = [];
    await put({ group: 'business' });
    const [letter] = await account.received('dead');
    expect(letter!.attributes['ERROR_MESSAGE']).toContain('assumed-role/r/t is not authorized');
    expect(await account.received('q')).toEqual([]);
  });

  it('refuses a pattern that is longer than the service takes', async () => {
    const EventPattern = JSON.stringify({ detail: { group: ['x'.repeat(2048)] } });
    await expect(account.call('events', 'PutRule', { Name: 'r', EventPattern })).rejects.toThrow(
      'longer than 2048 characters',
    );
  });

  it('refuses entries one by one', async () => {
    const Entries = [
      { Source: 'rushhour', DetailType: 'd', Detail: '{}' },
      { Source: 'aws.ec2', DetailType: 'd', Detail: '{}' },
      { Source: 'rushhour', DetailType: 'd', Detail: 'no json' },
      { Source: 'rushhour', Detail: '{}' },
    ];
    const output = await account.call('events', 'PutEvents', { Entries });
    expect(output.FailedEntryCount).toBe(3);
    expect(output.Entries.map(({ ErrorCode }: { ErrorCode?: string }) => ErrorCode)).toEqual([
      undefined,
      'NotAuthorizedForSourceException',
      'MalformedDetail',
      'InvalidArgument',
    ]);
  });

  it('takes at most ten entries', async () => {
    const Entries = Array.from({ length: 11 }, () => ({ Source: 's', DetailType: 'd', Detail: '{}' }));
    await expect(account.call('events', 'PutEvents', { Entries })).rejects.toMatchObject({
      code: 'ValidationException',
    });
  });
});

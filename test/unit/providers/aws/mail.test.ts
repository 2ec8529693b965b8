import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import type { SNSClient } from '@aws-sdk/client-sns';
import { describe, expect, it } from 'vitest';
import type { Notice } from '../../../../shared/ports/events.ts';
import { AwsEvents } from '../../../../shared/providers/aws/events.ts';
import { AwsMail } from '../../../../shared/providers/aws/mail.ts';
import { english } from '../../../../shared/sentences/en.ts';

const settings = { table: 'activities', topicArn: 't' };

function notice(subject: string): Notice {
  return { group: 'business', at: 0, forPeople: true, subject, message: 'why' };
}

/** A table that holds these items, and what was asked of it. */
function tableWith(...items: object[]) {
  const asked: { name: string; input: Record<string, unknown> }[] = [];
  const send = async (command: { constructor: { name: string }; input: Record<string, unknown> }) => {
    asked.push({ name: command.constructor.name, input: command.input });
    return command.constructor.name === 'QueryCommand' ? { Items: items } : {};
  };
  return { client: { send } as unknown as DynamoDBClient, asked };
}

function topic(refuses = false) {
  const sent: { Subject: string; Message: string }[] = [];
  const send = async ({ input }: { input: { Subject: string; Message: string } }) => {
    if (refuses) throw Object.assign(new Error('no'), { name: 'InternalError' });
    sent.push(input);
  };
  return { client: { send } as unknown as SNSClient, sent };
}

const item = (subject: string, sort = subject) => ({
  sort: { S: sort },
  subject: { S: subject },
  message: { S: 'why' },
  urgent: { BOOL: false },
});

describe('a mail', () => {
  it('has a subject that SNS takes: one line of ASCII below 100 characters, which says how many there are more', async () => {
    const { client, sent } = topic();
    const subject = `[lunch] business 3 → 5:\nwindow '午餐' opened ${'x'.repeat(200)}`;
    await new AwsMail(tableWith(item(subject), item('another')).client, client, settings).send(
      0,
      english.frames,
    );
    expect(sent[0]!.Subject).toMatch(/^\[lunch\] business 3 -> 5: window/);
    expect(sent[0]!.Subject).toMatch(/^[\x20-\x7e]{1,99}$/);
    expect(sent[0]!.Subject).toMatch(/ \(\+1 more\)$/);
    expect(sent[0]!.Message).toContain('another\nwhy');
  });

  it('is forgotten only when it was sent', async () => {
    const refused = tableWith(item('one'));
    await expect(
      new AwsMail(refused.client, topic(true).client, settings).send(0, english.frames),
    ).rejects.toMatchObject({
      code: 'Unavailable',
    });
    expect(refused.asked.map(({ name }) => name)).not.toContain('DeleteItemCommand');
    const taken = tableWith(item('one'), item('two'));
    await new AwsMail(taken.client, topic().client, settings).send(0, english.frames);
    expect(taken.asked.filter(({ name }) => name === 'DeleteItemCommand')).toHaveLength(2);
  });

  it('costs one look when there is nothing to tell', async () => {
    const { client, asked } = tableWith();
    await new AwsMail(client, topic().client, settings).send(0, english.frames);
    expect(asked.map(({ name }) => name)).toEqual(['QueryCommand']);
  });

  it('is laid up though the event bus refuses, which is still an error', async () => {
    const { client, asked } = tableWith();
    const refusing = {
      send: async () => Promise.reject(new Error('no bus')),
    } as unknown as EventBridgeClient;
    const events = new AwsEvents(refusing, new AwsMail(client, topic().client, settings), {
      fleet: 'lunch',
      eventBus: 'default',
    });
    const activity = {
      activityId: 'a',
      group: 'business',
      startedAt: '1970-01-01T00:00:00.000Z',
      from: 1,
      to: 2,
      trigger: 'manual',
      reason: 'ManualChange',
      why: { key: 'manualChange', owner: 'ann', reason: 'sale', adjustment: 1 },
      message: 'm',
      statusCode: 'Failed',
    } as const;
    await expect(events.publish([{ ...notice('FAILED'), activity }])).rejects.toThrow('no bus');
    expect(asked.map(({ name }) => name)).toEqual(['PutItemCommand']);
  });
});

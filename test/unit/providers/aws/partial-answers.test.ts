import type { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { marshall } from '@aws-sdk/util-dynamodb';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { MetricQuery } from '../../../../shared/fleet/metric-query.ts';
import type { Notice } from '../../../../shared/ports/events.ts';
import { CloudWatchReader } from '../../../../shared/providers/aws/cloudwatch-reader.ts';
import { AwsEvents } from '../../../../shared/providers/aws/events.ts';
import { AwsLedgerStore } from '../../../../shared/providers/aws/ledger-store.ts';

/** A client that answers from a list; its requests are kept. */
function clientThat<T>(...answers: unknown[]): { client: T; requests: Record<string, unknown>[] } {
  const requests: Record<string, unknown>[] = [];
  const send = async ({ input }: { input: Record<string, unknown> }) => {
    requests.push(input);
    const answer = answers.length > 1 ? answers.shift() : answers[0];
    if (answer instanceof Error) throw answer;
    return answer;
  };
  return { client: { send } as T, requests };
}

// Pauses between attempts pass at once.
beforeEach(() => {
  vi.spyOn(globalThis, 'setTimeout').mockImplementation((run) => queueMicrotask(run as () => void) as never);
});
afterEach(() => void vi.restoreAllMocks());

const item = (group: string) => marshall({ group, version: 1 });

function notices(count: number): Notice[] {
  return Array.from({ length: count }, (_, index) => ({
    group: 'business',
    at: 0,
    forPeople: false,
    subject: 's',
    message: 'm',
    activity: {
      activityId: `business-${index}`,
      group: 'business',
      startedAt: '1970-01-01T00:00:00.000Z',
      from: 1,
      to: 2,
      trigger: 'manual',
      reason: 'ManualChange',
      why: { key: 'manualChange', owner: 'ann', reason: 'sale', adjustment: 1 },
      message: 'm',
      statusCode: 'PreInService',
    },
  }));
}

const settings = { fleet: 'lunch', eventBus: 'default' };

describe('DynamoDB that answers for some keys only', () => {
  it('is asked for the rest, and for what is true now', async () => {
    const rest = { ledger: { Keys: [{ group: { S: 'b' } }], ConsistentRead: true } };
    const { client, requests } = clientThat<DynamoDBClient>(
      { Responses: { ledger: [item('a')] }, UnprocessedKeys: rest },
      { Responses: { ledger: [item('b')] } },
    );
    const found = await new AwsLedgerStore(client, 'ledger').read(['a', 'b']);
    expect([...found.keys()]).toEqual(['a', 'b']);
    const both = [{ group: { S: 'a' } }, { group: { S: 'b' } }];
    expect(requests[0]).toEqual({ RequestItems: { ledger: { Keys: both, ConsistentRead: true } } });
    expect(requests[1]).toEqual({ RequestItems: rest });
  });

  it('is not asked forever, and a group is never taken for unmet', async () => {
    const rest = { ledger: { Keys: [{ group: { S: 'a' } }] } };
    const { client } = clientThat<DynamoDBClient>({ Responses: {}, UnprocessedKeys: rest });
    await expect(new AwsLedgerStore(client, 'ledger').read(['a'])).rejects.toMatchObject({
      code: 'Throttled',
    });
  });
});

describe('EventBridge that takes some entries only', () => {
  it('gets the others again, and those alone', async () => {
    const { client, requests } = clientThat<EventBridgeClient>(
      {
        FailedEntryCount: 1,
        Entries: [{ EventId: '1' }, { ErrorCode: 'ThrottlingException' }, { EventId: '3' }],
      },
      { FailedEntryCount: 0, Entries: [{ EventId: '2' }] },
    );
    await new AwsEvents(client, undefined, settings).publish(notices(3));
    expect(
      (requests[1]!['Entries'] as { Detail: string }[]).map(
        ({ Detail }) => JSON.parse(Detail).activity.activityId,
      ),
    ).toEqual(['business-1']);
  });

  it('is an error when it never takes them', async () => {
    const refusal = {
      FailedEntryCount: 1,
      Entries: [{ ErrorCode: 'InternalFailure', ErrorMessage: 'oops' }],
    };
    const { client } = clientThat<EventBridgeClient>(refusal);
    const published = new AwsEvents(client, undefined, settings).publish(notices(1));
    await expect(published).rejects.toMatchObject({ code: 'Unavailable' });
  });

  it('gets at most ten entries at a time', async () => {
    const { client, requests } = clientThat<EventBridgeClient>({ FailedEntryCount: 0 });
    await new AwsEvents(client, undefined, settings).publish(notices(23));
    expect(requests.map(({ Entries }) => (Entries as unknown[]).length)).toEqual([10, 10, 3]);
  });
});

describe('a metric that CloudWatch cannot tell', () => {
  const query: MetricQuery = {
    id: 'q',
    namespace: 'n',
    metricName: 'm',
    dimensions: {},
    statistic: 'Sum',
    periodSeconds: 60,
    divisor: 60,
  };
  const now = Date.parse('2026-03-04T00:10:00Z');

  it.each([
    ['its result is an internal error', [{ MetricDataResults: [{ Id: 'm0', StatusCode: 'InternalError' }] }]],
    ['it may not be read', [{ MetricDataResults: [{ Id: 'm0', StatusCode: 'Forbidden' }] }]],
    [
      'its result is a part, and there is no more',
      [{ MetricDataResults: [{ Id: 'm0', StatusCode: 'PartialData' }] }],
    ],
    ['there is no result of it', [{ MetricDataResults: [] }]],
  ])('is unknown, not 0, when %s', async (_, answers) => {
    const { client } = clientThat<CloudWatchClient>(...answers);
    const readings = await new CloudWatchReader(client).latest([query], now);
    expect(readings.get('q')).toEqual({ known: false, why: 'failed' });
  });

  it('says why when nothing could be read, and holds nobody else up', async () => {
    const refused = clientThat<CloudWatchClient>(new Error('not allowed')).client;
    await expect(new CloudWatchReader(refused).latest([query], now)).rejects.toThrow('not allowed');
    const { client } = clientThat<CloudWatchClient>(new Error('not allowed'), {
      MetricDataResults: [{ Id: 'm0', StatusCode: 'Complete' }],
    });
    const many = Array.from({ length: 501 }, (_, index) => ({ ...query, id: `q${index}` }));
    const readings = await new CloudWatchReader(client).latest(many, now);
    expect(readings.get('q499')).toEqual({ known: false, why: 'failed' });
    expect(readings.get('q500')).toEqual({ known: false, why: 'missing' });
  });

  it('is unknown, not 0, when its checker cannot be heard', async () => {
    const spoke = { namespace: 'n', metricName: 'hosts', dimensions: {}, statistic: 'Maximum' };
    const counted = { ...query, zeroIf: { spoke } };
    const silent = { MetricDataResults: [{ Id: 'm0', StatusCode: 'Complete' as const }] };
    const forbidden = { MetricDataResults: [{ Id: 'm0', StatusCode: 'Forbidden' as const }] };
    const { client } = clientThat<CloudWatchClient>(silent, forbidden);
    const readings = await new CloudWatchReader(client).latest([counted], now);
    expect(readings.get('q')).toEqual({ known: false, why: 'missing' });
  });

  it('is its own fault: the histories of the others are there', async () => {
    const at = new Date('2026-03-04T00:05:00Z');
    const { client } = clientThat<CloudWatchClient>({
      MetricDataResults: [
        { Id: 'm0', StatusCode: 'Forbidden' },
        { Id: 'm1', StatusCode: 'Complete', Timestamps: [at], Values: [60] },
      ],
    });
    const other = { ...query, id: 'other' };
    const [denied, read] = await new CloudWatchReader(client).history([query, other], at.getTime(), now);
    expect(denied).toBeNull();
    expect(read![0]).toBe(1);
  });

  it('is read over all pages', async () => {
    const at = new Date('2026-03-04T00:08:00Z');
    const { client, requests } = clientThat<CloudWatchClient>(
      {
        MetricDataResults: [{ Id: 'm0', StatusCode: 'PartialData', Timestamps: [], Values: [] }],
        NextToken: 'more',
      },
      { MetricDataResults: [{ Id: 'm0', StatusCode: 'Complete', Timestamps: [at], Values: [120] }] },
    );
    const readings = await new CloudWatchReader(client).latest([query], now);
    expect(readings.get('q')).toEqual({ known: true, value: 2, at: at.getTime() });
    expect(requests[1]).toMatchObject({ NextToken: 'more' });
  });
});

import { afterAll, beforeAll, expect, it } from 'vitest';
import { Deployed } from '../kit/deployed.ts';

const minuteMs = 60_000;
const start = '2026-03-04T08:40:00Z';
/** An hour of calm, and from then on more and more. */
const rush = Date.parse('2026-03-04T09:50:00Z');
const fleetFile = `
name: shop
timeZone: Asia/Shanghai
groups:
  web:
    launch: { imageId: ami-0a1b2c3d4e5f60718, instanceType: c7g.xlarge }
    minSize: 2
    maxSize: 20
    loadBalancer: { scheme: internet-facing, protocol: HTTP, port: 80, targetPort: 8001, healthCheck: { path: /health } }
    objective: { unserved: 0.5% }
`;

let account: Deployed;

beforeAll(async () => {
  const load = (at: number) => 60 * (at < rush ? 120 : Math.min(900, 120 + (26 * (at - rush)) / minuteMs));
  const model = { requestsPerSecondPerServer: 100, bootSeconds: 60, load };
  account = new Deployed(start, { 'shop-web': model });
  await account.deploy(fleetFile);
  await account.pass(110 * 60);
});

afterAll(() => account[Symbol.asyncDispose]());

// biome-ignore lint/suspicious/noExplicitAny: as DynamoDB has them.
async function items(TableName: string): Promise<any[]> {
  return (await account.call('dynamodb', 'Scan', { TableName })).Items;
}

/** Beside them the table holds when mail was last sent. */
async function activities(): Promise<Awaited<ReturnType<typeof items>>> {
  return (await items('shop-activities')).filter(({ group }) => group.S === 'web');
}

it('is learnt every hour by the function that was deployed, with the rights that it was given', async () => {
  const models = (await items('shop-ledger')).filter(({ group }) => group.S.startsWith('model#'));
  expect(models).toHaveLength(1);
  const { Messages = [] } = await account.call('sqs', 'ReceiveMessage', await deadLetters());
  expect(Messages).toEqual([]);
});

it('is no cause for alarm in the hour in which nothing is known yet', async () => {
  const calm = (await activities()).filter(({ startedAt }) => Number(startedAt.N) < rush);
  expect(calm.filter(({ to }) => Number(to.N) > 4)).toEqual([]);
});

it('makes the group grow as the load does, and says in one sentence why', async () => {
  const { DesiredCapacity } = await account.group('shop-web');
  // 900 requests/s at 80 of 100 each.
  expect(DesiredCapacity).toBeGreaterThanOrEqual(12);
  const grown = (await account.history('shop', 'web')).filter(({ reason }) => reason === 'ObjectiveScaleOut');
  expect(grown.length).toBeGreaterThan(0);
  for (const { message } of grown) {
    expect(message).toMatch(
      /^web \d+ → \d+: needs \d+: expects \d+\.\d ± \d\.\d servers' load at \d\d:\d\d; the \d+\w\w would be used [\d.]+% of the time, and the objective buys servers above [\d.]+%; its error budget begins with the third day/,
    );
  }
});

async function deadLetters(): Promise<{ QueueUrl: string }> {
  const { QueueUrls } = await account.call('sqs', 'ListQueues', {});
  return { QueueUrl: QueueUrls[0] };
}

import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Deployed } from '../kit/deployed.ts';
import stored from './ledger-0.2.0.json' with { type: 'json' };

const fleet = `name: shop
timeZone: Asia/Shanghai
groups:
  web:
    launch: { imageId: ssm:/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-arm64, instanceType: t4g.small }
    minSize: 3
    maxSize: 10
    schedules: { lunch: { start: "0 11 * * *", end: "0 13 * * *", scalingAdjustment: 2 } }
    alarms:
      high: { metric: cpu, comparisonOperator: GreaterThanThreshold, threshold: 70, period: 60, evaluationPeriods: 2, scalingAdjustment: 1, cooldown: 300 }
      low: { metric: cpu, comparisonOperator: LessThanThreshold, threshold: 10, period: 300, evaluationPeriods: 3, scalingAdjustment: -1, cooldown: 600 }
`;
const group = 'shop-web';
/** Servers that are half busy. */
const model = { requestsPerSecondPerServer: 100, bootSeconds: 30, load: () => 3 * 50 * 60 };

let stage: Deployed;
const desired = async () => (await stage.group(group)).DesiredCapacity;

async function bump(request: object) {
  const Payload = Buffer.from(JSON.stringify({ group: 'web', reason: 'a visit', owner: 'ops', ...request }));
  const { Payload: answer } = await stage.call('lambda', 'Invoke', { FunctionName: 'shop-bump', Payload });
  return JSON.parse(Buffer.from(answer).toString());
}

async function until(time: string): Promise<void> {
  await stage.pass((Date.parse(time) - stage.now) / 1000);
}

afterEach(() => stage[Symbol.asyncDispose]());

describe('a ledger that 0.2.0 has written', () => {
  /** 11:11 in Shanghai: base 4, lunch's 2 and a bump's 1, whose activity is open. */
  beforeEach(async () => {
    stage = new Deployed('2026-03-04T02:30:00Z', { [group]: model });
    await stage.deploy(fleet);
    await until(stored.at);
    for (const [table, items] of [
      ['shop-ledger', stored.ledger],
      ['shop-activities', stored.activities],
    ] as const)
      for (const Item of items) await stage.call('dynamodb', 'PutItem', { TableName: table, Item });
    const input = { AutoScalingGroupName: group, DesiredCapacity: stored.desired };
    await stage.call('autoscaling', 'SetDesiredCapacity', input);
  });

  it('is read by this version, which moves no server for it and ends what was open', async () => {
    await stage.pass(180);
    const servers = await stage.servers(group);
    await stage.pass(900);
    expect(await stage.servers(group)).toEqual(servers);
    expect(await desired()).toBe(stored.desired);
    const history = await stage.history('shop', 'web');
    expect(history.map(({ statusCode }) => statusCode)).not.toContain('InProgress');
    const since = history.filter(({ startedAt, from, to }) => from !== to && startedAt > stored.at);
    expect(since).toEqual([]);
  });

  it('gives back what the window and the bump have added under it, and nothing else', async () => {
    await until('2026-03-04T05:05:00Z');
    expect(await desired()).toBe(stored.desired - 2);
    await until('2026-03-04T05:20:00Z');
    expect(await desired()).toBe(stored.desired - 3);
  });

  it('remembers a request that was answered: the same once more changes nothing', async () => {
    await stage.pass(180);
    await bump({ adjustment: 1, for: '2h', requestId: 'bump-1' });
    await stage.pass(120);
    expect(await desired()).toBe(stored.desired);
  });
});

describe('a deploy in the middle of a window and a bump, with another maximum', () => {
  beforeEach(async () => {
    stage = new Deployed('2026-03-04T02:50:00Z', { [group]: model });
    await stage.deploy(fleet);
    await until('2026-03-04T03:10:00Z');
    await bump({ adjustment: 1, for: '2h', requestId: 'bump-2' });
    await stage.pass(300);
  });

  it.each([
    ['higher', 'maxSize: 12'],
    ['lower, but not below what there is', 'maxSize: 6'],
  ])('moves no server: %s', async (_, maxSize) => {
    expect(await desired()).toBe(6);
    const servers = await stage.servers(group);
    await stage.deploy(fleet.replace('maxSize: 10', maxSize));
    await stage.pass(900);
    expect(await stage.servers(group)).toEqual(servers);
    expect(await desired()).toBe(6);
    await until('2026-03-04T05:05:00Z');
    expect(await desired()).toBe(4);
    await until('2026-03-04T05:30:00Z');
    expect(await desired()).toBe(3);
  });
});

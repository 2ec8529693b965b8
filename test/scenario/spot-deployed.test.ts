import { afterAll, expect, it } from 'vitest';
import { speaker } from '../../shared/sentences/speaker.ts';
import { chinese } from '../../shared/sentences/zh.ts';
import { Deployed } from '../kit/deployed.ts';

const fleet = `name: shop
groups:
  web:
    launch:
      imageId: ami-0a1b2c3d4e5f60718
      instanceType: [c7g.large, c6g.large]
      purchase: { onDemandBaseCapacity: 1, onDemandPercentageAboveBaseCapacity: 0 }
    minSize: 3
    maxSize: 6
    schedules: { lunch: { start: "0 11 * * *", end: "0 13 * * *", scalingAdjustment: 2 } }
`;
const account = new Deployed();
afterAll(() => account[Symbol.asyncDispose]());

it('a Spot server that EC2 takes back is in the history with that cause, and is replaced', async () => {
  await account.deploy(fleet);
  await account.pass(600);
  const { instances } = account.local.fleet.ec2;
  const ids = await account.servers('shop-web');
  const spot = ids.find((id) => instances.instances.get(id).InstanceLifecycle === 'spot')!;
  instances.interrupt(spot, account.now);
  await account.pass(100);
  expect(await account.servers('shop-web')).toContain(spot);
  expect((await lost()).length).toBe(0);
  await account.pass(140);
  const [row, ...others] = await lost();
  expect(others).toEqual([]);
  expect(row).toMatchObject({ why: { key: 'serversLost', ids: [spot], cause: 'interrupted' } });
  const { sentence } = speaker(chinese, 'UTC');
  expect(sentence(row!.why, account.now)).toBe(`失去 ${spot}：被云平台回收（如竞价实例中断）`);
  await account.pass(300);
  expect(await account.servers('shop-web')).toHaveLength(3);
  const letters = await account.call('sqs', 'ReceiveMessage', {
    QueueUrl: (await account.call('sqs', 'GetQueueUrl', { QueueName: 'shop-dead-letters' })).QueueUrl,
  });
  expect(letters.Messages ?? []).toEqual([]);
});

async function lost() {
  return (await account.history('shop', 'web')).filter(({ reason }) => reason === 'ServersLost');
}

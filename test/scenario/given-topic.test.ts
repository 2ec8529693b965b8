import { Stack } from 'aws-cdk-lib';
import * as sns from 'aws-cdk-lib/aws-sns';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import type { FleetInCloud } from '../../cli/cloud.ts';
import { checkMail } from '../../cli/doctor/mail.ts';
import { RushhourFleet } from '../../infra/rushhour-fleet.ts';
import { readFleet } from '../../shared/fleet/read-fleet.ts';
import type { FleetInput } from '../../shared/fleet/schema.ts';
import { Deployed } from '../kit/deployed.ts';

const start = '2026-03-04T00:00:00Z';
const input: FleetInput = {
  name: 'shop',
  notify: { email: ['ops@example.com'] },
  groups: {
    web: {
      launch: { imageId: 'ami-0a1b2c3d4e5f60718', instanceType: 'c7g.large' },
      ...{ minSize: 1, maxSize: 3 },
      schedules: { lunch: { start: '0 1 * * *', end: '0 3 * * *', scalingAdjustment: 1 } },
    },
  },
};
const fleet = readFleet(JSON.stringify(input));
const theirs = 'arn:aws:sns:us-east-1:000000000000:team-news';

let account: Deployed;
let cloud: FleetInCloud;

beforeAll(async () => {
  account = new Deployed(start);
  await account.deployApp(fleet, (app) => {
    const stack = new Stack(app, 'Theirs');
    const topic = new sns.Topic(stack, 'News', { topicName: 'team-news' });
    new RushhourFleet(stack, 'Fleet', { fleet: input, topic, now: new Date(start) });
  });
  vi.stubEnv('AWS_ENDPOINT_URL', account.cloud.endpointUrl!);
  vi.stubEnv('AWS_REGION', 'us-east-1');
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'local');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'local');
  const arn = 'arn:aws:iam::000000000000:user/owner';
  const place = { arn, account: '000000000000', region: 'us-east-1' };
  cloud = { ...place, scaler: { fleet } } as unknown as FleetInCloud;
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await account[Symbol.asyncDispose]();
});

it("what happens is written to a topic of the team's own, and there is no other for it", async () => {
  await account.pass(2 * 3600);
  const { Topics } = await account.call('sns', 'ListTopics', {});
  const arns = Topics.map(({ TopicArn }: { TopicArn: string }) => TopicArn.split(':').at(-1));
  expect(arns.toSorted()).toEqual(['shop-alarms', 'team-news']);
  expect(account.mails.some(({ text }) => text.includes('web 1 → 2'))).toBe(true);
});

it('the doctor looks at that topic for who hears of it', async () => {
  expect(await checkMail(cloud)).toMatchObject([{ verdict: 'fine', message: 'ops@example.com confirmed' }]);
  const { Subscriptions } = await account.call('sns', 'ListSubscriptionsByTopic', { TopicArn: theirs });
  await account.call('sns', 'Unsubscribe', { SubscriptionArn: Subscriptions[0].SubscriptionArn });
  expect(await checkMail(cloud)).toMatchObject([
    {
      verdict: 'problem',
      message: expect.stringContaining('ops@example.com hears nothing of team-news: SNS has no subscription'),
    },
  ]);
});

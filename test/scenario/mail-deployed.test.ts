import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { FleetInCloud } from '../../cli/cloud.ts';
import { checkMail } from '../../cli/doctor/mail.ts';
import { confirmMail } from '../../local/confirm-mail.ts';
import { readFleet } from '../../shared/fleet/read-fleet.ts';
import { Deployed } from '../kit/deployed.ts';

const fleetFile = `name: shop
notify: { email: [ops@example.com] }
groups:
  web:
    launch: { imageId: ami-0a1b2c3d4e5f60718, instanceType: c7g.large }
    minSize: 2
    maxSize: 20
    schedules:
      lunch: { start: "0 1 * * *", end: "0 3 * * *", scalingAdjustment: 2 }
      brunch: { start: "0 1 * * *", end: "0 4 * * *", scalingAdjustment: 1 }
`;
const notices = 'arn:aws:sns:us-east-1:000000000000:shop-notices';

let account: Deployed;
let cloud: FleetInCloud;

beforeAll(async () => {
  account = new Deployed('2026-03-04T00:00:00Z');
  await account.deploy(fleetFile, false);
  vi.stubEnv('AWS_ENDPOINT_URL', account.cloud.endpointUrl!);
  vi.stubEnv('AWS_REGION', 'us-east-1');
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'local');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'local');
  const scaler = { fleet: readFleet(fleetFile) };
  const arn = 'arn:aws:iam::000000000000:user/owner';
  cloud = { scaler, arn, account: '000000000000', region: 'us-east-1' } as unknown as FleetInCloud;
});

afterAll(async () => {
  vi.unstubAllEnvs();
  await account[Symbol.asyncDispose]();
});

describe('mail of a fleet', () => {
  it('reaches nobody before its reader has confirmed it, which the doctor says', async () => {
    await account.pass(1800);
    expect(account.mails).toEqual([]);
    expect(await checkMail(cloud)).toMatchObject([
      {
        verdict: 'problem',
        message:
          'ops@example.com hears nothing of shop-notices and shop-alarms: its subscription is not confirmed, or SNS has suspended it',
      },
    ]);
  });

  it('then tells of two windows that open at once in one mail', async () => {
    await confirmMail(account);
    expect(await checkMail(cloud)).toMatchObject([{ verdict: 'fine' }]);
    await account.pass(2400);
    const told = account.mails.filter(({ text }) => text.includes("window 'lunch'"));
    expect(told).toHaveLength(1);
    expect(told[0]).toMatchObject({
      subject: expect.stringMatching(/^\[shop\] web \d -> \d: .*\(\+1 more\)$/),
      text: expect.stringContaining("window 'brunch' opened"),
    });
  });

  it('never comes twice in a minute, whatever happens', async () => {
    await account.pass(3 * 3600);
    const minutes = account.mails.map(({ sentAt }) => sentAt.slice(0, 16));
    expect(minutes.length).toBeGreaterThan(2);
    expect(new Set(minutes).size).toBe(minutes.length);
  });

  it('that SNS has suspended for a flood from elsewhere is found by the doctor', async () => {
    for (let message = 0; message < 11; message++)
      await account.call('sns', 'Publish', { TopicArn: notices, Message: 'flood' });
    await account.pass(1);
    expect(await checkMail(cloud)).toMatchObject([
      {
        verdict: 'problem',
        message: expect.stringMatching(/^ops@example.com hears nothing of shop-notices: /),
      },
    ]);
  });

  it('of which SNS has deleted the subscription is missed, too', async () => {
    await confirmMail(account);
    const { Subscriptions } = await account.call('sns', 'ListSubscriptionsByTopic', { TopicArn: notices });
    await account.call('sns', 'Unsubscribe', { SubscriptionArn: Subscriptions[0].SubscriptionArn });
    expect(await checkMail(cloud)).toMatchObject([
      {
        verdict: 'problem',
        message: 'ops@example.com hears nothing of shop-notices: SNS has no subscription of it any more',
      },
    ]);
  });
});

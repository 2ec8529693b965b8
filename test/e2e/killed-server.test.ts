import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { Deployed } from '../kit/deployed.ts';
import { rushhour } from '../kit/run-rushhour.ts';

const text = `name: shop
timeZone: UTC
groups:
  web:
    launch: { imageId: ami-0a1b2c3d4e5f60718, instanceType: c7g.large }
    minSize: 3
    maxSize: 6
    schedules: { lunch: { start: "0 11 * * *", end: "0 13 * * *", scalingAdjustment: 2 } }
`;
const folder = mkdtempSync(join(tmpdir(), 'rushhour-killed-'));
const stage = new Deployed();
let killed: string;

beforeAll(async () => {
  writeFileSync(join(folder, 'fleet.yaml'), text);
  await stage.deploy(text);
  await stage.pass(600);
  const servers = await stage.servers('shop-web');
  killed = servers[0]!;
  await stage.call('ec2', 'TerminateInstances', { InstanceIds: [killed] });
  await stage.pass(60);
});
afterAll(async () => {
  await stage[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true });
});

async function said(...args: string[]): Promise<string> {
  const ran = await rushhour([...args, '--fleet', join(folder, 'fleet.yaml')], {
    AWS_ENDPOINT_URL: stage.cloud.endpointUrl,
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'local',
    AWS_SECRET_ACCESS_KEY: 'local',
  });
  return ran.stdout;
}

it('is in the history within a minute, with its cause, in English and in Chinese', async () => {
  const sentence = `web: lost ${killed}: stopped or terminated from outside`;
  expect(await said('history', 'web')).toMatch(
    new RegExp(`00:1\\d +Successful +${sentence}; At \\S+ an instance was taken out of service`),
  );
});

it('is named by status within a minute, with when and why', async () => {
  const shown = await said('status', 'web');
  expect(shown).toMatch(
    new RegExp(`lost +…${killed.slice(-12)} \\(00:1\\d, stopped or terminated from outside\\)`),
  );
  const { groups } = JSON.parse(await said('status', 'web', '--json'));
  expect(groups[0]).toMatchObject({ lost: [{ id: killed.slice(-12), cause: 'terminated' }] });
});

it('is replaced, which the history tells, too, and of which nobody gets a mail', async () => {
  await stage.pass(300);
  expect(await said('history', 'web')).toContain('web: whole again: 3 in service');
  const { groups } = JSON.parse(await said('status', 'web', '--json'));
  expect(groups[0]).toMatchObject({ isShort: false, reason: 'AtGoal' });
  expect(stage.mails.filter(({ text }) => text.includes(killed))).toEqual([]);
});

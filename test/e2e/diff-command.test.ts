import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { Deployed } from '../kit/deployed.ts';
import { type Ran, rushhour } from '../kit/run-rushhour.ts';

const text = `name: shop
timeZone: Asia/Shanghai
calendars: { rest: { country: CN } }
groups:
  web:
    launch: { imageId: ami-0a1b2c3d4e5f60718, instanceType: c7g.large }
    minSize: 1
    maxSize: 4
    schedules:
      lunch: { start: "0 11 * * *", end: "0 13 * * *", scalingAdjustment: 2, except: [rest] }
`;
const folder = mkdtempSync(join(tmpdir(), 'rushhour-diff-'));
const stage = new Deployed(undefined, {}, { concurrentExecutions: 10 });

beforeAll(async () => {
  await stage.deploy(text);
});
afterAll(async () => {
  await stage[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true });
});

/** Runs a command with a fleet file of this text. */
function run(fleetText: string, ...args: string[]): Promise<Ran> {
  const file = join(folder, 'fleet.yaml');
  writeFileSync(file, fleetText);
  return rushhour([...args, '--fleet', file], {
    AWS_ENDPOINT_URL: stage.cloud.endpointUrl,
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'local',
    AWS_SECRET_ACCESS_KEY: 'local',
  });
}

it('tells what a deploy changes from what lies beside the deployed functions, and nothing once it is deployed', async () => {
  const same = await run(text, 'diff');
  expect(same.stdout).toMatch(
    /^✓ nothing: shop, deployed 2026-03-04T00:\d\dZ with rushhour \S+, is as .*fleet\.yaml says\n$/,
  );
  expect(same.exitCode).toBe(0);

  const later = text.replace('0 13 * * *', '30 13 * * *').replace('maxSize: 4', 'maxSize: 6');
  const changed = await run(later, 'diff');
  expect(changed.exitCode).toBe(1);
  expect(changed.stdout).toMatch(/~ maxSize +4 → 6\n/);
  expect(changed.stdout).toMatch(/~ window lunch: end +0 13 \* \* \* → 30 13 \* \* \*\n/);
  const { fleet, differs, changes } = JSON.parse((await run(later, 'diff', '--json')).stdout);
  expect({ fleet, differs, count: changes.length }).toEqual({ fleet: 'shop', differs: true, count: 2 });
  const { findings } = JSON.parse((await run(later, 'doctor', '--json')).stdout);
  expect(findings).toContainEqual(
    expect.objectContaining({
      check: 'fleet file',
      verdict: 'warning',
      message: '2 changes are not deployed',
    }),
  );

  await stage.deploy(later);
  expect((await run(later, 'diff', '--markdown')).stdout).toContain('Nothing: what was deployed');
  const elsewhere = await run(text.replace('name: shop', 'name: store'), 'diff');
  expect(elsewhere).toMatchObject({
    exitCode: 1,
    stdout: 'store is not deployed: a deploy makes all of it.\n',
  });
}, 120_000);

it('a doctor in a new account warns that ten functions may run at once', async () => {
  const { findings } = JSON.parse((await run(text, 'doctor', '--json')).stdout);
  expect(findings).toContainEqual(
    expect.objectContaining({
      check: 'quotas',
      verdict: 'warning',
      message: expect.stringContaining('the account may have 10,'),
    }),
  );
}, 120_000);

it('a deploy that changes purchase options is told to replace servers that run', async () => {
  const spot = text.replace(
    'c7g.large }',
    'c7g.large, purchase: { onDemandPercentageAboveBaseCapacity: 50 } }',
  );
  const { stdout } = await run(spot, 'diff');
  expect(stdout).toMatch(
    /launch\.purchase\.onDemandPercentageAboveBaseCapacity .*AWS may replace servers that run/,
  );
}, 120_000);

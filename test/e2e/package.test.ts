import { mkdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { freePort, Stranger } from '../kit/stranger.ts';

const root = join(import.meta.dirname, '../..');
const { version, devDependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const mostBytes = 4 * 1024 * 1024;

const stranger = new Stranger();
const { folder, archive } = stranger;
const shop = join(folder, 'shop');
const run = stranger.run.bind(stranger);
const npx = stranger.npx.bind(stranger);

beforeAll(async () => {
  mkdirSync(shop);
  await stranger.pack();
});
afterAll(() => stranger[Symbol.dispose]());

it('is an archive of at most 4 MiB, with the licences of what is in it', async () => {
  expect(statSync(archive).size).toBeLessThan(mostBytes);
  const listed = await run(folder, 'tar', ['tf', archive]);
  for (const file of [
    'LICENSE',
    'NOTICES',
    'README.md',
    'dist/functions/sweep/NOTICES',
    'dist/functions/sweep/index.mjs',
  ])
    expect(listed).toContain(`package/${file}\n`);
  expect(listed).not.toMatch(/\.ts\n(?<!\.d\.ts\n)/);
});

it('is installed by npm alone, and says its version', async () => {
  await run(shop, 'npm', ['install', archive]);
  expect((await npx(shop, 'rushhour --version')).trim()).toBe(version);
});

it('begins a project in that folder, whose file is in order', async () => {
  expect(await npx(shop, 'rushhour init --yes')).toContain('wrote bin/app.ts');
  const manifest = JSON.parse(readFileSync(join(shop, 'package.json'), 'utf8'));
  // What was installed stays; the CDK's command line as this repository has it, which is at hand.
  expect(manifest.dependencies.rushhour).toContain('.tgz');
  manifest.devDependencies['aws-cdk'] = devDependencies['aws-cdk'];
  writeFileSync(join(shop, 'package.json'), JSON.stringify(manifest));
  await run(shop, 'npm', ['install']);
  expect(await npx(shop, 'rushhour validate')).toContain('fleet shop, 1 group, no mistake');
});

it("plays that fleet's day on the local cloud", async () => {
  const told = await npx(shop, 'rushhour start --once --json day.json --day 2026-03-04');
  expect(told).toMatch(/09:00 {2}web 1 → 2: window 'office' opened \(\+1\)/);
  expect(JSON.parse(readFileSync(join(shop, 'day.json'), 'utf8')).fleet).toBe('shop');
});

it('declares its types', async () => {
  const right = `import { RushhourFleet, type FleetInput } from 'rushhour';
import { fleet } from 'rushhour/schema';
const launch = { imageId: 'ami-0a1b2c3d4e5f60718', instanceType: 'c7g.large' };
const typed: FleetInput = { name: 'typed', groups: { web: { launch, minSize: 1, maxSize: 2 } } };
export const read: string = fleet.parse(typed).name;
// @ts-expect-error: of a name that no fleet has
export const wrong: FleetInput = { nmae: 'typed', groups: {} };
export const use = (one: RushhourFleet): string => one.group('web').autoScalingGroup.autoScalingGroupName;
`;
  writeFileSync(join(shop, 'types.ts'), right);
  const options = ['--noEmit', '--strict', '--skipLibCheck', '--module', 'nodenext', '--target', 'es2022'];
  await run(shop, process.execPath, [join(root, 'node_modules/.bin/tsc'), ...options, 'types.ts']);
});

it('deploys with the CDK command line, and grows', async () => {
  await startLocalCloud();
  await npx(shop, 'cdk bootstrap');
  await npx(shop, 'cdk deploy --all --require-approval never');
  expect(await npx(shop, 'rushhour doctor')).toMatch(
    new RegExp(`✓ +version +${version.replaceAll('.', '\\.')}`),
  );
  expect(await npx(shop, 'rushhour bump web +1 --for 1h --reason sale')).toMatch(/web \d → \d: \+1 by/);
});

it("is a construct in somebody else's stack, with their VPC and their load balancer", async () => {
  const theirs = join(folder, 'theirs');
  mkdirSync(theirs);
  symlinkSync(join(shop, 'node_modules'), join(theirs, 'node_modules'));
  const files = {
    'package.json': '{ "type": "module" }',
    'cdk.json': '{ "app": "npx tsx app.ts" }',
    'fleet.yaml': theirFleet,
    'app.ts': theirApp,
  };
  for (const [file, text] of Object.entries(files)) writeFileSync(join(theirs, file), text);
  expect(await npx(theirs, 'rushhour validate')).toContain('fleet team, 1 group, no mistake');
  const deployed = await npx(theirs, 'cdk deploy --all --require-approval never');
  expect(deployed).toMatch(/Theirs\.Group = team-web/);
  expect(await npx(theirs, 'rushhour bump web +1 --for 1h --reason sale')).toMatch(/web \d → \d: \+1 by/);
  const { stdout } = await stranger.outputOf(theirs, 'npx', ['rushhour', 'status', '--json']);
  expect(JSON.parse(stdout).groups[0].desired).toBe(2);
});

async function startLocalCloud(): Promise<void> {
  const port = await freePort();
  await stranger.startLocalCloud(shop, `npx rushhour local --empty --port ${port}`);
  Object.assign(stranger.environment, {
    ...{ AWS_ENDPOINT_URL: `http://127.0.0.1:${port}`, AWS_REGION: 'us-east-1' },
    ...{ AWS_ACCESS_KEY_ID: 'local', AWS_SECRET_ACCESS_KEY: 'local' },
  });
}

const theirFleet = `name: team
groups:
  web:
    launch: { imageId: "ssm:/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-arm64", instanceType: t4g.small }
    minSize: 1
    maxSize: 3
    loadBalancer: { given: application }
    alarms: { busy: { metric: requestsPerSecond, comparisonOperator: GreaterThanThreshold, threshold: 400, period: 60,
                      evaluationPeriods: 2, scalingAdjustment: 1 } }
`;

const theirApp = `import { App, CfnOutput, Stack } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as elb from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { RushhourFleet } from 'rushhour';

const stack = new Stack(new App(), 'Theirs');
const subnetConfiguration = [{ name: 'public', subnetType: ec2.SubnetType.PUBLIC }];
const vpc = new ec2.Vpc(stack, 'Vpc', { maxAzs: 2, natGateways: 0, subnetConfiguration });
const loadBalancer = new elb.ApplicationLoadBalancer(stack, 'Balancer', { vpc, internetFacing: true });
const targetGroup = new elb.ApplicationTargetGroup(stack, 'Targets', { vpc, port: 80 });
loadBalancer.addListener('Listener', { port: 80, defaultTargetGroups: [targetGroup] });

const fleet = new RushhourFleet(stack, 'Fleet', {
  fleet: 'fleet.yaml',
  vpc,
  groups: { web: { loadBalancer, targetGroups: [targetGroup] } },
});
const web = fleet.group('web');
loadBalancer.connections.allowTo(web.securityGroup!, ec2.Port.tcp(80));
new CfnOutput(stack, 'Group', { value: web.autoScalingGroup.autoScalingGroupName });
`;

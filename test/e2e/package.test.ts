import { globSync, mkdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { parse } from 'yaml';
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

it('plays a fleet of services of ECS, whose provider lies beside its functions', async () => {
  writeFileSync(join(shop, 'services.yaml'), servicesFleet);
  const app = readFileSync(join(shop, 'bin/app.ts'), 'utf8');
  writeFileSync(join(shop, 'services.ts'), app.replace("'fleet.yaml'", "'services.yaml'"));
  const opened = /09:00 {2}web 2 → 3: window 'office' opened \(\+1\)/;
  await stranger.seesAndEnds(
    shop,
    'npx rushhour start --once --fleet services.yaml --day 2026-03-04',
    opened,
  );
  await run(shop, 'npx', [
    'cdk',
    'synth',
    '--quiet',
    '--app',
    'npx tsx services.ts',
    '--output',
    'services.out',
  ]);
  const providers = globSync('services.out/asset.*/provider-ecs.mjs', { cwd: shop });
  expect(providers.length).toBeGreaterThan(3);
});

it.each(['22', '24'])('runs on Node %s', async (major) => {
  const name = `node-${process.platform}-${process.arch}`;
  const node = join(folder, `node-${major}`);
  mkdirSync(node);
  await run(node, 'npm', ['install', '--prefix', node, `${name}@${major}`]);
  const path = stranger.path;
  stranger.path = [join(node, 'node_modules', name, 'bin'), ...path];
  try {
    expect(await run(shop, 'node', ['--version'])).toMatch(new RegExp(`^v${major}\\.`));
    expect((await npx(shop, 'rushhour --version')).trim()).toBe(version);
    expect(await npx(shop, 'rushhour validate')).toContain('no mistake');
    await npx(shop, 'cdk synth --quiet');
    await stranger.seesAndEnds(shop, 'npx rushhour start --once --day 2026-03-04', /09:00 {2}web 1 → 2/);
  } finally {
    stranger.path = path;
  }
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

it('has a workflow that validates, and says what a deploy would change', async () => {
  const { jobs } = parse(readFileSync(join(shop, '.github/workflows/fleet.yml'), 'utf8'));
  const steps: { run?: string; if?: string }[] = jobs.check.steps;
  const commands = steps.flatMap(({ run: command }) => command ?? []);
  expect(commands[0]).toBe('npm ci');
  const summary = join(folder, 'summary.md');
  stranger.environment['GITHUB_STEP_SUMMARY'] = summary;
  writeFileSync(summary, '');
  const file = join(shop, 'fleet.yaml');
  const fleet = readFileSync(file, 'utf8');
  writeFileSync(file, fleet.replace('maxSize: 4', 'maxSize: 5'));
  // As the runner does: each step in a shell that ends with the first failure.
  for (const command of commands.slice(1)) await run(shop, 'bash', ['-ec', command]);
  expect(readFileSync(summary, 'utf8')).toMatch(/maxSize|maximum/);
  writeFileSync(file, fleet.replace('maxSize: 4', 'maxSize: 0'));
  await expect(run(shop, 'bash', ['-ec', commands[1]!])).rejects.toThrow(
    /groups\.web\.minSize: expected at most maxSize \(0\)/,
  );
  writeFileSync(file, fleet);
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

it('is a second fleet of that account, in nested stacks, which go with their stack', async () => {
  const theirs = join(folder, 'theirs');
  const endpoint = stranger.environment['AWS_ENDPOINT_URL']!;
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  const client = new CloudFormationClient({ endpoint, region: 'us-east-1', credentials });
  const stacks = async () => {
    const { Stacks = [] } = await client.send(new DescribeStacksCommand({}));
    return Stacks.map(({ StackName }) => StackName!).sort();
  };
  const ofSecond = async () => (await stacks()).filter((name) => name.startsWith('Second'));
  expect(await ofSecond()).toEqual([
    'Second',
    expect.stringMatching(/^Second-Fleetback/),
    expect.stringMatching(/^Second-Fleetfront/),
  ]);
  await npx(theirs, 'cdk destroy Second --force');
  expect(await ofSecond()).toEqual([]);
  expect(await stacks()).toContain('Theirs');
});

async function startLocalCloud(): Promise<void> {
  const port = await freePort();
  await stranger.startLocalCloud(shop, `npx rushhour local --empty --port ${port}`);
  Object.assign(stranger.environment, {
    ...{ AWS_ENDPOINT_URL: `http://127.0.0.1:${port}`, AWS_REGION: 'us-east-1' },
    ...{ AWS_ACCESS_KEY_ID: 'local', AWS_SECRET_ACCESS_KEY: 'local' },
  });
}

const servicesFleet = `name: services
groups:
  web:
    ecs: { cluster: shop, service: web }
    minSize: 2
    maxSize: 6
    schedules: { office: { start: "0 9 * * *", end: "0 17 * * *", scalingAdjustment: 1 } }
    simulation: { requestsPerSecond: 60, bootSeconds: 30 }
`;

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

const app = new App();
const stack = new Stack(app, 'Theirs');
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

const group = { launch: { imageId: 'ssm:/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-arm64',
                          instanceType: 't4g.small' }, minSize: 1, maxSize: 2 };
const second = new Stack(app, 'Second');
new RushhourFleet(second, 'Fleet', { fleet: { name: 'second', groups: { front: group, back: group } }, nestedStacks: true });

new CfnOutput(stack, 'Group', { value: web.autoScalingGroup.autoScalingGroupName });
`;

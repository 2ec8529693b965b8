import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { deployAssembly } from '../../local/cloud/cloudformation/deploy-assembly.ts';
import { Endpoint } from '../../local/cloud/endpoint.ts';
import type { Principal } from '../../local/cloud/service.ts';
import { type WholeCloud, wholeCloud } from '../../local/cloud/whole-cloud.ts';
import { fleetWorld, provideForFleet } from '../../local/fleet-world.ts';
import { synthesize } from '../../local/synthesize.ts';
import { readFleet } from '../../shared/fleet/read-fleet.ts';

const owner: Principal = { kind: 'owner', arn: 'arn:aws:iam::000000000000:user/owner' };
const draining = 'draining: { command: drain --now, timeoutSeconds: 600 }';
const image = 'ssm:/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-arm64';
let folder: string;
let local: WholeCloud;
let endpoint: Endpoint;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rushhour-draining-'));
  const text = (await readFile('fleet.yaml', 'utf8'))
    .replace('initialCapacity: 5', draining)
    .replaceAll(/imageId: ami-\w+/g, `imageId: ${image}`)
    .replace(/instances: \[.*\]/, '');
  const file = join(folder, 'fleet.yaml');
  await writeFile(file, text);
  const fleet = readFleet(text, file);
  await synthesize(file, join(folder, 'cdk.out'));
  local = wholeCloud(
    { start: Date.UTC(2026, 0, 1) },
    fleetWorld(fleet, () => () => 0),
  );
  provideForFleet(local, fleet);
  endpoint = new Endpoint(local.cloud);
  await endpoint.listen();
  await deployAssembly(local.cloud, join(folder, 'cdk.out'));
  await local.cloud.agenda.runUntil(local.cloud.agenda.now() + 300_000);
});

afterAll(async () => {
  await endpoint.close();
  await local.cloud.close();
  await rm(folder, { recursive: true, force: true });
});

const call = (service: string, operation: string, input: object) =>
  local.cloud.call(service, operation, input, owner);

async function servers(): Promise<string[]> {
  const input = { AutoScalingGroupNames: ['lunch-business'] };
  const { AutoScalingGroups } = await call('autoscaling', 'DescribeAutoScalingGroups', input);
  return AutoScalingGroups[0].Instances.map(({ InstanceId }: { InstanceId: string }) => InstanceId);
}

it('a leaving server runs the command, and goes as soon as it has', async () => {
  const [leaving] = await servers();
  const termination = { InstanceId: leaving, ShouldDecrementDesiredCapacity: false };
  await call('autoscaling', 'TerminateInstanceInAutoScalingGroup', termination);
  // Less than the hook's own timeout: it is the command's end that lets the server go.
  await local.cloud.agenda.runUntil(local.cloud.agenda.now() + 300_000);
  const { Commands } = await call('ssm', 'ListCommands', { InstanceId: leaving });
  expect(Commands).toMatchObject([{ Status: 'Success', Parameters: { commands: ['drain --now'] } }]);
  const now = await servers();
  expect(now).toHaveLength(3);
  expect(now).not.toContain(leaving);
});

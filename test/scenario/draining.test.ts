import { afterAll, beforeAll, expect, it } from 'vitest';
import { Deployed, exampleFleet } from '../kit/deployed.ts';

const image = 'ssm:/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-arm64';
const draining = 'draining: { command: drain --now, timeoutSeconds: 600 }';
let account: Deployed;

beforeAll(async () => {
  account = new Deployed();
  await account.deploy(
    await exampleFleet(
      ['initialCapacity: 5', draining],
      ['ami-0a1b2c3d4e5f60718', image],
      ['instances: [i-0a5e551041adde001]', ''],
    ),
  );
  await account.pass(300);
});

afterAll(() => account[Symbol.asyncDispose]());

it('a leaving server runs the command, and goes as soon as it has', async () => {
  const [leaving] = await account.servers('lunch-business');
  const termination = { InstanceId: leaving, ShouldDecrementDesiredCapacity: false };
  await account.call('autoscaling', 'TerminateInstanceInAutoScalingGroup', termination);
  // Less than the hook's own timeout: it is the command's end that lets the server go.
  await account.pass(300);
  const { Commands } = await account.call('ssm', 'ListCommands', { InstanceId: leaving });
  expect(Commands).toMatchObject([{ Status: 'Success', Parameters: { commands: ['drain --now'] } }]);
  const now = await account.servers('lunch-business');
  expect(now).toHaveLength(3);
  expect(now).not.toContain(leaving);
});

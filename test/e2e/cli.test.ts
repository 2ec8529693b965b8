import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  AutoScalingClient,
  DescribeAutoScalingGroupsCommand,
  PutScheduledUpdateGroupActionCommand,
} from '@aws-sdk/client-auto-scaling';
import { DeregisterImageCommand, EC2Client, RunInstancesCommand } from '@aws-sdk/client-ec2';
import { GetQueueUrlCommand, PurgeQueueCommand, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Ran, rushhour } from '../kit/run-rushhour.ts';
import { nightZone } from './night-zone.ts';

const image = 'ami-0a1b2c3d4e5f60718';
const fleetText = `name: shop
timeZone: ${nightZone()}
simulation: { seed: 7 }
groups:
  web:
    launch: { imageId: ${image}, instanceType: c7g.large }
    minSize: 1
    maxSize: 4
    healthCheckGracePeriod: 30
    loadBalancer: { scheme: internet-facing, port: 80, healthCheck: { path: /health, intervalSeconds: 5, timeoutSeconds: 2 } }
    schedules:
      day: { start: "0 12 1 1 *", end: "0 13 1 1 *", scalingAdjustment: 1 }
    alarms:
      cpu-high: { metric: cpu, comparisonOperator: GreaterThanThreshold, threshold: 70, period: 300, evaluationPeriods: 3, scalingAdjustment: 1 }
    simulation: { bootSeconds: 3, requestsPerSecond: 20 }
`;

const folder = mkdtempSync(join(tmpdir(), 'rushhour-cli-'));
const fleet = join(folder, 'shop.yaml');
writeFileSync(fleet, fleetText);
let cloud: ChildProcess;
let environment: Record<string, string>;
let imageMade: Promise<Ran>;

/** Runs a command on the fleet in the local cloud. */
const run = (...args: string[]) => rushhour([...args, '--fleet', fleet], environment);
const why = ['--reason', 'test', '--owner', 'tester'];

async function json<T = Record<string, unknown>>(...args: string[]): Promise<T> {
  return JSON.parse((await run(...args, '--json')).stdout);
}

async function desired(): Promise<number> {
  const { groups } = await json<{ groups: { desired: number }[] }>('status');
  return groups[0]!.desired;
}

beforeAll(async () => {
  cloud = spawn(process.execPath, ['local/local.ts', '--port', '0', '--fleet', fleet]);
  const url = await new Promise<string>((resolve, reject) => {
    let printed = '';
    cloud.stdout!.on('data', (text) => {
      printed += text;
      const found = /AWS_ENDPOINT_URL=(\S+)/.exec(printed);
      if (found) resolve(found[1]!);
    });
    cloud.once('exit', () => reject(new Error(`The local cloud ended:\n${printed}`)));
  });
  environment = {
    AWS_ENDPOINT_URL: url,
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'local',
    AWS_SECRET_ACCESS_KEY: 'test',
  };
  Object.assign(process.env, environment);
});

afterAll(() => {
  cloud.kill();
  rmSync(folder, { recursive: true });
});

describe('an operator', () => {
  it('makes an image of a running server, which takes a while', async () => {
    const { groups } = await json<{ groups: { inService: number }[] }>('status');
    expect(groups[0]!.inService).toBe(1);
    // In the fleet's own network: a target group takes servers of its VPC alone.
    const { AutoScalingGroups } = await new AutoScalingClient().send(
      new DescribeAutoScalingGroupsCommand({ AutoScalingGroupNames: ['shop-web'] }),
    );
    const SubnetId = AutoScalingGroups![0]!.VPCZoneIdentifier!.split(',')[0]!;
    const one = { ImageId: image, InstanceType: 'c7g.large', MinCount: 1, MaxCount: 1 } as const;
    const { Instances } = await new EC2Client().send(new RunInstancesCommand({ ...one, SubnetId }));
    const from = Instances![0]!.InstanceId!;
    expect((await run('image', 'web', '--from', from)).exitCode).toBe(2);
    imageMade = run('image', 'web', '--from', from, '--yes');
  });

  it('sees each group, its layers, windows, and alarms', async () => {
    const { exitCode, stdout } = await run('status');
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/web {2}1 desired, 1 in service, 1 to 4/);
    expect(stdout).toMatch(/layers +base web 1, maximum maxSize 4/);
    expect(stdout).toMatch(/windows +next: day opens \w+ 01-01 12:00/);
    expect(stdout).toMatch(/alarms +cpu-high (OK|INSUFFICIENT_DATA) since/);
  });

  it('says it in the language of the reader, labels and all', async () => {
    const { stdout } = await run('status', '--lang', 'ko');
    expect(stdout).toMatch(/web {2}원하는 용량 1대, 서비스 중 1대, 최소 1, 최대 4/);
    expect(stdout).toMatch(/구성 +기본 web 1, 상한 maxSize 4/);
    expect((await run('explain', 'web', '--lang', 'zh')).stdout).toMatch(/各规则的判断\n +告警 +cpu-high/);
  });

  it('is told why, and what would change it', async () => {
    const { stdout } = await run('explain', 'web');
    expect(stdout).toContain('web stays at 1: it is where it should be');
    expect(stdout).toMatch(/alarm {2}cpu-high is \w+ since [\d:]+: it asks for 2 once cpu is above 70 \(now/);
  });

  it('adds servers for a while, and finds it in the history', async () => {
    const { exitCode, stdout } = await run(
      'bump',
      'web',
      '+1',
      '--for',
      '1h',
      ...why,
      '--request-id',
      'once-1',
    );
    expect({ exitCode, stdout }).toEqual({
      exitCode: 0,
      stdout: expect.stringMatching(/^✓ web 1 → 2: \+1 by tester \(test\) until \d\d:\d\d\n$/),
    });
    expect((await run('history', 'web', '--since', '1h')).stdout).toContain('web 1 → 2: +1 by tester (test)');
    const { stdout: status } = await run('status', 'web');
    expect(status).toContain('granted tester 1');
    expect(status).toMatch(/last +\d\d:\d\d \w+: web 1 → 2: \+1 by tester/);
    expect((await run('history', 'web', '--lang', 'zh')).stdout).toMatch(/^时间 +状态 +变化与原因\n/);
  });

  it('repeats a request without harm', async () => {
    const { exitCode, stdout } = await run(
      'bump',
      'web',
      '+1',
      '--for',
      '1h',
      ...why,
      '--request-id',
      'once-1',
    );
    expect(exitCode).toBe(0);
    expect(stdout).toContain('request once-1 was carried out before');
    expect(await desired()).toBe(2);
  });

  it('takes servers away again, and sets how many there are', async () => {
    expect((await run('bump', 'web', '-1', '--yes', ...why)).stdout).toContain('web 2 → 1');
    expect((await run('set', 'web', '2', ...why)).stdout).toContain('web 1 → 2: set by tester (test)');
    expect(await desired()).toBe(2);
  });

  it('is asked before more than a third goes, told what a change will do, and can take it back', async () => {
    const dry = await run('bump', 'web', '+1', '--dry-run', ...why);
    expect(dry.stdout).toContain('web 2 → 3, max 4; undo: rushhour undo web');
    const unasked = await run('set', 'web', '1', ...why);
    expect(unasked).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining(
        'Take away 1 of the 2 servers of web?\nNobody is here to answer: say --yes',
      ),
    });
    expect(await desired()).toBe(2);
    await run('bump', 'web', '+1', ...why);
    const { stdout, stderr } = await run('undo', 'web');
    expect(stderr).toMatch(/taking back, of \d\d:\d\d: web 2 → 3: \+1 by tester/);
    expect(stdout).toMatch(/✓ web 3 → 2: −1 by .* \(undo: \+1 by tester \(test\)\)/);
    expect(await desired()).toBe(2);
  });

  it('is refused what is out of bounds, with a reason and exit code 1', async () => {
    await run('set', 'web', '4', ...why);
    const { exitCode, stdout } = await run('bump', 'web', '+1', ...why);
    expect(exitCode).toBe(1);
    expect(stdout).toContain('– web stays at 4: tester asks for 5, but maxSize allows at most 4');
    await run('set', 'web', '1', '--yes', ...why);
  });

  it('pauses a group and resumes it', async () => {
    expect((await run('pause', 'web', '--for', '1h', ...why)).stdout).toContain('paused by tester until');
    expect((await run('bump', 'web', '+1', ...why)).exitCode).toBe(1);
    expect((await run('status', 'web')).stdout).toMatch(/paused +by tester until \d\d:\d\d \(test\)/);
    expect((await run('resume', 'web', ...why)).exitCode).toBe(0);
    const again = await run('resume', 'web', ...why);
    expect(again.stdout).toContain('tester asks to resume it, but it is not paused');
    expect(again.exitCode).toBe(0);
    expect((await json<{ groups: { pause?: object }[] }>('status')).groups[0]!.pause).toBeUndefined();
  });

  it('proves that a group can grow: phases timed, and the server given back', async () => {
    const before = await desired();
    // Its servers come and go while it is asked: the one that it proves must be its own.
    await run('set', 'web', '4', ...why);
    await run('set', 'web', String(before), '--yes', ...why);
    const { exitCode, stdout } = await run('verify', 'web');
    expect(stdout).toMatch(
      /✓ launched after \d+ s\n✓ in service after \d+ s\n✓ healthy after \d+ s\nweb can grow/,
    );
    expect(exitCode).toBe(0);
    expect(await desired()).toBe(before);
  });

  it('hands a running server over to a group', async () => {
    // In the fleet's own network: a target group takes servers of its VPC alone.
    const { AutoScalingGroups } = await new AutoScalingClient().send(
      new DescribeAutoScalingGroupsCommand({ AutoScalingGroupNames: ['shop-web'] }),
    );
    const SubnetId = AutoScalingGroups![0]!.VPCZoneIdentifier!.split(',')[0]!;
    const one = { ImageId: image, InstanceType: 'c7g.large', MinCount: 1, MaxCount: 1 } as const;
    const Monitoring = { Enabled: true };
    const { Instances } = await new EC2Client().send(
      new RunInstancesCommand({ ...one, SubnetId, Monitoring }),
    );
    const id = Instances![0]!.InstanceId!;
    const twice = await run('adopt', 'web', id, id, ...why);
    expect(twice).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('expected every instance once'),
    });
    await expect
      .poll(async () => (await run('adopt', 'web', id, ...why)).stdout, { timeout: 240_000, interval: 3_000 })
      .toMatch(new RegExp(`✓ web \\d → \\d: .*${id}`));
  });

  it('finds a healthy account healthy, and says what would fight', async () => {
    await run('redrive', '--yes');
    const healthy = await run('doctor');
    expect(healthy.stdout).not.toMatch(/^[✗?]/m);
    expect(healthy.stdout).toMatch(/✓ +functions +all \d+ are active/);
    expect(healthy.exitCode).toBe(0);
    await new AutoScalingClient().send(
      new PutScheduledUpdateGroupActionCommand({
        AutoScalingGroupName: 'shop-web',
        ScheduledActionName: 'old-lunch',
        Recurrence: '0 11 * * *',
        DesiredCapacity: 3,
      }),
    );
    const fought = await run('doctor');
    expect(fought.exitCode).toBe(1);
    expect(fought.stdout).toMatch(
      /✗ +native scaling +web: AWS's own rules would fight: scheduled action old-lunch/,
    );
  });

  it('hands failed events over once more, and keeps what is for nobody', async () => {
    const sqs = new SQSClient();
    const { QueueUrl } = await sqs.send(new GetQueueUrlCommand({ QueueName: 'shop-dead-letters' }));
    const letter = {
      requestContext: { functionArn: 'arn:aws:lambda:us-east-1:000000000000:function:shop-sweep:$LATEST' },
      requestPayload: {},
    };
    await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: JSON.stringify(letter) }));
    expect(await run('redrive', '--yes')).toMatchObject({
      exitCode: 0,
      stdout: 'shop-sweep\n✓ shop-sweep: done\n',
    });
    await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: 'a letter' }));
    const { exitCode, stdout } = await run('redrive', '--yes');
    expect(exitCode).toBe(1);
    expect(stdout).toContain('✗ an event: for nobody');
  });

  it('obeys no letter that somebody has written into the queue: it shows it, and wants a person', async () => {
    const sqs = new SQSClient();
    const { QueueUrl } = await sqs.send(new GetQueueUrlCommand({ QueueName: 'shop-dead-letters' }));
    const before = await desired();
    const letter = {
      requestContext: { functionArn: 'arn:aws:lambda:us-east-1:000000000000:function:shop-bump:$LATEST' },
      requestPayload: { group: 'web', adjustment: 1, reason: 'sale', owner: 'alice' },
    };
    await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: JSON.stringify(letter) }));
    const { exitCode, stdout } = await run('redrive', '--yes');
    expect(exitCode).toBe(1);
    expect(stdout).toMatch(/shop-bump +web +change capacity by 1 +alice: sale, sent by .*user\/owner/);
    expect(stdout).toContain('✗ shop-bump: it asks for a change, and nobody is here to say yes');
    expect(await desired()).toBe(before);
    await sqs.send(new PurgeQueueCommand({ QueueUrl }));
  });

  it('has the image by now, as a line for the fleet file', async () => {
    expect(await imageMade).toMatchObject({
      exitCode: 0,
      stdout: expect.stringMatching(/^imageId: ami-[0-9a-f]{17}\n$/),
    });
  });

  it('is told when a group cannot grow, and what was asked for is given back', async () => {
    const before = await desired();
    await new EC2Client().send(new DeregisterImageCommand({ ImageId: image }));
    const { exitCode, stdout } = await run('verify', 'web');
    expect(exitCode).toBe(1);
    expect(stdout).toMatch(/✗ .*image.*\nweb cannot grow: what was asked for was given back/);
    expect(await desired()).toBe(before);
    expect((await run('doctor')).stdout).toContain(`web: there is no image ${image}`);
  });

  it('is told what to do when nobody answers, or nobody is logged in', async () => {
    const nobody = await rushhour(
      ['status', '--endpoint-url', 'http://127.0.0.1:9', '--fleet', fleet],
      environment,
    );
    expect(nobody.exitCode).toBe(1);
    expect(nobody.stderr).toContain('npx rushhour local');
    const stranger = await rushhour(['status', '--fleet', fleet], {
      ...environment,
      AWS_ACCESS_KEY_ID: 'nobody',
    });
    expect(stranger.exitCode).toBe(1);
    expect(stranger.stderr).toContain('Log in again');
  });
});

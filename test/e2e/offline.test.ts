import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { commands } from '../../cli/commands.ts';
import { rushhour } from '../kit/run-rushhour.ts';

const folder = mkdtempSync(join(tmpdir(), 'rushhour-'));
afterAll(() => rmSync(folder, { recursive: true }));

function fleetFile(name: string, text: string): string {
  const file = join(folder, name);
  writeFileSync(file, text);
  return file;
}

const mistaken = fleetFile(
  'mistaken.yaml',
  'name: f\ngroups: { one: { existing: g, minSize: 3, maxSize: 2 } }\n',
);
const doubtful = fleetFile(
  'doubtful.yaml',
  'name: f\ngroups: { one: { existing: g, minSize: 2, maxSize: 2, targets: [{ metric: cpu, targetValue: 50 }] } }\n',
);
const berlin = fleetFile(
  'berlin.yaml',
  `name: office
timeZone: Europe/Berlin
calendars: { holidays: [2026-10-03] }
groups:
  web:
    existing: web
    minSize: 1
    maxSize: 9
    schedules:
      day: { start: "0 8 * * *", end: "0 18 * * *", scalingAdjustment: 2, except: [holidays] }
      night: { start: "0 22 * * FRI", end: "0 2 * * *", minSize: 2, maxSize: 4 }
`,
);

describe('rushhour', () => {
  it('teaches: what there is, how to start, what exit codes mean', async () => {
    const { exitCode, stdout } = await rushhour(['--help']);
    expect(exitCode).toBe(0);
    for (const { name, summary } of commands) expect(stdout).toMatch(new RegExp(`${name} .*${summary}`));
    expect(stdout).toContain('Exit codes: 0');
  });

  it.each([[[]], [['nothing']], [['--nothing']], [['validate', 'one', 'two']], [['plan', '--days', '0']]])(
    'used wrongly shows its usage and exits with 2: %j',
    async (args) => {
      const { exitCode, stdout, stderr } = await rushhour(args);
      expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
      expect(stderr).toContain('Usage: rushhour');
    },
  );

  it('teaches each command', async () => {
    const { exitCode, stdout } = await rushhour(['plan', '--help']);
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^Usage: rushhour plan/);
    expect((await rushhour(['help', 'plan'])).stdout).toBe(stdout);
  });

  it.each(commands.map(({ name }) => name))(
    '%s used wrongly shows its usage with an example and exits with 2',
    async (name) => {
      const { exitCode, stderr } = await rushhour([name, '--no-such-option']);
      expect(exitCode).toBe(2);
      expect(stderr).toMatch(new RegExp(`Usage: rushhour ${name}[^]*\\$ (npx )?rushhour ${name}`));
    },
  );

  it('says what is wrong in a few lines, which stay on the screen', async () => {
    const { stderr } = await rushhour(['plan', '--days', '0']);
    expect(stderr).toMatch(
      /^error: option '--days <number>' argument '0' is invalid. Expected 1 to 400.\n\nUsage:/,
    );
    expect(stderr.split('\n').length).toBeLessThan(10);
    for (const args of [['help', 'stauts'], ['stauts', '--help'], ['stauts']]) {
      const { exitCode, stderr } = await rushhour(args);
      expect({ exitCode, stderr }).toMatchObject({
        exitCode: 2,
        stderr: expect.stringContaining('mean status?'),
      });
    }
  });

  it('says everything that is missing at once', async () => {
    const { exitCode, stderr } = await rushhour(['bump']);
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(/missing:\n {2}<group> .*\n {2}<change> .*\n {2}--reason <text> .*\n\nUsage/);
  });

  it('tells its version', async () => {
    expect((await rushhour(['--version'])).stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
  });

  it.each([
    ['--reason', '  ', 'Expected a reason'],
    ['--reason', 'x'.repeat(201), 'at most 200 characters'],
    ['--owner', ' ', 'Expected a name'],
    ['--request-id', 'a b', 'at most 128 letters'],
    ['--for', '10000d', 'up to 366d'],
    ['--reason', 'a\u0007b', 'Expected a reason'],
  ])('does not ask the scaler for what it would refuse: %s %j', async (option, value, said) => {
    const { exitCode, stderr } = await rushhour([
      'bump',
      'business',
      '+1',
      '--reason',
      'test',
      option,
      value,
    ]);
    expect({ exitCode, stderr }).toMatchObject({ exitCode: 2, stderr: expect.stringContaining(said) });
  });

  it.each(['127.0.0.1:4566', 'nowhere'])('knows that %s is no address of a cloud', async (address) => {
    const { exitCode, stderr } = await rushhour(['status'], { AWS_ENDPOINT_URL: address });
    expect({ exitCode, stderr }).toEqual({
      exitCode: 2,
      stderr: `error: AWS_ENDPOINT_URL ${address} is no address.\nExpected one like http://127.0.0.1:4566\n`,
    });
  });

  it('knows that a name with a blank is no region', async () => {
    const { exitCode, stderr } = await rushhour(['status', '--region', 'us east 1']);
    expect({ exitCode, stderr }).toEqual({
      exitCode: 2,
      stderr: 'error: --region us east 1 is no region.\nExpected one like eu-central-1\n',
    });
  });

  it('says where it looked when there is no fleet file', async () => {
    const { exitCode, stderr } = await rushhour(['validate', '--fleet', join(folder, 'none.yaml')]);
    expect(exitCode).toBe(2);
    expect(stderr).toContain('none.yaml to read.\nGo to the folder of your fleet file');
  });
});

describe('rushhour validate', () => {
  it('says that the fleet file that ships is in order', async () => {
    const { exitCode, stdout } = await rushhour(['validate']);
    expect({ exitCode, stdout }).toEqual({
      exitCode: 0,
      stdout: '✓ fleet.yaml: fleet lunch, 2 groups, no mistake\n',
    });
  });

  it('takes the file as its argument, and finds fleet.yaml in a folder above', async () => {
    expect((await rushhour(['validate', berlin])).stdout).toContain('fleet office, 1 group, no mistake');
    const found = await rushhour(['validate'], {}, { folder: 'docs' });
    expect(found.stdout).toContain('✓ ../fleet.yaml: fleet lunch');
  });

  it('reads standard input for -', async () => {
    const text = readFileSync(mistaken, 'utf8');
    const { exitCode, stderr } = await rushhour(['validate', '--fleet', '-'], {}, { input: text });
    expect(exitCode).toBe(1);
    expect(stderr).toContain('standard input:2 groups.one.minSize: expected at most maxSize (2), found 3');
  });

  it('reports mistakes and exits with 1', async () => {
    const { exitCode, stderr } = await rushhour(['validate', '--fleet', mistaken]);
    expect(exitCode).toBe(1);
    expect(stderr).toContain('mistaken.yaml:2 groups.one.minSize: expected at most maxSize (2), found 3');
  });

  it('answers programs in JSON', async () => {
    const { exitCode, stdout } = await rushhour(['validate', '--fleet', mistaken, '--json']);
    expect(exitCode).toBe(1);
    expect(JSON.parse(stdout)).toEqual({
      valid: false,
      problems: [{ path: 'groups.one.minSize', line: 2, message: 'expected at most maxSize (2), found 3' }],
      warnings: [],
    });
  });

  it('warns of what is probably not meant', async () => {
    const { exitCode, stdout } = await rushhour(['validate', '--fleet', doubtful]);
    expect(exitCode).toBe(0);
    expect(stdout).toContain('! groups.one.maxSize: is minSize too: 2 servers, whatever the rules say\n');
  });

  it('has colours only where they are wanted', async () => {
    const { stdout } = await rushhour(['validate'], { FORCE_COLOR: '1' });
    expect(stdout).toContain('\u001b[32m✓');
  });
});

describe('rushhour plan', () => {
  const plan = async (...args: string[]) => (await rushhour(['plan', '--fleet', berlin, ...args])).stdout;

  it('shows each day with its windows, over midnight too, and with holidays', async () => {
    expect(await plan('--from', '2026-10-02', '--days', '3')).toBe(`office, Europe/Berlin

Fri 2026-10-02
  08:00 – 18:00        web  day    +2
  22:00 – 10-03 02:00  web  night  at least 2, at most 4
Sat 2026-10-03  holidays, no window
Sun 2026-10-04
  08:00 – 18:00  web  day  +2
`);
  });

  it('shows on the first day what is open since the day before', async () => {
    expect(await plan('--from', '2026-10-03', '--days', '1')).toContain('10-02 22:00 – 02:00  web  night');
  });

  it('shows the days on which the clocks change', async () => {
    expect(await plan('--from', '2026-03-29', '--days', '1')).toContain(
      'Sun 2026-03-29  clocks go forward by 60 minutes',
    );
    expect(await plan('--from', '2026-10-25', '--days', '1')).toContain(
      'Sun 2026-10-25  clocks go back by 60 minutes',
    );
  });

  it('shows what opens as the clocks jump over its start', async () => {
    const early = fleetFile(
      'early.yaml',
      `name: early
timeZone: Europe/Berlin
groups:
  web:
    existing: web
    minSize: 1
    maxSize: 9
    schedules:
      backup: { start: "30 2 * * *", duration: 1h, scalingAdjustment: 2 }
      closed: { start: "0 2 * * *", duration: 1h, scalingAdjustment: 1, except: [2026-03-29] }
`,
    );
    const { stdout } = await rushhour(['plan', '--fleet', early, '--days', '1', '--from', '2026-03-29']);
    expect(stdout).toMatch(/03:00 – 04:00 +web +backup +\+2\n/);
    expect(stdout).not.toContain('closed');
  });

  it('names holidays, and says what is not announced', async () => {
    const china = fleetFile(
      'china.yaml',
      `name: china
timeZone: Asia/Shanghai
calendars: { rest: { country: CN }, work: { country: CN, days: workdays } }
groups: { web: { existing: web, minSize: 1, maxSize: 9, schedules: { lunch: { start: "0 11 * * *", duration: 2h, minSize: 3, only: [work] } } } }
`,
    );
    const args = ['plan', '--fleet', china, '--from', '2026-10-07', '--days', '4'];
    const { stdout } = await rushhour(args);
    expect(stdout).toMatch(/Wed 2026-10-07 {2}rest: National Day, no window\n/);
    expect(stdout).toMatch(/Thu 2026-10-08\n {2}11:00 – 13:00/);
    expect(stdout).toMatch(/Sat 2026-10-10 {2}work: worked for National Day\n {2}11:00 – 13:00/);
    expect(stdout).not.toContain('announced');
    const late = await rushhour(['plan', '--fleet', china, '--from', '2035-12-30', '--days', '2']);
    expect(late.stdout).toMatch(/! rest is known until 20\d\d-12-31: what comes after is not announced/);
  });

  it('shows two weeks from today unless told otherwise', async () => {
    const { fleet, days } = JSON.parse(await plan('--json'));
    expect({ fleet, days: days.length }).toEqual({ fleet: 'office', days: 14 });
  });

  it('answers programs in JSON, with instants in UTC', async () => {
    const { days } = JSON.parse(await plan('web', '--from', '2026-03-29', '--days', '1', '--json'));
    expect(days).toEqual([
      {
        day: '2026-03-29',
        clockChangeMinutes: 60,
        calendars: [],
        windows: [
          {
            group: 'web',
            window: 'day',
            start: '2026-03-29T06:00:00.000Z',
            end: '2026-03-29T16:00:00.000Z',
            effect: '+2',
          },
        ],
      },
    ]);
  });

  it('knows the groups of the fleet', async () => {
    const { exitCode, stderr } = await rushhour(['plan', 'webb', '--fleet', berlin]);
    expect(exitCode).toBe(2);
    expect(stderr).toContain('The fleet office has no group webb.\nIt has web.');
  });
});

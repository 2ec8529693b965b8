import { globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { table } from '../../cli/print.ts';
import { styled, write } from '../../cli/terminal.ts';
import { type Ran, rushhour } from '../kit/run-rushhour.ts';

/** Clears the screen, sets the title, goes up, hides, asks the terminal to type, turns the writing, joins words. */
const attack =
  '\u001b[2J\u001b]0;owned\u0007\u001b[3A\u001b[8m\u009b6n\u202eevil\u2066\u200b\u001b[32m✓ fine';

/** What a terminal would obey, but for line breaks and for the colours that the command sets. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: those are what is looked for.
const obeyed = /(?!\n|\t|\u001b\[(?:2|22|31|33|39)m)[\p{Cc}\p{Cf}]/u;

function expectHarmless({ stdout, stderr }: Ran): void {
  expect(stdout).not.toMatch(obeyed);
  expect(stderr).not.toMatch(obeyed);
}

const folder = mkdtempSync(join(tmpdir(), 'rushhour-output-'));
afterAll(() => rmSync(folder, { recursive: true }));

describe('what a fleet file holds', () => {
  const quoted = JSON.stringify(attack);
  const file = join(folder, 'hostile.yaml');
  writeFileSync(
    file,
    `name: f\n${quoted}: 1\ngroups:\n  one: { existing: ${quoted}, minSize: 1, maxSize: ${quoted}, ${quoted}: 2 }\n  ${quoted}: {}\n`,
  );

  it.each([['0'], ['1']])('is shown and not obeyed by the terminal, with FORCE_COLOR=%s', async (colour) => {
    const ran = await rushhour(['validate', '--fleet', file], { FORCE_COLOR: colour });
    expectHarmless(ran);
    expect(ran.stderr).toContain('\\u001b[2J\\u001b]0;owned\\u0007');
    expect(ran.stderr).toContain('\\u009b6n\\u202eevil\\u2066\\u200b\\u001b[32m');
  });

  it('is the same again for programs, which read JSON', async () => {
    const ran = await rushhour(['validate', '--fleet', file, '--json']);
    expectHarmless(ran);
    const { problems } = JSON.parse(ran.stdout) as { problems: { path: string }[] };
    expect(problems.map(({ path }) => path)).toContain(`groups.one.${attack}`);
  });

  it('is shown when it is what was typed, too', async () => {
    for (const args of [[attack], ['validate', '--fleet', attack], ['plan', attack], ['plan', `--${attack}`]])
      expectHarmless(await rushhour(args, { FORCE_COLOR: '1' }));
  });
});

describe('what the cloud says', () => {
  let answer: { status: number; headers: Record<string, string>; body: string };
  const cloud = createServer((request, response) => {
    let asked = '';
    request.on('data', (chunk) => (asked += chunk));
    request.on('end', () => {
      const { status, headers, body } = asked.includes('GetCallerIdentity') ? identity : answer;
      response.writeHead(status, headers).end(body);
    });
  });
  const identity = {
    status: 200,
    headers: { 'content-type': 'text/xml' },
    body: '<R xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult><Account>1</Account><Arn>arn:aws:iam::1:user/a</Arn></GetCallerIdentityResult></R>',
  };
  const fleet = join(folder, 'fleet.yaml');
  writeFileSync(fleet, 'name: f\ngroups: { one: { existing: g, minSize: 1, maxSize: 2 } }\n');
  beforeAll(() => new Promise<void>((resolve) => cloud.listen(0, '127.0.0.1', resolve)));
  afterAll(() => cloud.close());

  const bump = () =>
    rushhour(['bump', 'one', '+1', '--reason', 'test', '--fleet', fleet], {
      FORCE_COLOR: '1',
      AWS_ENDPOINT_URL: `http://127.0.0.1:${(cloud.address() as AddressInfo).port}`,
      AWS_REGION: 'eu-central-1',
      AWS_ACCESS_KEY_ID: 'local',
      AWS_SECRET_ACCESS_KEY: 'local',
    });

  it('in an error is shown and not obeyed', async () => {
    const body = JSON.stringify({ errorType: 'Error', errorMessage: attack });
    answer = { status: 200, headers: { 'x-amz-function-error': 'Unhandled' }, body };
    const ran = await bump();
    expectHarmless(ran);
    expect(ran.stderr).toContain('f-bump: \\u001b[2J');
  });

  it('in a decision is shown and not obeyed', async () => {
    const why = { key: 'manualChange', owner: attack, reason: 'test', adjustment: 1 };
    const decisions = [{ reason: 'ManualChange', why, message: attack, from: 1, to: 2 }];
    answer = { status: 200, headers: {}, body: JSON.stringify({ decisions, desiredCapacity: 2 }) };
    const ran = await bump();
    expectHarmless({ ...ran, stdout: ran.stdout.replaceAll('\u001b[32m✓', '✓') });
    expect(ran.stdout).toContain('\\u001b[2J');
  });

  it('instead of an answer is shown and not obeyed', async () => {
    answer = { status: 200, headers: {}, body: attack };
    const ran = await bump();
    expectHarmless(ran);
    expect(ran.stderr).toContain('f-bump answered what is no JSON: \\u001b[2J');
  });
});

describe('a line for the terminal', () => {
  afterEach(() => vi.unstubAllEnvs());

  function written(text: string): string {
    let all = '';
    const stream = { write: (chunk: string) => (all += chunk) } as unknown as NodeJS.WriteStream;
    write(stream, text);
    return all;
  }

  it('has its own colours, also around what others wrote, and none of theirs', () => {
    vi.stubEnv('FORCE_COLOR', '1');
    const line = `${styled('red', `a\u001b[32mb`)} ${styled('bold', styled('green', 'c'))} \u001b[31md`;
    expect(written(line)).toBe(
      '\u001b[31ma\\u001b[32mb\u001b[39m \u001b[1m\u001b[32mc\u001b[39m\u001b[22m \\u001b[31md',
    );
  });

  it('of a table is one line, as wide as what is shown', () => {
    expect(
      written(
        table([
          ['a\u202eb', 'x'],
          ['a\nb', 'y\u0007'],
        ]),
      ),
    ).toBe('a\\u202eb  x\na\\u000ab  y\\u0007');
  });

  it('is written in one place only', () => {
    // The entry file prints the version of the package before anything else is loaded.
    const allowed = ['cli/terminal.ts', 'cli/rushhour.ts'];
    const others = globSync('cli/**/*.ts').filter((file) => !allowed.includes(file));
    expect(others.length).toBeGreaterThan(50);
    const writers = others.filter((file) =>
      /std(out|err)\.write|\bconsole\.\w+\(|createInterface|styleText/.test(readFileSync(file, 'utf8')),
    );
    expect(writers).toEqual([]);
  });
});

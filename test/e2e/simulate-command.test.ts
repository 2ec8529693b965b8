import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { parse, stringify } from 'yaml';
import { readFleet } from '../../shared/fleet/read-fleet.ts';
import { generateLoad, lunchDayShape } from '../../simulate/world/generator.ts';
import { rushhour } from '../kit/run-rushhour.ts';

const folder = mkdtempSync(join(tmpdir(), 'rushhour-simulate-'));
afterAll(() => rmSync(folder, { recursive: true }));

function write(name: string, text: string): string {
  const file = join(folder, name);
  writeFileSync(file, text);
  return file;
}

const fleetFile = (policy: string) => `name: shop
groups:
  web:
    existing: web
    minSize: 2
    maxSize: 10
    pricePerServerHour: 0.5
    schedules: { lunch: { start: "50 10 * * *", end: "0 13 * * *", scalingAdjustment: 2 } }
    ${policy}
    simulation: { requestsPerSecondPerServer: 100, requestsPerSecond: 100 }
`;
const fleet = write('shop.yaml', fleetFile(''));
const tracking = write('tracking.yaml', fleetFile('targets: [{ metric: cpu, targetValue: 60 }]'));

/** Minutes of a trace that begins at midnight. */
function trace(name: string, load: Iterable<number>): string {
  const start = Date.parse('2026-03-02T00:00:00Z');
  const rows = Array.from(
    load,
    (each, minute) => `${new Date(start + minute * 60_000).toISOString()},${each}`,
  );
  return write(name, `timestamp,requests_per_minute\n${rows.join('\n')}\n`);
}

const crowd = { startMinute: 960, durationMinutes: 60, factor: 6, rampMinutes: 3 };
const shape = { ...lunchDayShape, requestsPerSecond: 100, nightShare: 0.5 };
const day = trace('day.csv', generateLoad({ ...shape, flashCrowds: [crowd] }, { seed: 1, minutes: 1440 }));
const week = trace('week.csv', generateLoad(shape, { seed: 1, minutes: 7 * 1440 }));

describe('rushhour simulate', () => {
  it('tells what the fleet file would have done, and what it is compared with', async () => {
    const { exitCode, stdout } = await rushhour([
      'simulate',
      '--fleet',
      fleet,
      '--trace',
      day,
      '--scale',
      'none',
    ]);
    expect(exitCode).toBe(0);
    expect(stdout).toContain('day.csv: 24 hours from Mon 03-02 00:00 UTC');
    expect(stdout).toMatch(
      /^Assumed of web: a server carries 100 requests\/s at 100 % CPU, costs 0\.5 an hour, boots in 90 s \(a default: simulation\.bootSeconds\), the log is played as it is\n/,
    );
    expect(stdout).toContain('web: a mean of');
    expect(stdout).toMatch(/servers +2 to 4 desired, of at most 10; the load needed up to 8\.\d/);
    expect(stdout).toMatch(/\n {2}\S+shop\.yaml +\d+ +\d+\.\d\d +\d+(\.\d+)? %\n/);
    expect(stdout).toMatch(/keeping \d+ servers: what 99 % of the minutes need, and 20 % more .* less/);
    expect(stdout).toMatch(/AWS target tracking at 50 % /);
  });

  it('tells of the flash crowd what the alarms cost in time, and what else would have changed', async () => {
    const { stdout } = await rushhour(['simulate', '--fleet', fleet, '--trace', day, '--scale', 'none']);
    expect(stdout).toMatch(
      /16:0\d for \d+ min: needed 8\.\d servers and had 2, \d+ % was not served in time; nothing answered/,
    );
    const remedies = stdout.slice(stdout.indexOf('What would have changed the worst of it'));
    expect(remedies).toMatch(/as the fleet file has it +\d+ %/);
    expect(remedies).toMatch(/target tracking: cpu at 50 % +\d/);
    expect(remedies).toMatch(/objective: unserved 0\.1 % +\d/);
  });

  it('says which rules go by what no trace of requests can tell', async () => {
    const blind = write(
      'blind.yaml',
      fleetFile(
        'alarms: { deep: { metric: { namespace: Shop, metricName: QueueDepth }, comparisonOperator: GreaterThanThreshold, threshold: 9, period: 60, evaluationPeriods: 1, scalingAdjustment: 1 } }',
      ),
    );
    const args = ['simulate', '--fleet', blind, '--trace', day];
    const [{ stdout }, json] = await Promise.all([rushhour(args), rushhour([...args, '--json'])]);
    expect(stdout).toContain("alarm 'deep' watches QueueDepth, which no load tells: here it stays silent");
    expect(JSON.parse(json.stdout).comparisons.web.unmeasured).toEqual(["alarm 'deep' watches QueueDepth"]);
  });

  it('does not let a policy that overshoots look thrifty beside its own peak', async () => {
    const rash = write('rash.yaml', fleetFile('initialCapacity: 10'));
    const { stdout } = await rushhour(['simulate', '--fleet', rash, '--trace', day, '--scale', '0.5']);
    expect(stdout).toMatch(/keeping 5 servers: what 99 % of the minutes need, and 20 % more +120 /);
    expect(stdout).not.toContain('keeping 10');
  });

  it('asks what would have helped where maxSize was in the way', async () => {
    const report = join(folder, 'crowd.svg');
    const args = ['simulate', '--fleet', tracking, '--trace', day, '--scale', '2', '--report', report];
    const { stdout } = await rushhour(args);
    expect(/>cpu \+\d+</.test(readFileSync(report, 'utf8'))).toBe(true);
    expect(/>maxSize 10</.test(readFileSync(report, 'utf8'))).toBe(true);
    expect(stdout).toMatch(/needed 15\.\d servers, more than maxSize 10 allows, and had/);
    expect(stdout).toMatch(/as the fleet file has it, maxSize 16 +\d/);
    expect(stdout).toMatch(/objective: unserved 0\.1 %, maxSize 16 +\d/);
  });

  it('gives programs the same, byte by byte', async () => {
    const args = [
      'simulate',
      '--fleet',
      fleet,
      '--trace',
      day,
      '--against',
      tracking,
      '--price',
      '2',
      '--json',
    ];
    const [one, two] = await Promise.all([rushhour(args), rushhour(args)]);
    expect(one.stdout).toBe(two.stdout);
    const { load, fleets, comparisons } = JSON.parse(one.stdout);
    expect(load).toMatchObject({ name: 'day.csv', start: '2026-03-02T00:00:00.000Z' });
    expect(fleets.map(({ file }: { file: string }) => file)).toEqual([fleet, tracking]);
    const { web } = fleets[0].groups;
    expect(web.cost).toBeCloseTo(2 * web.serverHours, 6);
    expect(web.activities[0]).toMatchObject({ from: 2, to: 4, reason: 'WindowOpened' });
    expect(fleets[1].groups.web.unserved).toBeLessThan(web.unserved);
    expect(comparisons.web.shortages[0].from).toMatch(/^2026-03-02T16:0/);
  });

  it('draws it: the load, the servers, who made the group grow', async () => {
    const [svg, html] = [join(folder, 'day.svg'), join(folder, 'day.html')];
    await Promise.all(
      [svg, html].map((file) =>
        rushhour(['simulate', '--fleet', fleet, '--trace', day, '--scale', 'none', '--report', file]),
      ),
    );
    const picture = readFileSync(svg, 'utf8');
    expect(picture).toMatch(/^<svg [\s\S]*<\/svg>\n$/);
    for (const mark of [
      'class="needed"',
      'class="desired"',
      'class="in-service"',
      'class="window"',
      'class="short"',
      'lunch +2',
    ])
      expect(picture).toContain(mark);
    const page = readFileSync(html, 'utf8');
    expect(page).toContain(picture.slice(0, 200));
    expect(page).toMatch(/<td>keeping \d+ servers: [^<]+<\/td>/);
    expect(page).not.toMatch(/(src|href)=/);
  });

  it('draws of a long time the day that tells most, for both fleets', async () => {
    const report = join(folder, 'week.svg');
    const args = ['simulate', '--fleet', fleet, '--trace', week, '--against', tracking, '--report', report];
    await rushhour(args);
    const titles = readFileSync(report, 'utf8').match(/web, [^<]*(shop|tracking)\.yaml[^<]*/g);
    expect(titles).toEqual([
      expect.stringMatching(
        /shop\.yaml: needed up to \d\.\d servers and had up to \d; .* % unserved; 14 changes$/,
      ),
      expect.stringMatching(/tracking\.yaml: needed up to/),
      expect.stringMatching(/shop\.yaml, ... 03-0\d: the day (that left most unserved|of the most servers)$/),
      expect.stringMatching(/tracking\.yaml, ... 03-0\d$/),
    ]);
  });

  it('compares money, as two fleet files may have servers of different prices', async () => {
    const dear = write('dear.yaml', fleetFile('').replace('0.5', '5'));
    const { stdout } = await rushhour(['simulate', '--fleet', fleet, '--trace', day, '--against', dear]);
    expect(stdout).toMatch(/unserved +shop\.yaml costs\n/);
    expect(stdout).toMatch(/dear\.yaml .* 90 % less\n/);
  });

  it('plays a log as it is, and rescales it only when it is asked to', async () => {
    const args = ['simulate', '--fleet', fleet, '--trace', week, '--group', 'web'];
    const [asItIs, shape] = await Promise.all([rushhour(args), rushhour([...args, '--scale', 'fleet'])]);
    expect(asItIs.stdout).toContain('week.csv: 7 days');
    expect(asItIs.stdout.split('\n')[0]).toMatch(/the log is played as it is$/);
    expect(shape.stdout.split('\n')[0]).toMatch(/the log is multiplied by 1\.\d+$/);
    expect(shape.stdout).toContain('web: a mean of 100 requests/s, its simulation.requestsPerSecond');
  });

  it('says of a log of another size than the fleet that it tells nothing', async () => {
    const args = ['simulate', '--fleet', fleet, '--trace', day, '--scale'];
    const [small, large] = await Promise.all([rushhour([...args, '0.01']), rushhour([...args, '20'])]);
    expect(small.stdout).toMatch(/the busiest minute needs 0\.\d+ servers, of at least 2\. Is simulation/);
    expect(large.stdout).toMatch(/the mean minute needs \d+(\.\d)? servers, of at most 10\. Is simulation/);
  });

  it('says what each of two fleet files assumes, and which of it nobody wrote', async () => {
    const bare = write(
      'bare.yaml',
      'name: shop\ngroups: { web: { existing: web, minSize: 2, maxSize: 10 } }\n',
    );
    const args = ['simulate', '--fleet', fleet, '--trace', day, '--against', bare, '--json'];
    const { fleets } = JSON.parse((await rushhour(args)).stdout);
    expect(fleets[0].assumed.web).toMatchObject({ pricePerServerHour: 0.5, defaults: ['bootSeconds'] });
    expect(fleets[1].assumed.web.defaults).toEqual([
      'requestsPerSecondPerServer',
      'bootSeconds',
      'pricePerServerHour',
    ]);
    expect((await rushhour(args.slice(0, -1))).stdout).toMatch(
      /^shop\.yaml: Assumed of web: .*\nbare\.yaml: Assumed of web: .*costs 0\.1 an hour \(a default: pricePerServerHour\)/,
    );
  });

  it('says that it plays an observing group as if it were active', async () => {
    const observing = write('observing.yaml', fleetFile('mode: observe'));
    const { stdout } = await rushhour(['simulate', '--fleet', observing, '--trace', day]);
    expect(stdout).toContain('It only observes (mode: observe): it is played here as if it were active');
    expect(stdout).toMatch(/servers +2 to 4 desired/);
  });

  it.concurrent.each([
    ['empty', '', 'line 1'],
    ['without zones', 'timestamp,requests\n2026-03-01T00:00:00,1\n2026-03-01T00:01:00,1\n', 'line 2'],
    [
      'out of order',
      rows('00:02', '00:01'),
      'line 3: the timestamp "2026-03-01T00:01:00Z" is earlier than line 2',
    ],
    [
      'with a negative value',
      rows('00:00', '00:01', '-5'),
      'found the value "-5"; expected a number that is zero or more',
    ],
    ['with a long gap', rows('00:00', '00:01', '1\n2026-03-01T09:00:00Z,1'), 'a gap of 539 minutes'],
    [
      'without any load',
      'timestamp,requests\n2026-03-01T00:00:00Z,0\n2026-03-01T00:01:00Z,0\n',
      'every minute is 0',
    ],
  ])('refuses a trace %s with the line and what was expected', async (name, text, message) => {
    const file = write(`bad ${name}.csv`, text);
    const { exitCode, stdout, stderr } = await rushhour(['simulate', '--fleet', fleet, '--trace', file]);
    expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '' });
    expect(stderr).toContain(message);
    expect(stderr).not.toContain('This should not happen');
  });

  it.concurrent.each([
    [['--trace', join(folder, 'none.csv')], 'none.csv cannot be read (ENOENT)'],
    [['--trace', folder], 'cannot be read (EISDIR)'],
    [[], 'Say --trace FILE or --from-cloudwatch GROUP.'],
    [['--trace', day, '--group', 'nobody'], 'has no group nobody'],
    [['--trace', day, '--report', 'picture.png'], 'Expected a name that ends in .svg or .html'],
    [['--trace', day, '--scale', 'much'], 'Expected fleet, none, or a factor'],
  ])('says what is wrong with %j', async (args, message) => {
    const { exitCode, stderr } = await rushhour(['simulate', '--fleet', fleet, ...args]);
    expect(exitCode).toBe(2);
    expect(stderr).toContain(message);
  });
});

function rows(first: string, second: string, value = '1'): string {
  return `timestamp,requests\n2026-03-01T${first}:00Z,1\n2026-03-01T${second}:00Z,${value}\n`;
}

describe('rushhour tune', () => {
  it('prints the lines of a policy that keeps the promise on days it was not chosen by', async () => {
    const args = ['tune', '--fleet', fleet, '--trace', week, '--scale', 'none', '--json'];
    const { exitCode, stdout } = await rushhour(args);
    expect(exitCode).toBe(0);
    const { recommended, asItIs, front, tried, minutes, interrupted, assumed } = JSON.parse(stdout);
    expect(assumed.web).toMatchObject({ requestsPerSecondPerServer: 100, logTimes: 1 });
    const names = front.map(({ name }: { name: string }) => name);
    expect(names).toContain(recommended.name);
    expect(interrupted).toBe(false);
    expect(minutes.test.to).toBe(7 * 1440);
    expect(recommended.rest.unserved).toBeLessThan(0.001);
    expect(recommended.rest.serverHours).toBeLessThan(asItIs.rest.serverHours);
    expect(recommended.fleetFile).toMatch(/^groups:\n {2}web:\n {4}\w+/);
    // They stand in the place of what has their name: nothing is to be taken out that is not there.
    expect(recommended.fleetFile).not.toMatch(/without: .*(alarms|targets|forecast|behavior)/);
    const file = parse(readFileSync(fleet, 'utf8'));
    const web = { ...file.groups.web, ...parse(recommended.fleetFile).groups.web };
    expect(() => readFleet(stringify({ ...file, groups: { web } }))).not.toThrow();
    expect(tried.length).toBeGreaterThan(30);
    const costs = front.map(({ training }: { training: { serverHours: number } }) => training.serverHours);
    expect(costs).toEqual(costs.toSorted((one: number, other: number) => one - other));
  });

  it('refuses a history that is too short, and asks for the group where there are several', async () => {
    const short = await rushhour(['tune', '--fleet', fleet, '--trace', day]);
    expect(short).toMatchObject({ exitCode: 1, stdout: '' });
    expect(short.stderr).toContain('too short to tune by: expected at least 4 days');
    const vain = await rushhour(['tune', '--fleet', fleet, '--trace', week, '--unserved', '1e-9']);
    expect(vain).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('at least 0.001%') });
    const which = await rushhour(['tune', '--trace', week]);
    expect(which.exitCode).toBe(2);
    expect(which.stderr).toContain('Say --group: business, session.');
  });
});

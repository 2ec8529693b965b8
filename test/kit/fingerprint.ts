import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { drawPlan } from '../../simulate/chaos/draw-plan.ts';
import { play } from '../../simulate/chaos/play.ts';
import { appOf } from './synthesis.ts';

const usage = `npm run fingerprint -- [--runs N] [--write FILE] [--against FILE]

Reduces to hashes what a change of the code's shape must not change: the lunch day, N seeds of the fault simulator (default
2000) as codes and numbers, the templates of five fleets without logical ids, the schemas, the names of all tests. With
--against it says what differs from a fingerprint written before; exit status 1 if anything does.`;

type Fingerprint = Readonly<Record<string, string>>;

const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '2000' },
    write: { type: 'string' },
    against: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
});

if (values.help) console.log(usage);
else await main(Number(values.runs), values.write, values.against);

async function main(runs: number, write: string | undefined, against: string | undefined): Promise<void> {
  const print: Fingerprint = {
    ...schemas(),
    ...testNames(),
    ...templates(),
    ...lunchDay(),
    ...(await chaosRuns(runs)),
  };
  if (write !== undefined) writeFileSync(write, `${JSON.stringify(print, null, 1)}\n`);
  else if (against === undefined) console.log(JSON.stringify(print, null, 1));
  if (against === undefined) return;
  const before: Fingerprint = JSON.parse(readFileSync(against, 'utf8'));
  const names = new Set([...Object.keys(before), ...Object.keys(print)]);
  const differing = [...names].filter((name) => before[name] !== print[name]);
  console.log(
    differing.length === 0 ? `${names.size} hashes, all the same` : `Differs: ${differing.join(', ')}`,
  );
  process.exitCode = differing.length === 0 ? 0 : 1;
}

function hash(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 16);
}

/** What others read: the fleet file's schema, and the shape of events as documented. */
function schemas(): Fingerprint {
  const files = { fleetSchema: 'shared/fleet/fleet.schema.json', eventSchema: 'docs/events.md' };
  return Object.fromEntries(
    Object.entries(files).map(([name, file]) => [name, hash(readFileSync(file, 'utf8'))]),
  );
}

/** By name and not by file: files move. */
function testNames(): Fingerprint {
  const listed = [[], ['--config', 'vitest.e2e.config.ts']].flatMap((options) => {
    const out = execFileSync('vitest', ['list', '--json', ...options], { encoding: 'utf8', maxBuffer: 1e8 });
    return JSON.parse(out) as { name: string }[];
  });
  const names = listed.map(({ name }) => name).sort();
  return { [`tests: ${names.length}`]: hash(names.join('\n')) };
}

/** The example fleet and the recipes. */
function templates(): Fingerprint {
  const recipes = readFileSync('docs/recipes.md', 'utf8').matchAll(/```yaml\n(.*?)```/gs);
  const fleets = [readFileSync('fleet.yaml', 'utf8'), ...[...recipes].slice(0, 4).map(([, text]) => text!)];
  return Object.fromEntries(
    fleets.flatMap((yaml, index) =>
      appOf(yaml)
        .synth()
        .stacks.map(({ stackName, template }) => [
          `template ${index} ${stackName}`,
          hash(canonical(template)),
        ]),
    ),
  );
}

/** Logical ids, which follow the constructs' names, become the resource's type and its place among those of the type. */
function canonical(template: { Resources: Record<string, { Type: string }> }): string {
  const counts = new Map<string, number>();
  let text = JSON.stringify(template);
  for (const [id, { Type }] of Object.entries(template.Resources)) {
    const count = (counts.get(Type) ?? 0) + 1;
    counts.set(Type, count);
    text = text.replaceAll(`"${id}"`, `"${Type}#${count}"`).replaceAll(`\${${id}`, `\${${Type}#${count}`);
  }
  return text.replaceAll(/[0-9a-f]{64}/g, 'asset');
}

function lunchDay(): Fingerprint {
  const folder = mkdtempSync(join(tmpdir(), 'rushhour-fingerprint-'));
  try {
    const file = join(folder, 'day.json');
    execFileSync(process.execPath, ['local/start.ts', '--once', '--json', file], { stdio: 'ignore' });
    return { 'lunch day': hash(readFileSync(file, 'utf8')) };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Every ledger that was written, its activities and their reasons; fifty seeds in a hash. */
async function chaosRuns(runs: number): Promise<Fingerprint> {
  const print: Record<string, string> = {};
  const size = 50;
  for (let from = 1; from <= runs; from += size) {
    const lines: string[] = [];
    for (let seed = from; seed < from + size && seed <= runs; seed++) {
      const tell = (line: string) => {
        if (line.includes(' ledger.write v')) lines.push(line.replace(/ \S+ ledger\.write/, ''));
      };
      const { steps, violations } = await play(drawPlan(seed), { tell });
      lines.push(`${seed}: ${steps} steps, ${violations.length} violations`);
    }
    print[`chaos from ${from}`] = hash(lines.join('\n'));
  }
  return print;
}

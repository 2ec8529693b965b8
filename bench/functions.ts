import { rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { parseArgs } from 'node:util';
import { functionNames } from '../shared/fleet/names.ts';
import { bundlePair } from './bundles.ts';
import { interleaved } from './interleaved.ts';
import { loadMs } from './load-time.ts';
import { type SweepCost, sweepCost } from './sweep-cost.ts';

/** Rounds by number of groups. */
const sweepRounds = { 2: 41, 50: 31, 500: 9 };
const loadRounds = 9;

interface FunctionCost {
  readonly bundleBytes: number;
  readonly bareBundleBytes: number;
  readonly loadMs: number;
  readonly bareLoadMs: number;
}

/**
 * `npm run bench -- functions [--json FILE]`: what a call costs before it has decided anything, beside a bare function that
 * only imports the same clients and commands; and what a sweep of a fleet at rest costs beside its bare requests.
 */
export async function run(args: string[]): Promise<void> {
  const { values } = parseArgs({ args, options: { json: { type: 'string' } } });
  const functions: Record<string, FunctionCost> = {};
  for (const name of functionNames) functions[name] = await functionCost(name);
  console.log(functionTable(functions));
  const sweep: Record<string, SweepCost> = {};
  for (const [groups, rounds] of Object.entries(sweepRounds)) {
    sweep[groups] = await sweepCost(Number(groups), rounds);
  }
  console.log(`\n${sweepTable(sweep)}`);
  if (values.json) writeFileSync(values.json, `${JSON.stringify({ functions, sweep }, null, 2)}\n`);
}

async function functionCost(name: string): Promise<FunctionCost> {
  const { own, bare } = bundlePair(name);
  try {
    const load = { loadMs: () => loadMs(own.path), bareLoadMs: () => loadMs(bare.path) };
    const medians = await interleaved(loadRounds, load);
    return { bundleBytes: own.bytes, bareBundleBytes: bare.bytes, ...medians };
  } finally {
    rmSync(dirname(own.path), { recursive: true });
  }
}

function functionTable(functions: Readonly<Record<string, FunctionCost>>): string {
  const rows = Object.entries(functions).map(([name, cost]) => [
    name,
    kB(cost.bundleBytes),
    kB(cost.bareBundleBytes),
    `+${kB(cost.bundleBytes - cost.bareBundleBytes)}`,
    cost.loadMs.toFixed(0),
    cost.bareLoadMs.toFixed(0),
    (cost.loadMs / cost.bareLoadMs).toFixed(2),
  ]);
  return table([['function', 'kB', 'bare kB', 'over', 'load ms', 'bare ms', 'ratio'], ...rows]);
}

function sweepTable(sweep: Readonly<Record<string, SweepCost>>): string {
  const rows = Object.entries(sweep).map(([groups, { ms, bareMs, calls }]) => [
    groups,
    ms.toFixed(1),
    bareMs.toFixed(1),
    (ms / bareMs).toFixed(2),
    ((1000 * ms) / Number(groups)).toFixed(0),
    Object.entries(calls)
      .map(([operation, count]) => `${operation} ${count}`)
      .join(', '),
  ]);
  return table([['groups', 'sweep ms', 'bare ms', 'ratio', 'µs a group', 'calls'], ...rows]);
}

function kB(bytes: number): string {
  return (bytes / 1000).toFixed(1);
}

function table(rows: readonly string[][]): string {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  const line = (row: string[]) => row.map((cell, column) => cell.padEnd(widths[column]!)).join('  ');
  return rows.map((row) => line(row).trimEnd()).join('\n');
}

import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { functionNames } from '../shared/fleet/names.ts';
import { type BundleCost, type BundleCosts, bundleCosts } from './functions/bundles.ts';
import { type LookCost, type SweepCost, sweepCosts } from './functions/sweeps.ts';

const loadRounds = 21;
const sweepRounds = 15;
const fleetSizes = [2, 50, 500];

/**
 * `npm run bench -- functions`: what a call costs. Each function beside a bare one that imports the same clients and does
 * nothing: bytes, and milliseconds to load. Each sweep beside the same calls without anything around them.
 */
export async function run(args: string[]): Promise<void> {
  const { values } = parseArgs({ args, options: { json: { type: 'string' } } });
  const bundles = await bundleCosts(functionNames, loadRounds);
  console.log(bundleTable(bundles));
  const { sweep, look } = await sweepCosts(fleetSizes, sweepRounds);
  console.log(`\n${sweepTable(sweep, look)}`);
  const report = { functions: bundles.functions, sweep };
  if (values.json) writeFileSync(values.json, `${JSON.stringify(report, null, 2)}\n`);
}

/** Trimmed is a bare one without what ours leave out of the SDK. */
function bundleTable({ functions, trimmed }: BundleCosts): string {
  const [{ bareBundleBytes, bareLoadMs }] = Object.values(functions) as [BundleCost];
  const row = (name: string, bundleBytes: number, loadMs: number) => [
    name,
    kB(bundleBytes),
    kB(bundleBytes - bareBundleBytes),
    kB(bundleBytes - trimmed.bundleBytes),
    loadMs.toFixed(1),
    (loadMs / bareLoadMs).toFixed(2),
    (loadMs / trimmed.loadMs).toFixed(2),
  ];
  return table([
    ['function', 'kB', '- bare', '- trimmed', 'load ms', '/ bare', '/ trimmed'],
    ...Object.entries(functions).map(([name, { bundleBytes, loadMs }]) => row(name, bundleBytes, loadMs)),
    row('(bare)', bareBundleBytes, bareLoadMs),
    row('(trimmed)', trimmed.bundleBytes, trimmed.loadMs),
  ]);
}

function sweepTable(sweep: Readonly<Record<string, SweepCost>>, look: LookCost): string {
  const row = (what: string, { ms, bareMs }: LookCost, calls: string) => [
    what,
    ms.toFixed(1),
    bareMs.toFixed(1),
    (ms / bareMs).toFixed(2),
    calls,
  ];
  const rows = Object.entries(sweep).map(([groups, cost]) => {
    const made = Object.entries(cost.calls).map(([operation, times]) => `${times} ${operation}`);
    return row(`sweep of ${groups}`, cost, made.join(', '));
  });
  return table([
    ['warm, over loopback', 'ms', 'bare', 'ratio', 'calls'],
    row('one decision', look, ''),
    ...rows,
  ]);
}

function kB(bytes: number): string {
  return (bytes / 1000).toFixed(1);
}

function table(rows: readonly string[][]): string {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  const line = (row: string[]) => row.map((cell, column) => cell.padEnd(widths[column]!)).join('  ');
  return rows.map((row) => line(row).trimEnd()).join('\n');
}

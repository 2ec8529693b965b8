import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { functionNames } from '../shared/fleet/names.ts';
import { type BundleCost, bundleCosts } from './functions/bundles.ts';
import { type SweepCost, sweepCosts } from './functions/sweeps.ts';

/**
 * `npm run bench -- functions`: what a call costs. Each function beside a bare one that makes the same clients and does
 * nothing: bytes, and milliseconds to load. Each sweep beside the same calls without anything around them.
 */
export async function run(args: string[]): Promise<void> {
  const { values } = parseArgs({ args, options: { json: { type: 'string' } } });
  const functions = await bundleCosts(functionNames);
  for (const [name, cost] of Object.entries(functions)) console.log(bundleLine(name, cost));
  const { sweep, look } = await sweepCosts();
  for (const [groups, cost] of Object.entries(sweep)) console.log(sweepLine(groups, cost));
  console.log(`one warm group ${look.ms} ms, bare ${look.bareMs} ms`);
  if (values.json) writeFileSync(values.json, `${JSON.stringify({ functions, sweep }, null, 2)}\n`);
}

function bundleLine(name: string, { bundleBytes, bareBundleBytes, loadMs, bareLoadMs }: BundleCost): string {
  const over = Math.round((bundleBytes - bareBundleBytes) / 1000);
  const times = (loadMs / bareLoadMs).toFixed(2);
  return `${name.padEnd(18)} ${Math.round(bundleBytes / 1000)} kB, ${over} over bare; loads in ${loadMs} ms, ${times} × bare`;
}

function sweepLine(groups: string, { ms, bareMs, calls }: SweepCost): string {
  const made = Object.entries(calls).map(([operation, times]) => `${times} ${operation}`);
  return `sweep of ${groups.padEnd(4)} ${ms} ms, ${(ms / bareMs).toFixed(2)} × bare (${bareMs} ms): ${made.join(', ')}`;
}

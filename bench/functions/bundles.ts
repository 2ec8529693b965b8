import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { bundling } from '../../infra/bundling.ts';
import { median } from './median.ts';

/** One function beside a bare one. */
export interface BundleCost {
  readonly bundleBytes: number;
  readonly bareBundleBytes: number;
  /** Of the module alone, in a process of its own; a median. */
  readonly loadMs: number;
  readonly bareLoadMs: number;
}

/** What every function speaks with; the bare one makes these clients and does nothing. */
const clients = {
  'client-auto-scaling': 'AutoScalingClient',
  'client-cloudwatch': 'CloudWatchClient',
  'client-dynamodb': 'DynamoDBClient',
  'client-elastic-load-balancing-v2': 'ElasticLoadBalancingV2Client',
  'client-eventbridge': 'EventBridgeClient',
  'client-sns': 'SNSClient',
};
const rounds = 15;

/** Bundles each function as it is deployed, and the bare one as anybody would, and loads them in turns. */
export async function bundleCosts(names: readonly string[]): Promise<Record<string, BundleCost>> {
  const folder = mkdtempSync(join(tmpdir(), 'rushhour-bench-'));
  try {
    const bare = join(folder, 'bare.mjs');
    await buildBare(bare);
    const files = names.map((name) => join(folder, `${name}.mjs`));
    for (const [index, name] of names.entries())
      await build({ ...bundling, entryPoints: [`functions/${name}.ts`], outfile: files[index]! });
    const [bareLoadMs, ...loads] = medianLoadsMs([bare, ...files]);
    const bareBundleBytes = statSync(bare).size;
    const costs = names.map((name, index) => {
      const bundleBytes = statSync(files[index]!).size;
      return [
        name,
        { bundleBytes, bareBundleBytes, loadMs: loads[index]!, bareLoadMs: bareLoadMs! },
      ] as const;
    });
    return Object.fromEntries(costs);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function buildBare(outfile: string): Promise<void> {
  const lines = Object.entries(clients).map(
    ([client, name]) => `import { ${name} } from '@aws-sdk/${client}';\nnew ${name}({});`,
  );
  const contents = [...lines, 'export const handler = async () => ({});'].join('\n');
  const { alias: _, ...plain } = bundling;
  await build({ ...plain, stdin: { contents, resolveDir: bundling.absWorkingDir }, outfile });
}

/** Each file in a process of its own, in turns, so that a slow moment of the machine meets all of them. */
function medianLoadsMs(files: readonly string[]): number[] {
  const times = files.map((): number[] => []);
  for (let round = 0; round < rounds; round++) {
    for (const [index, file] of files.entries()) times[index]!.push(loadMs(file));
  }
  return times.map(median);
}

function loadMs(file: string): number {
  const script = `const t=performance.now();await import(${JSON.stringify(file)});console.log(performance.now()-t)`;
  const env = { ...process.env, AWS_REGION: 'us-east-1' };
  const printed = execFileSync(process.execPath, ['--input-type=module', '--eval', script], { env });
  return Number(printed.toString());
}

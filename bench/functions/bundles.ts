import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type BuildOptions, build } from 'esbuild';
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

export interface BundleCosts {
  readonly functions: Readonly<Record<string, BundleCost>>;
  /** A bare one without what we leave out of the SDK: what is over this is our own code. */
  readonly trimmed: { readonly bundleBytes: number; readonly loadMs: number };
}

/** What every function speaks with; the bare one imports these clients and does nothing. */
const clients = {
  'client-auto-scaling': 'AutoScalingClient',
  'client-cloudwatch': 'CloudWatchClient',
  'client-dynamodb': 'DynamoDBClient',
  'client-elastic-load-balancing-v2': 'ElasticLoadBalancingV2Client',
  'client-eventbridge': 'EventBridgeClient',
  'client-sns': 'SNSClient',
};

/** Bundles each function as it is deployed, and the bare one as anybody would, and loads them in turns. */
export async function bundleCosts(names: readonly string[], rounds: number): Promise<BundleCosts> {
  const folder = mkdtempSync(join(tmpdir(), 'rushhour-bench-'));
  try {
    const { alias: _, external: __, loader: ___, plugins: ____, ...usual } = bundling;
    const bare = await bundled(join(folder, 'bare.mjs'), { ...usual, stdin: bareFunction });
    const trimmed = await bundled(join(folder, 'trimmed.mjs'), { ...bundling, stdin: bareFunction });
    const own: Bundle[] = [];
    for (const name of names) {
      const entryPoints = [`functions/${name}.ts`];
      own.push(await bundled(join(folder, `${name}.mjs`), { ...bundling, entryPoints }));
    }
    const [bareLoadMs, trimmedLoadMs, ...loads] = medianLoadsMs([bare, trimmed, ...own], rounds);
    const costs = names.map((name, index): [string, BundleCost] => {
      const { bytes: bundleBytes } = own[index]!;
      const loadMs = loads[index]!;
      return [name, { bundleBytes, bareBundleBytes: bare.bytes, loadMs, bareLoadMs: bareLoadMs! }];
    });
    return {
      functions: Object.fromEntries(costs),
      trimmed: { bundleBytes: trimmed.bytes, loadMs: trimmedLoadMs! },
    };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

interface Bundle {
  readonly file: string;
  readonly bytes: number;
}

async function bundled(file: string, options: BuildOptions): Promise<Bundle> {
  await build({ ...options, outfile: file });
  return { file, bytes: statSync(file).size };
}

/** Its handler holds the clients, or the bundler would leave them out. */
const bareFunction = {
  contents: [
    ...Object.entries(clients).map(([client, name]) => `import { ${name} } from '@aws-sdk/${client}';`),
    `export const handler = async () => [${Object.values(clients).join(', ')}].length;`,
  ].join('\n'),
  resolveDir: bundling.absWorkingDir,
};

/**
 * Each file in a process of its own, in turns, so that a slow moment of the machine meets all of them; each round begins with
 * another one, so that none has its place for good.
 */
function medianLoadsMs(bundles: readonly Bundle[], rounds: number): number[] {
  const times = bundles.map((): number[] => []);
  for (let round = 0; round < rounds; round++) {
    for (let turn = 0; turn < bundles.length; turn++) {
      const index = (round + turn) % bundles.length;
      times[index]!.push(loadMs(bundles[index]!.file));
    }
  }
  return times.map(median);
}

function loadMs(file: string): number {
  const script = `const t=performance.now();await import(${JSON.stringify(file)});console.log(performance.now()-t)`;
  const env = { ...process.env, AWS_REGION: 'us-east-1' };
  const printed = execFileSync(process.execPath, ['--input-type=module', '--eval', script], { env });
  return Number(printed.toString());
}

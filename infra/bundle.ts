import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Code } from 'aws-cdk-lib/aws-lambda';
import { buildSync } from 'esbuild';
import type { Fleet } from '../shared/fleet/fleet.ts';
import { bundling } from './bundling.ts';
import { functions } from './functions.ts';
import { noticesOf } from './notices.ts';

let built: string | undefined;
let scratch: string | undefined;

/**
 * Bundles every function, the SDK included, and lays the validated fleet beside each, so that code and policy are
 * deployed as one thing; which version that is, for whoever compares; and the licences of what was bundled.
 * @returns each function's code by its name
 */
export function bundleFunctions(fleet: Fleet): Readonly<Record<string, Code>> {
  built ??= build();
  const assets = scratchFolder('assets-');
  const policy = JSON.stringify(fleet);
  const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
  return Object.fromEntries(
    Object.keys(functions).map((name) => {
      const directory = join(assets, name);
      mkdirSync(directory);
      for (const file of ['index.mjs', 'NOTICES'])
        copyFileSync(join(built!, name, file), join(directory, file));
      writeFileSync(join(directory, 'fleet.json'), policy);
      writeFileSync(join(directory, 'rushhour.json'), JSON.stringify({ version }));
      return [name, Code.fromAsset(directory)];
    }),
  );
}

/** The code is the same for every fleet: one process builds it once. */
function build(): string {
  const outdir = scratchFolder('built-');
  const { metafile } = buildSync({
    ...bundling,
    metafile: true,
    entryPoints: Object.keys(functions).map((name) => ({
      in: `functions/${name}.ts`,
      out: `${name}/index`,
    })),
    outdir,
  });
  const root = bundling.absWorkingDir;
  for (const [file, { inputs }] of Object.entries(metafile.outputs))
    writeFileSync(join(root, dirname(file), 'NOTICES'), noticesOf(inputs, root));
  return outdir;
}

/** A folder until the process ends: by then the CDK has copied into the assembly what belongs there. */
function scratchFolder(prefix: string): string {
  scratch ??= makeScratch();
  return mkdtempSync(join(scratch, prefix));
}

function makeScratch(): string {
  const folder = mkdtempSync(join(tmpdir(), 'rushhour-bundles-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { buildSync } from 'esbuild';
import { bundling } from './bundling.ts';
import { languages, providers } from './files-of-their-own.ts';
import { functions } from './functions.ts';
import { noticesOf } from './notices.ts';

let built: string | undefined;

/**
 * The functions as they are deployed, but for the fleet: NAME/index.mjs, the SDK included, and NAME/NOTICES, the licences of what was
 * bundled. The code is the same for every fleet, so that one process builds it once. In the package they lie ready.
 * @returns a folder that is there until the process ends
 */
export function builtFunctions(): string {
  if (built === undefined) {
    built = mkdtempSync(join(tmpdir(), 'rushhour-functions-'));
    const folder = built;
    process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
    buildFunctions(folder);
  }
  return built;
}

/** @param outdir where each function gets a folder of its name */
export function buildFunctions(outdir: string): void {
  const { metafile } = buildSync({
    ...bundling,
    metafile: true,
    entryPoints: [
      ...Object.keys(functions).map((name) => ({ in: `functions/${name}.ts`, out: `${name}/index` })),
      ...providers.map((name) => ({
        in: `shared/providers/${name}/provider.ts`,
        out: `providers/${name}/provider`,
      })),
      ...languages.map((name) => ({ in: `shared/sentences/${name}.ts`, out: `words/${name}/words` })),
    ],
    outdir,
  });
  const root = bundling.absWorkingDir;
  for (const [file, { inputs }] of Object.entries(metafile.outputs))
    writeFileSync(join(root, dirname(file), 'NOTICES'), noticesOf(inputs, root));
}

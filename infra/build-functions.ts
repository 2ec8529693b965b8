import { writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { build } from 'esbuild';
import { bundling } from './bundling.ts';
import { languages, providers } from './files-of-their-own.ts';
import { functions } from './functions.ts';
import { noticesOf } from './notices.ts';

/**
 * Bundles the functions, and what may be laid beside them.
 * @param outdir where each function gets a folder of its name
 */
export async function buildFunctions(outdir: string): Promise<void> {
  const { metafile } = await build({
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

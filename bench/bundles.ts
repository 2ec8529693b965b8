import { mkdtempSync, readFileSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildSync, type Metafile } from 'esbuild';
import { bundling } from '../infra/bundling.ts';

/** A bundle on disk. */
export interface Bundle {
  readonly path: string;
  readonly bytes: number;
}

const root = bundling.absWorkingDir;

/** A function as it is deployed, and beside it a bare one: it imports the same clients and commands, and does nothing. */
export function bundlePair(name: string): { own: Bundle; bare: Bundle } {
  const directory = mkdtempSync(join(tmpdir(), 'rushhour-bench-'));
  const own = join(directory, 'own.mjs');
  const bare = join(directory, 'bare.mjs');
  const entryPoints = [`functions/${name}.ts`];
  const { metafile } = buildSync({ ...bundling, entryPoints, outfile: own, metafile: true });
  const stdin = { contents: bareFunction(metafile), resolveDir: root };
  buildSync({ ...bundling, stdin, outfile: bare });
  return { own: bundleAt(own), bare: bundleAt(bare) };
}

function bundleAt(path: string): Bundle {
  return { path, bytes: statSync(path).size };
}

const clientImport = /^import \{([^}]*)\} from '(@aws-sdk\/client-[^']+)'/gm;

/** The handler holds what it imports, or the bundler would leave it out. */
function bareFunction({ inputs }: Metafile): string {
  const ours = Object.keys(inputs).filter((path) => !path.startsWith('node_modules/'));
  const imports = new Map<string, Set<string>>();
  for (const path of ours) {
    for (const [, names, client] of readFileSync(join(root, path), 'utf8').matchAll(clientImport)) {
      const values = names!.split(',').map((one) => one.trim());
      const known = imports.get(client!) ?? new Set();
      for (const value of values) if (value && !value.startsWith('type ')) known.add(value);
      imports.set(client!, known);
    }
  }
  const lines = [...imports].map(
    ([client, names]) => `import { ${[...names].join(', ')} } from '${client}';`,
  );
  const held = [...imports.values()].flatMap((names) => [...names]);
  return [...lines, `export const handler = async () => [${held.join(', ')}].length;`].join('\n');
}

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

/** A function's bundle and two that do nothing. */
export interface Bundles {
  /** As it is deployed. */
  readonly own: Bundle;
  /** Imports the same clients and commands, as everybody would bundle it. */
  readonly bare: Bundle;
  /** The same with our way to credentials in place of the SDK's many: what is over this one is our own code. */
  readonly trimmed: Bundle;
}

/** Bundles a function of the scaler and its bare counterparts into a new directory. */
export function bundlesOf(name: string): Bundles {
  const directory = mkdtempSync(join(tmpdir(), 'rushhour-bench-'));
  const path = (which: keyof Bundles) => join(directory, `${which}.mjs`);
  const entryPoints = [`functions/${name}.ts`];
  const { metafile } = buildSync({ ...bundling, entryPoints, outfile: path('own'), metafile: true });
  const stdin = { contents: bareFunction(metafile), resolveDir: root };
  const { alias: _, ...usual } = bundling;
  buildSync({ ...usual, stdin, outfile: path('bare') });
  buildSync({ ...bundling, stdin, outfile: path('trimmed') });
  return { own: bundleAt(path('own')), bare: bundleAt(path('bare')), trimmed: bundleAt(path('trimmed')) };
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

import { join, relative } from 'node:path';
import { type BuildOptions, build, type Plugin } from 'esbuild';
import { noticesOf } from '../infra/notices.ts';
import { locations } from './locations.ts';
import { outside } from './manifest.ts';

/** What becomes a file of its own in the package, by its name there. */
const programs: ReadonlyMap<string, string> = new Map([
  ['cli/rushhour.ts', 'rushhour'],
  ['infra/index.ts', 'index'],
  ['shared/fleet/schema.ts', 'schema'],
  ['infra/plain-app.ts', 'plain-app'],
]);

/** The same, but in one piece: its process may read nothing else. */
const alone: ReadonlyMap<string, string> = new Map([['packages/local-aws/src/lambda/sandbox.ts', 'sandbox']]);

/** What a clone makes when it is needed lies ready in the package. */
const standIns: ReadonlyMap<string, string> = new Map([
  ['infra/built-functions.ts', 'build/stand-ins/built-functions.ts'],
  ['console/page-script.ts', 'build/stand-ins/page-script.ts'],
  ['packages/local-aws/src/cloudformation/bootstrap-template.ts', 'build/stand-ins/bootstrap-template.ts'],
  ['packages/local-aws/src/lambda/sandbox-program.ts', 'build/stand-ins/sandbox-program.ts'],
  ['cli/commands/bench.ts', 'build/stand-ins/bench.ts'],
]);

const shared = {
  bundle: true,
  platform: 'node',
  target: 'node20',
  format: 'esm',
  mainFields: ['module', 'main'],
  logLevel: 'warning',
} as const satisfies BuildOptions;

/**
 * Bundles every program, what they have in common in files beside them. Dependencies stay outside.
 * @returns the licences of the code of others that went in
 */
export async function bundlePrograms(root: string, outdir: string): Promise<string> {
  const options = {
    ...shared,
    absWorkingDir: root,
    outdir,
    inject: ['build/node-20.ts'],
    external: outside(root).flatMap((name) => [name, `${name}/*`]),
    plugins: [swap(root), locations({ root, outdir, programs: new Map([...programs, ...alone]) })],
    metafile: true,
  } satisfies BuildOptions;
  const built = await Promise.all([
    build({ ...options, entryPoints: entries(programs), splitting: true, chunkNames: 'part-[hash]' }),
    build({ ...options, entryPoints: entries(alone) }),
  ]);
  const outputs = built.flatMap(({ metafile }) => Object.values(metafile.outputs));
  const inputs = outputs.flatMap((output) => Object.entries(output.inputs));
  return noticesOf(Object.fromEntries(inputs.filter(([, { bytesInOutput }]) => bytesInOutput > 0)), root);
}

function entries(files: ReadonlyMap<string, string>) {
  return [...files].map(([source, out]) => ({ in: source, out }));
}

/** The console's page for the browser. */
export async function bundlePage(root: string, outdir: string): Promise<void> {
  await build({
    bundle: true,
    format: 'esm',
    target: 'es2022',
    absWorkingDir: root,
    entryPoints: ['console/page/main.ts'],
    outfile: join(outdir, 'page.js'),
    logLevel: 'warning',
  });
}

function swap(root: string): Plugin {
  return {
    name: 'stand-ins',
    setup(build) {
      build.onResolve({ filter: /^\.\.?\// }, async ({ path, pluginData, ...options }) => {
        if (pluginData === 'resolved') return undefined;
        const resolved = await build.resolve(path, { ...options, pluginData: 'resolved' });
        const standIn = standIns.get(relative(root, resolved.path));
        return standIn === undefined ? resolved : { path: join(root, standIn) };
      });
    },
  };
}

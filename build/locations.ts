import { copyFileSync, cpSync, mkdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, posix, relative } from 'node:path';
import type { Plugin } from 'esbuild';

/** `new URL('./page/', import.meta.url)` and the like: what a source file finds by its own place. */
const byPlace = /new URL\(\s*'([^']+)',\s*import\.meta\.url,?\s*\)/g;

interface Options {
  /** The repository. */
  readonly root: string;
  /** Where the bundles go, all of them side by side. */
  readonly outdir: string;
  /** Source files that are bundles of their own, and the names that those have, without ending. */
  readonly programs: ReadonlyMap<string, string>;
}

/**
 * A bundle lies elsewhere than its sources did. What they find by their own place is laid beside the bundles under the path that it
 * has in the repository; a program that is started as a process is found under its bundle's name.
 * @throws Error for a source file that is started and has no bundle
 */
export function locations({ root, outdir, programs }: Options): Plugin {
  return {
    name: 'locations',
    setup(build) {
      build.onLoad({ filter: /\.ts$/ }, ({ path }) => {
        const source = relative(root, path);
        // Stand-ins are written for where they go.
        if (source.includes('node_modules') || source.startsWith('build/')) return undefined;
        const text = readFileSync(path, 'utf8');
        if (!text.includes('import.meta.url')) return undefined;
        const contents = text.replace(byPlace, (_, target: string) => {
          const found = posix.join(dirname(source), target);
          return `new URL('./${placed(found)}', import.meta.url)`;
        });
        return { contents, loader: 'ts' };
      });
    },
  };

  function placed(source: string): string {
    if (source.endsWith('.ts')) {
      const name = programs.get(source);
      if (name === undefined) throw new Error(`${source} is started by its file's name and has no bundle`);
      return `${name}.js`;
    }
    const [from, to] = [join(root, source), join(outdir, source)];
    mkdirSync(dirname(to), { recursive: true });
    if (!statSync(from).isDirectory()) copyFileSync(from, to);
    // Scripts of a folder are bundled; what else lies there is laid beside as it is.
    else cpSync(from, to, { recursive: true, filter: (file) => !/\.(ts|json)$/.test(file) });
    return source;
  }
}

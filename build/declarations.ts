import { execFileSync } from 'node:child_process';
import { globSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** `from './place.ts'`, `import('./place.ts')` */
const relativeSource = /((?:from\s+|import\()'\.{1,2}\/[^']+)\.ts'/g;

/** Type declarations of what the package exports, file by file. A declaration names another one as the compiled file it stands for. */
export function writeDeclarations(root: string, outdir: string): void {
  const compiler = join(root, 'node_modules/.bin/tsc');
  execFileSync(compiler, ['--project', 'build/tsconfig.json', '--outDir', outdir], {
    cwd: root,
    stdio: 'inherit',
  });
  for (const file of globSync('**/*.d.ts', { cwd: outdir })) {
    const path = join(outdir, file);
    writeFileSync(path, readFileSync(path, 'utf8').replaceAll(relativeSource, "$1.js'"));
  }
}

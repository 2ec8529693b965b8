import { fileURLToPath } from 'node:url';
import { buildSync } from 'esbuild';

/** The page's script in one piece. In the package it lies ready. */
export function pageScript(): string {
  return buildSync({
    entryPoints: [fileURLToPath(new URL('./page/main.ts', import.meta.url))],
    bundle: true,
    format: 'esm',
    target: 'es2022',
    write: false,
  }).outputFiles[0]!.text;
}

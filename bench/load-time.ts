import { execFileSync } from 'node:child_process';
import { pathToFileURL } from 'node:url';

/** Milliseconds until a module is there, in a process that has loaded nothing before. */
export function loadMs(path: string): number {
  const module = JSON.stringify(pathToFileURL(path).href);
  const script = `const start = performance.now(); await import(${module}); console.log(performance.now() - start)`;
  return Number(
    execFileSync(process.execPath, ['--input-type=module', '--eval', script], { encoding: 'utf8' }),
  );
}

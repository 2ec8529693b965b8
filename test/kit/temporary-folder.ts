import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';

/**
 * Everything temporary of one run of the tests, their processes' too, lies in one folder, which goes when they end. With it what
 * processes would do again and again and share: the bundled functions, and Node's cache of compiled code.
 */
export default function setup(project: TestProject): () => void {
  const folder = mkdtempSync(join(tmpdir(), 'rushhour-tests-'));
  process.env['TMPDIR'] = folder;
  const builtFunctions = join(folder, 'built-functions');
  process.env['BUILT_FUNCTIONS'] = builtFunctions;
  process.env['NODE_COMPILE_CACHE'] = join(folder, 'compile-cache');
  project.onTestsRerun(() => rmSync(builtFunctions, { recursive: true, force: true }));
  return () => rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
}

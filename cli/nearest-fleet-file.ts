import { existsSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';

const usualName = 'fleet.yaml';

/**
 * The `fleet.yaml` of this folder, or of the nearest folder above it, as git finds its repository.
 * @returns a path relative to `folder`; the plain name where there is none, so that the error says what was looked for
 */
export function nearestFleetFile(folder: string = process.cwd()): string {
  for (let above = folder; ; above = dirname(above)) {
    const file = join(above, usualName);
    if (existsSync(file)) return relative(folder, file);
    if (above === dirname(above)) return usualName;
  }
}

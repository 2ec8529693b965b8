import { readFile } from 'node:fs/promises';

/** The template with which the CDK command line bootstraps that the package was built with. */
export async function bootstrapTemplate(): Promise<string> {
  return readFile(new URL('bootstrap-template.yaml', import.meta.url), 'utf8');
}

import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/** The template that the pinned CDK command line bootstraps with. */
export async function bootstrapTemplate(): Promise<string> {
  const cdk = dirname(createRequire(import.meta.url).resolve('aws-cdk/package.json'));
  return readFile(join(cdk, 'lib/api/bootstrap/bootstrap-template.yaml'), 'utf8');
}

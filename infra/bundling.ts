import { join } from 'node:path';
import type { BuildOptions } from 'esbuild';
import { importedLate } from './files-of-their-own.ts';

const root = join(import.meta.dirname, '..');

function ofOurs(file: string): string {
  return join(root, 'shared/providers/aws', file);
}

/** How a function becomes one file: the SDK included, for the runtime that `scaler-functions.ts` names. */
export const bundling = {
  absWorkingDir: root,
  outExtension: { '.js': '.mjs' },
  bundle: true,
  minify: true,
  platform: 'node',
  target: 'node24',
  format: 'esm',
  mainFields: ['module', 'main'],
  // What the SDK brings along and no call of ours reaches.
  alias: {
    '@aws-sdk/credential-provider-node': ofOurs('lambda-credentials.ts'),
    '@aws-sdk/endpoint-cache': ofOurs('lambda-endpoint-cache.ts'),
    '@aws-sdk/signature-v4-multi-region': ofOurs('lambda-signer.ts'),
  },
  // Imported only when an operation streams events: none of ours does.
  external: ['@smithy/core/event-streams', ...importedLate],
  // Of the package.json of each client the SDK reads the version, to say it to AWS: it says `aws-sdk-js` without.
  loader: { '.json': 'empty' },
  // The SDK registers a class for each error of a service, a tenth of a function. Without a class an error has the same name, message
  // and metadata, and `toPortError` reads nothing else.
  pure: ['n0_registry.registerError'],
  // Dependencies that are CommonJS still call `require` for Node's own modules.
  banner: {
    js: "import{createRequire}from'node:module';const require=createRequire(import.meta.url);",
  },
  logLevel: 'warning',
} as const satisfies BuildOptions;

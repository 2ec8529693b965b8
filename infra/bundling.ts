import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { BuildOptions, Plugin } from 'esbuild';
import { importedLate } from './files-of-their-own.ts';

const root = join(import.meta.dirname, '..');

function ofOurs(file: string): string {
  return join(root, 'shared/providers/aws', file);
}

/**
 * The SDK has a class for every error of a service, and registers it, so that no bundler can leave it out: a tenth of a function.
 * An error without a class has the same name, message and metadata, and those are all that `toPortError` reads.
 */
const withoutErrorClasses: Plugin = {
  name: 'without-error-classes',
  setup(build) {
    build.onLoad(
      { filter: /@aws-sdk[\\/]client-[^\\/]+[\\/]dist-es[\\/]schemas[\\/]/ },
      async ({ path }) => ({
        contents: (await readFile(path, 'utf8')).replace(/^n\d+_registry\.registerError\(.*\);$/gm, ''),
      }),
    );
  },
};

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
  plugins: [withoutErrorClasses],
  // Dependencies that are CommonJS still call `require` for Node's own modules.
  banner: {
    js: "import{createRequire}from'node:module';const require=createRequire(import.meta.url);",
  },
  logLevel: 'warning',
} as const satisfies BuildOptions;

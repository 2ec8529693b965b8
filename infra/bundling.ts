import { join } from 'node:path';
import type { BuildOptions } from 'esbuild';

/** How a function becomes one file: the SDK included, for the runtime that `scaler-functions.ts` names. */
export const bundling = {
  absWorkingDir: join(import.meta.dirname, '..'),
  outExtension: { '.js': '.mjs' },
  bundle: true,
  minify: true,
  platform: 'node',
  target: 'node24',
  format: 'esm',
  mainFields: ['module', 'main'],
  // Of the SDK's many sources of credentials Lambda has one.
  alias: {
    '@aws-sdk/credential-provider-node': join(
      import.meta.dirname,
      '../shared/providers/aws/lambda-credentials.ts',
    ),
  },
  // Dependencies that are CommonJS still call `require` for Node's own modules.
  banner: {
    js: "import{createRequire}from'node:module';const require=createRequire(import.meta.url);",
  },
  logLevel: 'warning',
} as const satisfies BuildOptions;

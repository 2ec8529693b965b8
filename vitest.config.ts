import { globSync, readFileSync } from 'node:fs';
import { defineConfig } from 'vitest/config';

const everywhere = ['test/**/*.test.ts', 'packages/*/test/**/*.test.ts'];
const e2e = 'test/e2e/**';

/** What a file does to the modules that are loaded would be there for the next file. */
const changesModules = /\bvi\.(?:mock|doMock|hoisted|resetModules)\(/;
const alone = globSync(everywhere, { exclude: [e2e] }).filter((file) =>
  changesModules.test(readFileSync(file, 'utf8')),
);

export default defineConfig({
  test: {
    globalSetup: 'test/kit/temporary-folder.ts',
    // All of the processors: by default one is kept for the watch mode's screen.
    maxWorkers: '100%',
    testTimeout: 300_000,
    hookTimeout: 300_000,
    // `cdk synth` runs CloudFormation's schemas over the templates, in an engine that takes seconds to load: the end-to-end tests do.
    env: { CDK_VALIDATION: 'false' },
    projects: [
      {
        extends: true,
        test: {
          name: 'together',
          include: everywhere,
          exclude: [e2e, ...alone],
          // Files that one process runs share what they import: loading the CDK, the SDK and our own code took a quarter of the time.
          isolate: false,
          setupFiles: 'test/kit/as-it-was.ts',
        },
      },
      { extends: true, test: { name: 'alone', include: alone } },
    ],
  },
});

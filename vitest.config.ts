import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    globalSetup: 'test/kit/temporary-folder.ts',
    include: ['test/**/*.test.ts', 'packages/*/test/**/*.test.ts'],
    exclude: ['test/e2e/**'],
    // All of the processors: by default one is kept for the watch mode's screen.
    maxWorkers: '100%',
    testTimeout: 300_000,
    hookTimeout: 300_000,
  },
});

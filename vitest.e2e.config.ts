import { defineConfig } from 'vitest/config';

/** The real command lines in real time: minutes, not seconds. Two files at once, as most of the time is waiting. */
export default defineConfig({
  test: {
    globalSetup: 'test/kit/temporary-folder.ts',
    include: ['test/e2e/**/*.test.ts'],
    maxWorkers: 2,
    testTimeout: 900_000,
    hookTimeout: 900_000,
  },
});

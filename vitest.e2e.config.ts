import { defineConfig } from 'vitest/config';

/** The real command lines in real time: minutes, not seconds, and one after the other. */
export default defineConfig({
  test: {
    include: ['test/e2e/**/*.test.ts'],
    fileParallelism: false,
    testTimeout: 300_000,
    hookTimeout: 120_000,
  },
});

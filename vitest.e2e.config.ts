import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Those that take longest. The tutorial is not among the first three, as it uses the package that the first of them builds. */
const longest = ['package', 'cli', 'console', 'tutorial', 'cdk-deploy', 'plain-deploy', 'lunch-day'];

/** No file begins that takes minutes when all others are about to end. */
class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId }: TestSpecification) => {
      const found = longest.findIndex((name) => moduleId.endsWith(`/${name}.test.ts`));
      return found < 0 ? longest.length : found;
    };
    return (await super.sort(files)).toSorted((one, other) => rank(one) - rank(other));
  }
}

/** The real command lines in real time: minutes, not seconds. Three files at once on two processors: much of the time is waiting. */
export default defineConfig({
  test: {
    globalSetup: 'test/kit/temporary-folder.ts',
    include: ['test/e2e/**/*.test.ts'],
    sequence: { sequencer: LongestFirst },
    maxWorkers: 3,
    testTimeout: 900_000,
    hookTimeout: 900_000,
  },
});

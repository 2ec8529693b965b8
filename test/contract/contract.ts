import { afterEach, beforeEach, describe } from 'vitest';
import { implementations, type UnderTest } from './implementation.ts';

/** Runs the same suite on every implementation of the ports, each test on a fresh one. */
export function contract(port: string, suite: (tested: () => UnderTest) => void): void {
  describe.each(implementations)(`${port} %s`, (_, open) => {
    let tested: UnderTest;
    beforeEach(async () => {
      tested = await open();
    });
    afterEach(async () => {
      await tested[Symbol.asyncDispose]();
    });
    suite(() => tested);
  });
}

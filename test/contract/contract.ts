import { afterEach, beforeEach, describe } from 'vitest';
import {
  type Implementation,
  implementations,
  type Measured,
  providers,
  type Trait,
  type UnderTest,
} from './implementation.ts';

type Suite = (tested: () => UnderTest) => void;

/** Runs the same suite on every implementation of the ports, each test on a fresh one. */
export function contract(port: string, suite: Suite): void {
  runOn(implementations, port, suite);
}

/** Runs the same suite on every provider that measures itself what the fleet file names. */
export function metricsContract(
  about: string,
  suite: (tested: () => UnderTest, measured: Measured) => void,
): void {
  for (const implementation of providers)
    if (implementation.measured)
      runOn([implementation], about, (tested) => suite(tested, implementation.measured!));
}

/** Runs the same suite on every provider of servers that has what the suite is about. */
export function capacityContract(about: string, needs: readonly Trait[], suite: Suite): void {
  const able = providers.filter(({ has }) => needs.every((trait) => has.has(trait)));
  if (able.length === 0) throw new Error(`no provider has ${needs.join(' and ')}`);
  runOn(able, about, suite);
}

function runOn(some: readonly Implementation[], port: string, suite: Suite): void {
  describe.each(some.map(({ name, open }) => [name, open] as const))(`${port} %s`, (_, open) => {
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

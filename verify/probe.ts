import type { Bench } from './bench.ts';

/** One fact about AWS that the product relies upon, and how to try it. */
export interface Probe {
  /** By which `docs/aws-facts.md` and `--only` name it. */
  readonly name: string;
  readonly fact: string;
  /** What it makes, for the question whether that is allowed. */
  readonly creates: string;
  /** An upper bound of what it costs, in US cents. */
  readonly cents: number;
  /**
   * @returns what was seen, in a sentence
   * @throws Differs when AWS does something else; whatever the SDK throws when it could not be tried
   */
  run(bench: Bench): Promise<string>;
}

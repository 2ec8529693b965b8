import type { AdverseLoad, AdverseRun } from './fleet.ts';

/** What came out of a case. */
export interface Finding {
  /** In figures, for the table. */
  readonly seen: string;
  readonly within: boolean;
}

/** A hard load, and what is expected of a policy that follows it. */
export interface AdverseCase {
  readonly name: string;
  readonly wanted: string;
  readonly adverse: AdverseLoad;
  judge(run: AdverseRun): Finding;
}

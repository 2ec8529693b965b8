import type { Ledger } from '../../shared/domain/ledger.ts';
import type { ScalerGroup } from '../../shared/engine/scaler.ts';
import type { FunctionRun } from './function-run.ts';

/** A ledger that replaces another. */
export interface Write {
  readonly by: FunctionRun;
  readonly group: ScalerGroup;
  readonly before: Ledger | undefined;
  readonly after: Ledger;
}

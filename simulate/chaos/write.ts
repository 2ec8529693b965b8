import type { Ledger } from '../../shared/domain/ledger.ts';
import type { ScalerGroup } from '../../shared/engine/scaler.ts';
import type { Invocation } from './invocation.ts';

/** A ledger that replaces another. */
export interface Write {
  readonly by: Invocation;
  readonly group: ScalerGroup;
  readonly before: Ledger | undefined;
  readonly after: Ledger;
}

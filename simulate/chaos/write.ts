import type { Ledger } from '../../shared/domain/ledger.ts';
import type { HouseGroup } from '../../shared/engine/house.ts';
import type { Invocation } from './invocation.ts';

/** A ledger that replaces another. */
export interface Write {
  readonly by: Invocation;
  readonly group: HouseGroup;
  readonly before: Ledger | undefined;
  readonly after: Ledger;
}

import type { Fleet } from '../../shared/fleet/fleet.ts';
import type { BacktestResult } from '../../simulate/backtest.ts';
import type { Flapping } from '../../simulate/flapping.ts';
import type { Shortage } from '../../simulate/shortages.ts';
import type { GroupSummary } from '../../simulate/summary.ts';
import type { Remedy } from './remedies.ts';
import type { Yardstick } from './yardsticks.ts';

/** What one fleet file did with the load. */
export interface Played {
  /** The fleet file. */
  readonly file: string;
  readonly fleet: Fleet;
  readonly result: BacktestResult;
  readonly summaries: ReadonlyMap<string, GroupSummary>;
}

/** One group, with all that it is compared with. */
export interface GroupStory {
  readonly group: string;
  readonly pricePerServerHour: number;
  readonly yardsticks: readonly Yardstick[];
  /** It only observes, and was played as if it were active. */
  readonly observed: boolean;
  /** What the backtest cannot measure, and takes for silent: `alarm 'slow' watches responseTime`. */
  readonly unmeasured: readonly string[];
  /** Who changes the group only to change it back. */
  readonly flapping: readonly Flapping[];
  /** The worst first. */
  readonly shortages: readonly Shortage[];
  /** What else would have become of the worst shortage; empty without one. */
  readonly remedies: readonly Remedy[];
}

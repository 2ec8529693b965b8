import type { AlarmState } from '../domain/observation.ts';

export interface Alarms {
  /** Names without an entry do not exist. */
  describe(names: readonly string[]): Promise<ReadonlyMap<string, AlarmState>>;
}

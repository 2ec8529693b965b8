/** How the clock on a group's wall goes, and which of its days are holidays. Minutes count from the epoch. */
export interface LocalTime {
  /** Minutes that the wall clock is ahead of UTC. */
  aheadAt(minute: number): number;
  /** Whether a local day, counted from 1970-01-01, is a holiday. */
  isHoliday(day: number): boolean;
}

/** UTC without holidays. */
export const universalTime: LocalTime = { aheadAt: () => 0, isHoliday: () => false };

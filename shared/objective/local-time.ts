/** How the clock on a group's wall goes, and which of its days are holidays or worked. Minutes count from the epoch. */
export interface LocalTime {
  /** Minutes that the wall clock is ahead of UTC. */
  aheadAt(minute: number): number;
  /** Whether a local day, counted from 1970-01-01, is a holiday. */
  isHoliday(day: number): boolean;
  /** Whether it is like a workday, whatever day of the week it is and whether or not it is a holiday. */
  isWorkday(day: number): boolean;
}

/** UTC without holidays. */
export const universalTime: LocalTime = { aheadAt: () => 0, isHoliday: () => false, isWorkday: () => false };

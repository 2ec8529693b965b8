/** Days, one after the other. */
export interface CalendarDays {
  /** The first, like `2026-10-01`. */
  readonly from: string;
  /** The last. */
  readonly to: string;
  /** What they are called. */
  readonly name?: string;
}

/** A calendar as it is deployed: its days laid out, so that what runs carries no library of holidays. */
export interface Calendar {
  /** In order. They may overlap. */
  readonly days: readonly CalendarDays[];
  /** Where others tell the days: the last day of which they are known. */
  readonly knownUntil?: string;
}

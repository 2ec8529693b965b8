/** Nobody can tell the days of a calendar. The message says what was expected. */
export class InvalidCalendar extends Error {
  override readonly name = 'InvalidCalendar';
  /** Which key of the calendar is wrong. */
  readonly key: string;

  constructor(key: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.key = key;
  }
}

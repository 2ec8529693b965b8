/** An event that no retry will make better: it goes to the dead-letter queue with what was wrong. */
export class InvalidEvent extends Error {
  readonly code = 'InvalidEvent';
  /** Each with its path and what was expected there. */
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(`The event cannot be used: ${problems.join('; ')}`);
    this.name = 'InvalidEvent';
    this.problems = problems;
  }
}

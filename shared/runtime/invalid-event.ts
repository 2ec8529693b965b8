/** How many mistakes of an event are listed: logs and queues cost by the byte. */
const problemsAtMost = 10;
const charactersAtMost = 150;

/** An event that no retry will make better: it goes to the dead-letter queue with what was wrong. */
export class InvalidEvent extends Error {
  override readonly name = 'InvalidEvent';
  readonly code = 'InvalidEvent';
  /** Each with its path and what was expected there; the first of them, and not at any length. */
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    const told = problems.slice(0, problemsAtMost).map(shortened);
    if (problems.length > told.length) told.push(`and ${problems.length - told.length} more`);
    super(`The event cannot be used: ${told.join('; ')}`);
    this.problems = told;
  }
}

function shortened(problem: string): string {
  return problem.length <= charactersAtMost ? problem : `${problem.slice(0, charactersAtMost)}…`;
}

export interface FleetProblem {
  /** `groups.business.minSize`; empty: the whole file. */
  readonly path: string;
  /** What was expected there, and what was found. */
  readonly message: string;
  /** Of the file, from 1. */
  readonly line: number;
}

/** The fleet file cannot be used; `problems` holds all of its mistakes, in the order of the file. */
export class InvalidFleet extends Error {
  readonly code = 'InvalidFleet';
  readonly problems: readonly FleetProblem[];

  /** @param source the file's name */
  constructor(source: string, problems: readonly FleetProblem[]) {
    const lines = problems.map(
      ({ path, message, line }) => `  ${source}:${line} ${path ? `${path}: ` : ''}${message}`,
    );
    const count = problems.length === 1 ? 'a mistake' : `${problems.length} mistakes`;
    super(`${source} has ${count}:\n${lines.join('\n')}`);
    this.name = 'InvalidFleet';
    this.problems = problems;
  }
}

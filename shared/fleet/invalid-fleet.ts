import { visible } from './printable.ts';

export interface FleetProblem {
  /** `groups.business.minSize`; empty: the whole file. */
  readonly path: string;
  /** What was expected there, and what was found. */
  readonly message: string;
  /** Of the file, from 1. */
  readonly line: number;
  /** The line, and below it a caret where the mistake is. */
  readonly excerpt?: string;
}

/** The fleet file cannot be used; `problems` holds its mistakes, in the order of the file. */
export class InvalidFleet extends Error {
  override readonly name = 'InvalidFleet';
  readonly code = 'InvalidFleet';
  readonly problems: readonly FleetProblem[];
  /** There are others, which nobody has counted. */
  readonly more: boolean;

  /** @param source the file's name */
  constructor(source: string, problems: readonly FleetProblem[], more = false) {
    const lines = problems.flatMap(({ path, message, line, excerpt }) => [
      `  ${source}:${line} ${path ? `${path}: ` : ''}${message}`,
      ...(excerpt?.split('\n').map((one) => `    | ${one}`) ?? []),
    ]);
    const many = more
      ? `more than ${problems.length} mistakes, the first of them`
      : `${problems.length} mistakes`;
    const count = problems.length === 1 ? 'a mistake' : many;
    // Unknown keys and wrong values are whatever somebody wrote, and end on terminals.
    super(visible(`${source} has ${count}:\n${lines.join('\n')}`));
    this.problems = problems;
    this.more = more;
  }
}

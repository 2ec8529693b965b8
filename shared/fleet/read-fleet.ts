import { parseDocument } from 'yaml';
import type { z } from 'zod';
import { type Fleet, fleet } from './fleet.ts';

export interface FleetProblem {
  /** `groups.business.minSize` */
  readonly path: string;
  /** What was expected there, and what was found. */
  readonly message: string;
}

/** The fleet file cannot be used; `problems` holds all of its errors. */
export class InvalidFleet extends Error {
  readonly code = 'InvalidFleet';
  readonly problems: readonly FleetProblem[];

  constructor(source: string, problems: readonly FleetProblem[]) {
    const lines = problems.map(({ path, message }) => `  ${path || '(file)'}: ${message}`);
    super(
      `${source} has ${problems.length} ${problems.length === 1 ? 'mistake' : 'mistakes'}:\n${lines.join('\n')}`,
    );
    this.name = 'InvalidFleet';
    this.problems = problems;
  }
}

/**
 * Reads the text of a fleet file.
 * @param source the file's name, for the message
 * @throws InvalidFleet with every mistake at once
 */
export function readFleet(text: string, source = 'fleet.yaml'): Fleet {
  const document = parseDocument(text, { uniqueKeys: true, maxAliasCount: 100 } as never);
  if (document.errors.length > 0) {
    throw new InvalidFleet(
      source,
      document.errors.map((error) => ({ path: '', message: error.message.split('\n')[0]! })),
    );
  }
  const result = fleet.safeParse(document.toJS({ maxAliasCount: 100 }));
  if (!result.success) throw new InvalidFleet(source, result.error.issues.flatMap(problemsOf));
  return result.data;
}

function problemsOf(issue: z.core.$ZodIssue): FleetProblem[] {
  const path = issue.path.map(String).join('.');
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({
      path: path ? `${path}.${key}` : key,
      message: 'unknown key; expected none of this name',
    }));
  }
  return [{ path, message: issue.message }];
}

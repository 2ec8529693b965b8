/** Five hundred reasons are one reason: a queue and a log refuse a message that is too long, and the reasons with it. */
const toldAtMost = 10;
const charactersAtMost = 300;

/** Some groups of the fleet could not be worked on; the others were. */
export class GroupsFailed extends AggregateError {
  override readonly name = 'GroupsFailed';
  readonly groups: readonly string[];

  /** @param what could not be done, after the number of groups */
  constructor(what: string, failures: ReadonlyMap<string, unknown>) {
    const told = [...failures].slice(0, toldAtMost).map(sentence);
    if (failures.size > told.length) told.push(`and ${failures.size - told.length} more`);
    const count = failures.size === 1 ? '1 group' : `${failures.size} groups`;
    super([...failures.values()], `${count} could not be ${what}: ${told.join('; ')}`);
    this.groups = [...failures.keys()];
  }
}

function sentence([group, error]: readonly [string, unknown]): string {
  const text = `${group}: ${(error as Error).message}`;
  return text.length <= charactersAtMost ? text : `${text.slice(0, charactersAtMost)}…`;
}

/**
 * Names in as few lists as hold them, for what AWS limits by its characters.
 *
 * @param room characters of one list
 * @param extra characters that each name takes besides its own
 */
function portions(names: readonly string[], room: number, extra: number): string[][] {
  const all: string[][] = [];
  let left = 0;
  for (const name of names) {
    const length = name.length + extra;
    if (length > left) {
      all.push([]);
      left = room;
    }
    all.at(-1)!.push(name);
    left -= length;
  }
  return all;
}

/** Names and ids in as few lists as event patterns hold: one has 2,048 characters, of which they may take these, each in quotes. */
export function byPattern(names: readonly string[]): string[][] {
  return portions(names, 1600, 3);
}

/**
 * Groups that exist do not carry the fleet's tag, so policies name them: one holds 6,144 characters, of which an ARN takes
 * a hundred besides the name.
 */
export function importedByPolicy(names: readonly string[]): string[][] {
  return portions(names, 5800, 100);
}

/** Managed policies that a role may have. */
export const mostPolicies = 10;

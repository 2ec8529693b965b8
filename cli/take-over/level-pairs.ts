/** One time at which an action sets a level. */
export interface Setting {
  /** Of the action. */
  readonly action: string;
  readonly at: number;
  readonly level: number;
}

/** Between two actions the level is `level`, where before and after it is `below`. */
export interface LevelPair {
  readonly start: string;
  readonly end: string;
  readonly level: number;
  readonly below: number;
}

/**
 * What actions that set an absolute level add up to: pairs that lie on top of each other like a skyline. 2, at 8:00 4, at 11:00 8, at
 * 13:00 4, at 20:00 2: 4 over 2 from 8:00 to 20:00, and 8 over 4 from 11:00 to 13:00 on top of it.
 * @param settings of a stretch of time in which what repeats has done so, in order of time
 * @returns each pair once; what has no partner is in none
 */
export function levelPairs(settings: readonly Setting[]): LevelPair[] {
  const lowest = Math.min(...settings.map(({ level }) => level));
  const ground = settings.findIndex(({ level }) => level === lowest);
  const open: { start: string; level: number; below: number }[] = [];
  const pairs = new Map<string, LevelPair>();
  let current = lowest;
  for (const { action, level } of settings.slice(ground)) {
    if (level > current) open.push({ start: action, level, below: current });
    while (open.length > 0 && open.at(-1)!.level > level) {
      const top = open.pop()!;
      const below = Math.max(top.below, level);
      const pair = { start: top.start, end: action, level: top.level, below };
      pairs.set(JSON.stringify(pair), pair);
      // It goes down by a part only: the rest stays until a later action.
      if (level > top.below) open.push({ start: top.start, level, below: top.below });
    }
    current = level;
  }
  return [...pairs.values()];
}

import { parseCron } from '../../shared/fleet/cron.ts';
import { InvalidCron } from '../../shared/fleet/cron-field.ts';
import type { Moment } from '../../shared/fleet/window.ts';
import { wallTimes } from '../../shared/schedule/wall-times.ts';
import { zoneNamed } from '../../shared/schedule/zone.ts';
import { dayMs } from '../../shared/units.ts';
import { type LevelPair, levelPairs, type Setting } from './level-pairs.ts';
import { freeKey } from './names.ts';
import type { Remark, WindowLines } from './taken-over.ts';
import { firstDifference } from './window-check.ts';

/** A scheduled action as every cloud has it: at a time it sets sizes, and nothing takes them back. */
export interface AbsoluteAction {
  readonly name: string;
  /** For people: `scheduled action lunch-start`. */
  readonly subject: string;
  /** Five cron fields, or a local time like `2026-11-11T00:00`. */
  readonly when: string;
  /** IANA */
  readonly timeZone: string;
  readonly minSize?: number | undefined;
  readonly maxSize?: number | undefined;
  readonly desired?: number | undefined;
  /** Or so many more or fewer than there are. */
  readonly change?: number | undefined;
}

/** What a group has, outside of its actions. */
export interface Sizes {
  readonly minSize: number;
  readonly maxSize: number;
}

export interface Windows extends Sizes {
  readonly schedules: Record<string, WindowLines>;
  readonly remarks: readonly Remark[];
  readonly timeZone: string | undefined;
}

/** A year, and what is left open at its end. */
const stretchMs = 400 * dayMs;
/** An action of every minute sets the same again and again. */
const mostSettings = 20_000;

type Track = 'minSize' | 'maxSize' | 'desired' | 'change';

/**
 * Turns actions that set absolute sizes into windows: one that raises and the one that lowers again become a window with `minSize`, or
 * with `scalingAdjustment` where they set the desired capacity; of the maximum, the time in which it is lower becomes one. What has no
 * partner is said.
 * @param now epoch milliseconds: what is past is no window
 */
export function windowsOf(actions: readonly AbsoluteAction[], sizes: Sizes, now: number): Windows {
  const remarks: Remark[] = [];
  const understood = actions.filter((action) => isUnderstood(action, now, remarks));
  const timeZone = mostFrequent(understood.map((action) => action.timeZone));
  const inZone = understood.filter((action) => {
    if (action.timeZone === timeZone) return true;
    remarks.push(lost(action, `it goes by the clock of ${action.timeZone}, and the others by ${timeZone}`));
    return false;
  });
  const settings = settingsOf(inZone, timeZone ?? 'UTC', now);
  const tracks = new Map<Track, readonly LevelPair[]>();
  for (const track of ['minSize', 'maxSize', 'desired', 'change'] as const)
    tracks.set(track, pairsOf(track, settings, sizes));
  const schedules = linesOf(inZone, tracks);
  sayUnpaired(inZone, tracks, sizes, remarks);
  saySlowReturns(inZone, tracks, remarks);
  const difference = firstDifference(settings, schedules, timeZone ?? 'UTC');
  if (difference) remarks.push(difference);
  return { ...outside(settings, sizes, remarks), schedules, remarks, timeZone };
}

/** A window repeats for as long as it stands in the file. @param end when the action stops repeating, for people */
export function endRemark(subject: string, end: string): Remark {
  return { subject, kind: 'differs', message: `it ends at ${end}: take its window out of the file then` };
}

function isUnderstood(action: AbsoluteAction, now: number, remarks: Remark[]): boolean {
  try {
    const moment = momentOf(action.when);
    if (wallTimes(moment).after(zoneNamed(action.timeZone).wallAt(now)) !== undefined) return true;
    remarks.push(lost(action, `its time, ${action.when}, is past`));
  } catch (error) {
    if (error instanceof InvalidCron)
      remarks.push(lost(action, `"${action.when}" is no time of a window: ${error.message}`));
    else if (error instanceof RangeError)
      remarks.push(lost(action, `there is no time zone ${action.timeZone}`));
    else throw error;
  }
  return false;
}

function momentOf(when: string): Moment {
  return /^\d{4}-/.test(when) ? { localTime: when } : { cron: parseCron(when) };
}

interface Taken extends Omit<Setting, 'level'> {
  readonly sets: AbsoluteAction;
}

function settingsOf(actions: readonly AbsoluteAction[], timeZone: string, now: number): Taken[] {
  const from = zoneNamed(timeZone).wallAt(now);
  const settings = actions.flatMap((sets) => {
    const times = wallTimes(momentOf(sets.when));
    const found: Taken[] = [];
    for (let at = times.after(from); at !== undefined; at = times.after(at)) {
      // What comes once may be years away, and pairs all the same.
      if ((at > from + stretchMs && found.length > 0) || found.length >= mostSettings) break;
      found.push({ action: sets.name, at, sets });
    }
    return found;
  });
  return settings.sort((one, other) => one.at - other.at);
}

function levelsOf(track: Track, settings: readonly Taken[]): Setting[] {
  if (track === 'change') return sumsOf(settings);
  return settings.flatMap(({ action, at, sets }) =>
    sets[track] === undefined ? [] : [{ action, at, level: sets[track] }],
  );
}

/** Changes add up; where they run away, they take back nothing of each other, and there are no pairs. */
function sumsOf(settings: readonly Taken[]): Setting[] {
  let level = 0;
  const changes = settings.flatMap(({ action, at, sets }) => {
    if (sets.change === undefined) return [];
    level += sets.change;
    return [{ action, at, level }];
  });
  const sizes = new Map(settings.map(({ action, sets }) => [action, Math.abs(sets.change ?? 0)]));
  const most = [...sizes.values()].reduce((sum, size) => sum + size, 0);
  return changes.every((each) => Math.abs(each.level) <= most) ? changes : [];
}

/** Of actions that come once only, what was before them is a level, too. */
function pairsOf(track: Track, settings: readonly Taken[], sizes: Sizes): readonly LevelPair[] {
  const levels = levelsOf(track, settings);
  if (levels.length === 0) return [];
  if (track === 'desired' && settings.every(({ sets }) => (sets.desired ?? 0) <= (sets.minSize ?? 0)))
    return [];
  const repeats = new Set(levels.map(({ action }) => action)).size < levels.length;
  const before = { action: '', at: Number.NEGATIVE_INFINITY };
  if (track === 'maxSize') {
    const upsideDown = levels.map((each) => ({ ...each, level: -each.level }));
    return levelPairs(repeats ? upsideDown : [{ ...before, level: -sizes.maxSize }, ...upsideDown]);
  }
  const ground = track === 'minSize' ? sizes.minSize : Math.min(...levels.map(({ level }) => level));
  return levelPairs(repeats ? levels : [{ ...before, level: ground }, ...levels]);
}

/** Pairs of the same two actions are one window. */
function linesOf(
  actions: readonly AbsoluteAction[],
  tracks: ReadonlyMap<Track, readonly LevelPair[]>,
): Record<string, WindowLines> {
  const named = new Map(actions.map((action) => [action.name, action]));
  const windows = new Map<string, { start: AbsoluteAction; lines: WindowLines }>();
  for (const [track, pairs] of tracks) {
    for (const { start: from, end: to, level, below } of pairs) {
      const [start, end] = [named.get(from), named.get(to)];
      if (!start || !end) continue;
      const key = JSON.stringify([from, to]);
      const window = windows.get(key) ?? { start, lines: { start: start.when, end: end.when } };
      windows.set(key, window);
      if (track === 'desired' || track === 'change') window.lines.scalingAdjustment = level - below;
      else window.lines[track] = Math.abs(level);
    }
  }
  const schedules = new Map<string, WindowLines>();
  for (const { start, lines } of windows.values())
    schedules.set(freeKey(start.name, 'window', schedules), lines);
  return Object.fromEntries(schedules);
}

/** The sizes while no window is open. */
function outside(settings: readonly Taken[], sizes: Sizes, remarks: Remark[]): Sizes {
  const levels = (track: Track) => levelsOf(track, settings).map(({ level }) => level);
  const minSize = Math.min(sizes.minSize, ...levels('minSize'));
  const maxSize = Math.max(sizes.maxSize, ...levels('maxSize'));
  const note = (message: string) => remarks.push({ subject: 'sizes', kind: 'note', message });
  if (minSize < sizes.minSize)
    note(`minSize is ${minSize}, the least that a scheduled action sets; it is ${sizes.minSize} right now`);
  if (maxSize > sizes.maxSize)
    note(`maxSize is ${maxSize}, the most that a scheduled action sets; it is ${sizes.maxSize} right now`);
  return { minSize, maxSize };
}

function sayUnpaired(
  actions: readonly AbsoluteAction[],
  tracks: ReadonlyMap<Track, readonly LevelPair[]>,
  sizes: Sizes,
  remarks: Remark[],
): void {
  const paired = new Set([...tracks.values()].flat().flatMap(({ start, end }) => [start, end]));
  for (const action of actions) {
    if (paired.has(action.name)) continue;
    const { minSize, maxSize, desired } = action;
    const isUsual =
      (minSize ?? sizes.minSize) === sizes.minSize && (maxSize ?? sizes.maxSize) === sizes.maxSize;
    if (isUsual && desired === undefined && action.change === undefined)
      remarks.push({
        subject: action.subject,
        kind: 'note',
        message: 'it sets the sizes that the group has anyway',
      });
    else
      remarks.push(
        lost(
          action,
          `at ${action.when} (${action.timeZone}) it sets ${sizesText(action)}, and no other action takes that back: a window needs an end`,
        ),
      );
  }
}

/** A minimum that falls takes no server by itself; the end of a window does, as far as the load allows. */
function saySlowReturns(
  actions: readonly AbsoluteAction[],
  tracks: ReadonlyMap<Track, readonly LevelPair[]>,
  remarks: Remark[],
): void {
  const ends = new Set(tracks.get('minSize')?.map(({ end }) => end));
  for (const { name, subject, desired } of actions) {
    if (!ends.has(name) || desired !== undefined) continue;
    const message =
      'it lowered the minimum, and servers stayed until a policy took them: when the window closes they go, as far as the load allows';
    remarks.push({ subject, kind: 'differs', message });
  }
}

function sizesText({ minSize, maxSize, desired, change }: AbsoluteAction): string {
  const texts = [
    minSize === undefined ? [] : `minSize ${minSize}`,
    maxSize === undefined ? [] : `maxSize ${maxSize}`,
    desired === undefined ? [] : `${desired} servers`,
    change === undefined ? [] : `${change > 0 ? '+' : ''}${change} servers`,
  ];
  return texts.flat().join(', ');
}

function lost({ subject }: AbsoluteAction, message: string): Remark {
  return { subject, kind: 'lost', message };
}

function mostFrequent(values: readonly string[]): string | undefined {
  const counts = new Map<string, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts].sort(([, one], [, other]) => other - one)[0]?.[0];
}

import type { Activity } from '../shared/domain/activity.ts';
import type { Group } from '../shared/fleet/group.ts';
import { minuteMs } from '../shared/units.ts';

/** A change that is taken back so soon was none. */
const soonMs = 60 * minuteMs;
/** A group that takes back no more than this is left alone. */
const undoneADay = 3;

/** Changes by rules or targets that others of them take back. */
export interface Flapping {
  /** Who changes the group, and who takes it back: `cpu`, `cpu-high and cpu-low`. */
  readonly by: string;
  readonly changesPerDay: number;
  /** Of these, how many were taken back within the hour. */
  readonly undonePerDay: number;
  /** What the fleet file should say instead. */
  readonly remedy: string;
}

/**
 * Who changes a group only to take it back, the worst first: more than three times a day.
 * @param activities in the order in which they began
 */
export function flappingOf(
  activities: readonly Activity[],
  days: number,
  group: Pick<Group, 'behavior'>,
): Flapping[] {
  const changes = activities.filter(({ from, to }) => from !== to);
  const undone = new Map<
    string,
    { readonly makers: Set<string>; readonly byTarget: boolean; count: number }
  >();
  for (const [at, change] of changes.entries()) {
    const next = changes[at + 1];
    if (!next || !takesBack(next, change)) continue;
    const makers = [...new Set([change.by!, next.by!])].sort();
    const by = makers.join(' and ');
    const known = undone.get(by) ?? {
      makers: new Set(makers),
      byTarget: change.trigger === 'metric' && next.trigger === 'metric',
      count: 0,
    };
    known.count++;
    undone.set(by, known);
  }
  return [...undone]
    .filter(([, { count }]) => count > undoneADay * days)
    .map(([by, { makers, byTarget, count }]) => ({
      by,
      changesPerDay: changes.filter((change) => makers.has(change.by!)).length / days,
      undonePerDay: count / days,
      remedy: byTarget ? remedyOfTarget(group) : remedyOfRules,
    }))
    .sort((one, other) => other.undonePerDay - one.undonePerDay);
}

const remedyOfRules = 'set their thresholds further apart, or give them more evaluationPeriods';

function remedyOfTarget({ behavior: { scaleDown } }: Pick<Group, 'behavior'>): string {
  return scaleDown.headroom
    ? 'write a longer stabilizationWindowSeconds or a larger tolerance in behavior.scaleDown, and headroom: true with it'
    : 'leave behavior.scaleDown out, or write headroom: true in it';
}

function takesBack(next: Activity, change: Activity): boolean {
  const byLoad = ({ trigger }: Activity) => trigger === 'metric' || trigger === 'alarm';
  const turns = next.to > next.from !== change.to > change.from;
  return byLoad(change) && byLoad(next) && turns && next.startedAt - change.startedAt <= soonMs;
}

/** "changes the group 53.1 times a day, and takes 22.4 of them back within the hour: …" */
export function flappingSentence({ by, changesPerDay, undonePerDay, remedy }: Flapping): string {
  return `${by} would change it ${changesPerDay.toFixed(1)} times a day and take ${undonePerDay.toFixed(1)} of them back within the hour: ${remedy}`;
}

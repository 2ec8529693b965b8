import { acrossFields, type Complain, type Draft } from './across-fields.ts';
import type { CalendarSources } from './calendar.ts';
import type { Calendar } from './calendar-days.ts';
import { deploymentRules } from './deployment-rules.ts';
import { didYouMean } from './did-you-mean.ts';
import { type Fleet, fleetKeys } from './fleet-keys.ts';
import type { Group } from './group.ts';
import { InvalidCalendar } from './invalid-calendar.ts';
import { referencedGroups } from './launch.ts';
import { dayNumber, OpenDays } from './open-days.ts';
import { capabilityRules, type ProviderOf, providerOf } from './provider-kind.ts';
import { groupsExpected, mostGroups } from './survey.ts';
import type { ScheduleWindow } from './window.ts';

export type { Fleet } from './fleet-keys.ts';

/**
 * The whole of a fleet file. Unknown keys are errors; every error names its path and what was expected.
 * @param provider who keeps a group's servers
 */
export function fleetOf(sources: CalendarSources, provider: ProviderOf = providerOf) {
  return acrossFields(fleetKeys(sources), (value, complain) => fleetRules(value, complain, provider));
}

/** A fleet whose calendars are lists of days. */
export const fleet = fleetOf({
  country: () => {
    throw new InvalidCalendar('country', 'expected a list of days');
  },
  ics: () => {
    throw new InvalidCalendar('ics', 'expected a list of days');
  },
});

function fleetRules(value: Draft<Fleet>, complain: Complain, provider: ProviderOf): void {
  const groups = Object.entries(value.groups ?? {});
  if (value.groups && (groups.length < 1 || groups.length > mostGroups)) complain('groups', groupsExpected);
  for (const [name, one] of groups) {
    if (!one) continue;
    const complainOfGroup: Complain = (path, expected) =>
      complain(['groups', name, ...(Array.isArray(path) ? path : [path])], expected);
    leaderRules(value, name, one, complainOfGroup);
    addressRules(value, name, one, complainOfGroup);
    calendarRules(value, one, complainOfGroup);
    capabilityRules(one, provider(one), complainOfGroup);
  }
  adoptionRules(groups, complain);
  deploymentRules(value, complain);
}

type Groups = Draft<Fleet>['groups'];

/** A leader exists, and nobody follows himself round a circle. */
function leaderRules(
  { groups = {} }: Draft<Fleet>,
  name: string,
  one: Draft<Group>,
  complain: Complain,
): void {
  const leader = one.follows?.group;
  if (leader === undefined) return;
  if (!Object.hasOwn(groups, leader)) {
    complain(
      ['follows', 'group'],
      `expected the name of a group of this fleet${maybe(leader, Object.keys(groups))}`,
    );
    return;
  }
  const circle = followsInCircle(groups, name);
  if (circle) complain(['follows', 'group'], `expected a leader outside the circle ${circle.join(' → ')}`);
}

/** What was probably meant, in brackets. */
function maybe(word: string, known: readonly string[]): string {
  const likely = didYouMean(word, known);
  return likely === undefined ? '' : ` (did you mean ${likely}?)`;
}

function followsInCircle(groups: NonNullable<Groups>, start: string): string[] | undefined {
  const path = [start];
  for (let next = groups[start]?.follows?.group; next !== undefined; next = groups[next]?.follows?.group) {
    if (next === start) return [...path, next];
    if (path.includes(next)) return undefined;
    path.push(next);
  }
  return undefined;
}

function addressRules(
  { groups = {} }: Draft<Fleet>,
  name: string,
  one: Draft<Group>,
  complain: Complain,
): void {
  for (const [variable, value] of Object.entries(one.launch?.environment ?? {})) {
    for (const other of referencedGroups({ environment: { [variable]: value ?? '' } })) {
      if (
        other === name ||
        !Object.hasOwn(groups, other) ||
        (groups[other] && !('loadBalancer' in groups[other]))
      )
        complain(
          ['launch', 'environment', variable],
          'expected address-of: another group with a load balancer',
        );
    }
  }
}

function calendarRules({ calendars = {} }: Draft<Fleet>, one: Draft<Group>, complain: Complain): void {
  const areKnown = (list: readonly (string | undefined)[], path: readonly string[]) => {
    for (const [index, entry] of list.entries()) {
      if (entry === undefined || /^\d/.test(entry) || Object.hasOwn(calendars, entry)) continue;
      complain(
        [...path, index],
        `expected a day, a range of days, or a calendar of this fleet${maybe(entry, Object.keys(calendars))}`,
      );
    }
  };
  for (const key of ['objective', 'forecast'] as const) {
    for (const list of ['holidays', 'workdays'] as const) areKnown(one[key]?.[list] ?? [], [key, list]);
  }
  for (const [name, window] of Object.entries(one.schedules ?? {})) {
    for (const list of ['except', 'only'] as const) areKnown(window?.[list] ?? [], ['schedules', name, list]);
    if (window && !hasDay(window, calendars)) {
      const list = window.only?.length ? 'only' : 'except';
      complain(['schedules', name, list], 'expected to leave a day on which it opens');
    }
  }
}

/** Is a day left on which it may open? A calendar may be empty for now, and what is wrong in itself rules nothing out. */
function hasDay(
  { start, only = [], except = [] }: Draft<ScheduleWindow>,
  calendars: Readonly<Record<string, Draft<Calendar> | undefined>>,
): boolean {
  const known = (entry: string | undefined) =>
    entry !== undefined && (/^\d/.test(entry) || calendars[entry]?.days !== undefined);
  const isEmpty = (entry: string | undefined) => calendars[entry ?? '']?.days?.length === 0;
  if (![...only, ...except].every(known) || (only.length > 0 && only.every(isEmpty))) return true;
  const days = new OpenDays({ only, except } as ScheduleWindow, calendars as Fleet['calendars']);
  return start && 'localTime' in start && start.localTime
    ? days.includes(dayNumber(start.localTime.slice(0, 10)))
    : days.onOrAfter(Number.NEGATIVE_INFINITY) !== undefined;
}

/** No server is adopted by two groups. */
function adoptionRules(groups: [string, Draft<Group> | undefined][], complain: Complain): void {
  const owners = new Map<string, string>();
  for (const [name, one] of groups) {
    for (const [index, id] of (one?.instances ?? []).entries()) {
      if (id === undefined) continue;
      const owner = owners.get(id) ?? name;
      if (owner !== name)
        complain(['groups', name, 'instances', index], `expected a server that is not adopted by ${owner}`);
      owners.set(id, owner);
    }
  }
}

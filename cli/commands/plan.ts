import { type Command, InvalidArgumentError, Option } from 'commander';
import type { Instant } from '../../shared/domain/observation.ts';
import type { Fleet } from '../../shared/fleet/fleet.ts';
import { day as dayFormat } from '../../shared/fleet/scalars.ts';
import { windowWarnings } from '../../shared/schedule/window-warnings.ts';
import { zoneNamed } from '../../shared/schedule/zone.ts';
import { dayMs } from '../../shared/units.ts';
import { type FleetOptions, takesFleet } from '../fleet-text.ts';
import { loadFleet, requireGroup } from '../load-fleet.ts';
import { type PlannedDay, type PlannedWindow, planDays } from '../plan-days.ts';
import { type OutputOptions, print, printData, table, withJsonOption } from '../print.ts';
import { styled } from '../terminal.ts';

const help = `
Shows every window of the coming days in the fleet's time zone, with holidays and the days on which the clocks change:
a window whose start or end the clocks jump over opens or closes when they do.
What alarms, targets and people will do, nobody knows beforehand: see rushhour simulate.

  $ rushhour plan --days 3
  $ rushhour plan business --from 2026-10-01 --days 7 --json`;

interface PlanOptions extends FleetOptions, OutputOptions {
  readonly days: number;
  readonly from?: string;
}

export function define(command: Command): void {
  withJsonOption(takesFleet(command))
    .argument('[group]', 'only this group')
    .addOption(new Option('--days <number>', 'how many days').default(14).argParser(readDays))
    .addOption(
      new Option('--from <day>', 'the first day, like 2026-10-01; default: today').argParser(readDay),
    )
    .addHelpText('after', help)
    .action(plan);
}

function readDays(text: string): number {
  const days = Number(text);
  if (!Number.isInteger(days) || days < 1 || days > 400) throw new InvalidArgumentError('Expected 1 to 400.');
  return days;
}

function readDay(text: string): string {
  if (!dayFormat.safeParse(text).success) throw new InvalidArgumentError('Expected a day like 2026-10-01.');
  return text;
}

function plan(group: string | undefined, options: PlanOptions): void {
  const fleet = loadFleet(options);
  if (group !== undefined) requireGroup(fleet, group);
  const groups = group === undefined ? Object.keys(fleet.groups) : [group];
  const from = options.from ? zoneNamed(fleet.timeZone).instantFrom(Date.parse(options.from)) : Date.now();
  const days = planDays(fleet, groups, from, options.days);
  if (options.json) printData(planJson(fleet, days), options);
  else printDays(fleet, groups, from, days);
}

function printDays(
  fleet: Fleet,
  groups: readonly string[],
  from: Instant,
  days: readonly PlannedDay[],
): void {
  print(`${fleet.name}, ${fleet.timeZone}\n`);
  for (const [name, { knownUntil }] of Object.entries(fleet.calendars)) {
    if (knownUntil !== undefined && days.some(({ day }) => day > knownUntil))
      print(styled('yellow', `! ${name} is known until ${knownUntil}: what comes after is not announced`));
  }
  for (const { path, message } of windowWarnings(fleet, from)) {
    if (groups.some((group) => path.startsWith(`groups.${group}.`)))
      print(styled('yellow', `! ${path}: ${message}`));
  }
  for (const day of days) {
    print(heading(day));
    const rows = day.windows.map((window) => row(fleet, day, window));
    if (rows.length > 0) print(table(rows));
  }
}

function planJson({ name, timeZone }: Fleet, days: readonly PlannedDay[]): object {
  const iso = (instant: number) => new Date(instant).toISOString();
  return {
    fleet: name,
    timeZone,
    days: days.map((day) => ({
      ...day,
      windows: day.windows.map((window) => ({ ...window, start: iso(window.start), end: iso(window.end) })),
    })),
  };
}

function heading({ day, clockChangeMinutes, calendars, windows }: PlannedDay): string {
  const weekday = new Date(day).toLocaleDateString('en-GB', { weekday: 'short', timeZone: 'UTC' });
  const notes = calendars.map(({ calendar, name }) => (name ? `${calendar}: ${name}` : calendar));
  if (clockChangeMinutes !== 0)
    notes.push(
      `clocks go ${clockChangeMinutes > 0 ? 'forward' : 'back'} by ${Math.abs(clockChangeMinutes)} minutes`,
    );
  if (windows.length === 0) notes.push('no window');
  return `${styled('bold', `${weekday} ${day}`)}${notes.length > 0 ? `  ${styled('yellow', notes.join(', '))}` : ''}`;
}

function row(
  { timeZone }: Fleet,
  { day }: PlannedDay,
  { group, window, start, end, effect }: PlannedWindow,
): string[] {
  return [`  ${time(timeZone, day, start)} – ${time(timeZone, day, end)}`, group, window, effect];
}

/** The time of day, with the date if it is another day. */
function time(timeZone: string, day: string, instant: number): string {
  const wall = new Date(zoneNamed(timeZone).wallAt(instant)).toISOString();
  const clock = wall.slice(11, 16);
  if (wall.startsWith(day)) return clock;
  return Date.parse(wall) - Date.parse(day) === dayMs ? '24:00' : `${wall.slice(5, 10)} ${clock}`;
}

import { createRequire } from 'node:module';
import type HolidaysOf from 'date-holidays';
import { dayMs } from '../units.ts';
import type { CountryDays } from './calendar.ts';
import type { Calendar, CalendarDays } from './calendar-days.ts';
import { InvalidCalendar } from './invalid-calendar.ts';
import { laidYears } from './laid-years.ts';

/** Both libraries are large, and most fleet files name no country. */
const require = createRequire(import.meta.url);

const laidOut = new Map<string, Calendar>();

/**
 * The days of a country, of the laid years. China's are those that its State Council has announced, weekend days that are worked
 * known as such; elsewhere they follow from rules, and half days are none.
 * @throws InvalidCalendar when nobody knows that country or region
 */
export function countryCalendar(source: CountryDays): Calendar {
  const key = JSON.stringify(source);
  const known = laidOut.get(key) ?? (source.country === 'CN' ? chinese(source) : ruled(source));
  laidOut.set(key, known);
  return known;
}

interface Announced {
  /** By day; the name in English, in Chinese, and how many days it is. */
  readonly holidays: Readonly<Record<string, string>>;
  /** Saturdays and Sundays that are worked. */
  readonly workdays: Readonly<Record<string, string>>;
}

/** @see https://github.com/vsme/chinese-days, which follows the notices on www.gov.cn */
function chinese({ region, days }: CountryDays): Calendar {
  if (region !== undefined)
    throw new InvalidCalendar('region', 'expected none: China has the same holidays everywhere');
  const { holidays, workdays } = require('chinese-days/dist/chinese-days.json') as Announced;
  const years = Object.keys(holidays).flatMap((day) => (day.endsWith('-10-01') ? [day.slice(0, 4)] : []));
  const is: Record<CountryDays['days'], (day: string, weekend: boolean) => string | boolean> = {
    holidays: (day) => nameOf(holidays[day]),
    workdays: (day, weekend) => makeUpName(workdays[day]) || (!weekend && !(day in holidays)),
    restDays: (day, weekend) => nameOf(holidays[day]) || (weekend && !(day in workdays)),
    makeUpWorkdays: (day) => makeUpName(workdays[day]),
  };
  return { days: runs(is[days]), knownUntil: `${years.sort().at(-1)}-12-31` };
}

function nameOf(entry: string | undefined): string {
  return entry?.split(',')[0] ?? '';
}

function makeUpName(entry: string | undefined): string {
  return entry === undefined ? '' : `worked for ${nameOf(entry)}`;
}

/** @param is the name of a day that is meant, true for one without a name, otherwise false or nothing */
function runs(is: (day: string, weekend: boolean) => string | boolean): CalendarDays[] {
  const found: { from: string; to: string; name?: string }[] = [];
  let before: string | boolean = false;
  const end = Date.UTC(laidYears.to + 1, 0);
  for (let at = Date.UTC(laidYears.from, 0); at < end; at += dayMs) {
    const day = isoDay(at);
    const meant = is(day, new Date(at).getUTCDay() % 6 === 0);
    if (meant && meant === before) found.at(-1)!.to = day;
    else if (meant) found.push({ from: day, to: day, ...(typeof meant === 'string' && { name: meant }) });
    before = meant;
  }
  return found;
}

function ruled({ country, region, days }: CountryDays): Calendar {
  const Holidays = require('date-holidays') as typeof HolidaysOf;
  if (days !== 'holidays')
    throw new InvalidCalendar(
      'days',
      'expected holidays: which weekend days are worked is known of CN alone',
    );
  if (!(country in new Holidays().getCountries()))
    throw new InvalidCalendar(
      'country',
      'expected a country whose holidays date-holidays knows, like KR or DE',
    );
  const [state, part] = regionOf(Holidays, country, region);
  const calendar = new Holidays({ country, ...(state && { state }), ...(part && { region: part }) });
  const found = [];
  for (let year = laidYears.from; year <= laidYears.to; year++)
    found.push(...calendar.getHolidays(year, 'en').filter(({ type }) => type === 'public'));
  const wholeDays = found.filter(({ date }) => date.slice(11, 16) === '00:00');
  const laid = wholeDays.map(({ date, start, end, name }): CalendarDays => {
    const count = Math.max(1, Math.round((end.getTime() - start.getTime()) / dayMs));
    const from = date.slice(0, 10);
    return { from, to: isoDay(Date.parse(from) + (count - 1) * dayMs), name };
  });
  return {
    days: laid.sort((one, other) => one.from.localeCompare(other.from)),
    knownUntil: `${laidYears.to}-12-31`,
  };
}

/** A state, and a region of it: `BY`, `BY-A`. */
function regionOf(Holidays: typeof HolidaysOf, country: string, region: string | undefined): string[] {
  if (region === undefined) return [];
  const [state = '', part] = region.split('-');
  const lists = new Holidays();
  const states = lists.getStates(country) ?? {};
  const parts = state in states ? (lists.getRegions(country, state) ?? {}) : {};
  if (state in states && (part === undefined || part in parts))
    return part === undefined ? [state] : [state, part];
  const known =
    part === undefined ? Object.keys(states) : Object.keys(parts).map((each) => `${state}-${each}`);
  throw new InvalidCalendar(
    'region',
    known.length === 0 ? 'expected none: no part of it is known' : `expected one of ${known.join(', ')}`,
  );
}

function isoDay(at: number): string {
  return new Date(at).toISOString().slice(0, 10);
}

import type { CronFields } from '../fleet/cron.ts';

/** From Sunday. */
export const weekdayNames = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'];

/** A cron as five fields, in the shortest words: `0 11 * * MON-FRI`. */
export function cronText(cron: CronFields): string {
  const { minutes, hours, daysOfMonth, months, daysOfWeek } = fieldTexts(cron);
  return [minutes, hours, daysOfMonth, months, daysOfWeek].join(' ');
}

/** Each field by itself, weekdays by name: `0,15,30,45`, `9-17`, `15W`, `MON-FRI`, `FRI#2`. */
export function fieldTexts(cron: CronFields): Readonly<Record<keyof CronFields, string>> {
  return {
    minutes: listText(cron.minutes, 60),
    hours: listText(cron.hours, 24),
    daysOfMonth: dayOfMonthText(cron.daysOfMonth),
    months: listText(cron.months, 12),
    daysOfWeek: dayOfWeekText(cron.daysOfWeek),
  };
}

function dayOfMonthText(days: CronFields['daysOfMonth']): string {
  if (days === 'last') return 'L';
  return 'nearestTo' in days ? `${days.nearestTo}W` : listText(days, 31);
}

function dayOfWeekText(days: CronFields['daysOfWeek']): string {
  if (!('weekday' in days)) return listText(days, 7, weekdayNames);
  return `${weekdayNames[days.weekday]}${days.week === 'last' ? 'L' : `#${days.week}`}`;
}

/**
 * A field's values as `*`, or as numbers and ranges: `0,15,30,45`, `9-17`, `MON-FRI`.
 * @param all how many values there could be
 */
function listText(values: readonly number[], all: number, names?: readonly string[]): string {
  if (values.length === all) return '*';
  const text = (value: number) => names?.[value] ?? String(value);
  const parts: string[] = [];
  for (let from = 0; from < values.length; from++) {
    let to = from;
    while (values[to + 1] === values[to]! + 1) to++;
    if (to - from >= 2) parts.push(`${text(values[from]!)}-${text(values[to]!)}`);
    else parts.push(...values.slice(from, to + 1).map(text));
    from = to;
  }
  return parts.join(',');
}

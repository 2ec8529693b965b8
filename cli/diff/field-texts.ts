import type { CronFields } from '../../shared/fleet/cron.ts';
import { cronText } from '../../shared/schedule/cron-text.ts';

const durations = new Set(['duration', 'cooldown', 'activityTimeout']);

/** A part of the fleet file, key by key, each value in words; what is not there is left out. */
export function fieldTexts(value: object, path = ''): Record<string, string> {
  const fields: Record<string, string> = {};
  for (const [key, inner] of Object.entries(value)) {
    const name = path === '' ? key : `${path}.${key}`;
    if (isMapping(inner) && !('cron' in inner) && !('localTime' in inner))
      Object.assign(fields, fieldTexts(inner, name));
    else if (inner !== undefined && !isEmpty(inner)) fields[name] = valueText(key, inner);
  }
  return fields;
}

function isMapping(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isEmpty(value: unknown): boolean {
  return Array.isArray(value) && value.length === 0;
}

/** A moment as it was written, a duration as people say it, a list with commas. */
export function valueText(key: string, value: unknown): string {
  if (Array.isArray(value)) return value.map((each) => valueText(key, each)).join(', ');
  if (isMapping(value))
    return momentText(value) ?? `{ ${Object.entries(fieldTexts(value)).map(pairText).join(', ')} }`;
  if (typeof value === 'number' && durations.has(key)) return durationText(value);
  return typeof value === 'number' && key === 'unserved'
    ? `${+(value * 100).toPrecision(12)}%`
    : String(value);
}

function pairText([key, value]: [string, string]): string {
  return `${key}: ${value}`;
}

function momentText(value: { cron?: CronFields; localTime?: string }): string | undefined {
  return value.cron ? cronText(value.cron) : value.localTime;
}

/** @param seconds `5400` is `90m` */
function durationText(seconds: number): string {
  const units: [string, number][] = [
    ['d', 86_400],
    ['h', 3_600],
    ['m', 60],
  ];
  const fits = units.find(([, length]) => seconds % length === 0);
  return fits ? `${seconds / fits[1]}${fits[0]}` : `${seconds}s`;
}

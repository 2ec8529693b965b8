import { didYouMean } from './did-you-mean.ts';

/** Abbreviations and cities that the database has not, by what is mostly meant. */
const meant: Readonly<Record<string, string>> = {
  cst: 'Asia/Shanghai or America/Chicago',
  ist: 'Asia/Kolkata or Europe/Dublin',
  bst: 'Europe/London',
  est: 'America/New_York',
  edt: 'America/New_York',
  et: 'America/New_York',
  mst: 'America/Denver',
  pst: 'America/Los_Angeles',
  pdt: 'America/Los_Angeles',
  pt: 'America/Los_Angeles',
  est5edt: 'America/New_York',
  cst6cdt: 'America/Chicago',
  mst7mdt: 'America/Denver',
  pst8pdt: 'America/Los_Angeles',
  cet: 'Europe/Berlin or Europe/Paris',
  cest: 'Europe/Berlin or Europe/Paris',
  met: 'Europe/Berlin',
  eet: 'Europe/Helsinki',
  wet: 'Europe/Lisbon',
  jst: 'Asia/Tokyo',
  kst: 'Asia/Seoul',
  gmt: 'UTC or Europe/London',
  z: 'UTC',
  zulu: 'UTC',
  prc: 'Asia/Shanghai',
  china: 'Asia/Shanghai',
  beijing: 'Asia/Shanghai',
  peking: 'Asia/Shanghai',
  shenzhen: 'Asia/Shanghai',
  guangzhou: 'Asia/Shanghai',
  hangzhou: 'Asia/Shanghai',
  mumbai: 'Asia/Kolkata',
  delhi: 'Asia/Kolkata',
  bangalore: 'Asia/Kolkata',
  munich: 'Europe/Berlin',
  hamburg: 'Europe/Berlin',
  frankfurt: 'Europe/Berlin',
  seattle: 'America/Los_Angeles',
  'san francisco': 'America/Los_Angeles',
  boston: 'America/New_York',
  washington: 'America/New_York',
};

const hint = 'expected a time zone of the IANA database, Region/City like Asia/Shanghai, or UTC';
const judged = new Map<string, string | undefined>();

/**
 * Abbreviations are left out although machines take them: CST is Chicago to them, and Beijing to half of the people who write
 * it; and EST knows no summer. JavaScript does not mind the case of a name, EventBridge Scheduler does.
 * @see https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html
 * @returns what was expected instead; undefined: it is a zone, spelt as the database has it
 */
export function zoneProblem(name: string): string | undefined {
  if (!judged.has(name)) judged.set(name, isSpelt(name) ? undefined : problemOf(name));
  return judged.get(name);
}

function isSpelt(name: string): boolean {
  if (name === 'UTC') return true;
  const regionCity = /^[A-Z][A-Za-z]+(\/[A-Z][A-Za-z]*[a-z][A-Za-z_-]*)+$/;
  if (!regionCity.test(name) && !/^Etc\/(UTC|GMT([+-]\d+)?)$/.test(name)) return false;
  const resolved = resolvedName(name);
  // A name of old resolves to today's; one that differs by case only is not as the database has it.
  return resolved !== undefined && (resolved === name || resolved.toLowerCase() !== name.toLowerCase());
}

function resolvedName(name: string): string | undefined {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone;
  } catch {
    return undefined;
  }
}

function problemOf(name: string): string {
  if (/^(GMT|UTC)?[+-]\d/i.test(name)) return `${hint}: an offset knows no daylight saving`;
  const lower = name.toLowerCase();
  const zones = Intl.supportedValuesOf('timeZone');
  const city = zones.find((zone) => zone.toLowerCase().split('/').at(-1)!.replaceAll('_', ' ') === lower);
  const resolved = name.includes('/') ? resolvedName(name) : undefined;
  const likely = lower === 'utc' ? 'UTC' : (meant[lower] ?? city ?? resolved ?? didYouMean(name, zones));
  return likely === undefined ? hint : `${hint} (did you mean ${likely}?)`;
}

import { calendarWarnings } from '../../shared/schedule/calendar-warnings.ts';
import type { FleetInCloud } from '../cloud.ts';
import { type Finding, fine, warning } from './finding.ts';

const check = 'calendars';

/** The calendars that windows go by, and how far they reach. */
export async function checkCalendars({ scaler: { fleet, ports } }: FleetInCloud): Promise<Finding[]> {
  const names = Object.keys(fleet.calendars);
  if (names.length === 0) return [];
  const warnings = calendarWarnings(fleet, ports.clock.now());
  if (warnings.length === 0) return [fine(check, `${names.join(', ')}: known for 60 days and more`)];
  return warnings.map(({ path, message, advice }) => warning(check, `${path} ${message}`, advice));
}

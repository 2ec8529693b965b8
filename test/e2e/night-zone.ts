/**
 * A time zone in which it is between two and three at night. What runs in real time against a fleet with windows in the
 * day plays there, so that no window opens or closes in the middle of a test, whenever it runs.
 *
 * @returns an IANA name, `Etc/GMT+5`, in whose sign west is positive
 */
export function nightZone(now: Date = new Date()): string {
  const eastHours = ((2 - now.getUTCHours() + 36) % 24) - 12;
  return `Etc/GMT${eastHours > 0 ? '-' : '+'}${Math.abs(eastHours)}`;
}

import type { Fleet } from '../shared/fleet/fleet.ts';
import { readFleet } from '../shared/fleet/read-fleet.ts';
import { exitCodes, Failure } from './failure.ts';
import { type FleetOptions, fleetText, fleetTitle } from './fleet-text.ts';

/**
 * @param withFiles looks at the files that it names, too, as only a deploy needs them
 * @throws InvalidFleet, Failure when there is no such file
 */
export function loadFleet({ fleet: file }: FleetOptions, { withFiles = false } = {}): Fleet {
  return readFleet(fleetText(file), fleetTitle(file), { withScripts: withFiles });
}

/** @throws Failure when the fleet has no such group */
export function requireGroup(fleet: Fleet, group: string): void {
  if (Object.hasOwn(fleet.groups, group)) return;
  const names = Object.keys(fleet.groups);
  throw new Failure(`The fleet ${fleet.name} has no group ${group}.`, {
    advice: `It has ${names.slice(0, 20).join(', ')}${names.length > 20 ? ', …' : ''}.`,
    exitCode: exitCodes.misused,
  });
}

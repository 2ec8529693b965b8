import { readFileSync } from 'node:fs';
import { createScaler } from '../../shared/engine/scaler.ts';
import { readFleet } from '../../shared/fleet/read-fleet.ts';
import { makeClients } from '../../shared/providers/aws/clients.ts';
import { awsPorts, operatorSettings } from '../../shared/providers/aws/ports.ts';
import { kindsOf, prometheusOf } from '../../shared/providers/kinds-of.ts';
import { looksThrough } from './looks.ts';

/**
 * What there is to look at in a group of a fleet file, of whatever provider, with the operator's own credentials of AWS and those
 * of the file.
 * @param now the cloud's time
 * @throws InvalidFleet; Error for a group that the file does not have, or that is not there
 */
export async function looksInFleet(file: string, name: string, now: number) {
  const fleet = readFleet(readFileSync(file, 'utf8'), file);
  const clients = makeClients({ maxAttempts: 3 });
  const clock = { now: () => now };
  const kinds = kindsOf(fleet, clients, clock);
  const ports = awsPorts(clients, operatorSettings(fleet), kinds, prometheusOf(fleet, clients, clock));
  const group = createScaler(fleet, { ...ports, clock }).groups.get(name);
  if (!group) throw new Error(`${file} has no group ${name}: it has ${Object.keys(fleet.groups).join(', ')}`);
  return looksThrough(ports, group, now);
}

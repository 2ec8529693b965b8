import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { InvalidFleet } from '../shared/fleet/invalid-fleet.ts';
import { visible } from '../shared/fleet/printable.ts';
import { readFleet } from '../shared/fleet/read-fleet.ts';
import { fleetApp } from './fleet-app.ts';
import { InvalidScript } from './user-data.ts';

/** `npx cdk …`: FLEET names another file than `fleet.yaml`. */
const file = process.env['FLEET'] ?? 'fleet.yaml';
/** The local cloud plays other days than today. */
const playedAt = process.env['SYNTHESIZED_AT'];

try {
  const fleetDirectory = dirname(resolve(file));
  const fleet = readFleet(readFileSync(file, 'utf8'), file, {
    folder: fleetDirectory,
    withScripts: true,
  });
  fleetApp(fleet, {
    fleetDirectory,
    now: playedAt === undefined ? Date.now() : Date.parse(playedAt),
  }).synth();
} catch (error) {
  if (!(error instanceof InvalidFleet || error instanceof InvalidScript)) throw error;
  console.error(visible(error.message));
  process.exitCode = 1;
}

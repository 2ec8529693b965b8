import { App } from 'aws-cdk-lib';
import { InvalidFleet } from '../shared/fleet/invalid-fleet.ts';
import { visible } from '../shared/fleet/printable.ts';
import { plainApp, writePlain } from './plain-templates.ts';
import { RushhourFleet } from './rushhour-fleet.ts';
import { InvalidScript } from './user-data.ts';

/**
 * What the local cloud deploys: FLEET names the fleet file, SYNTHESIZED_AT the instant at which the cloud's clock stands. With
 * ASSETS_BUCKET and ASSETS_PREFIX, templates that need no bootstrap, into the folder PLAIN_OUT.
 */
const { ASSETS_BUCKET: bucket, ASSETS_PREFIX: prefix = '', PLAIN_OUT: plainOut } = process.env;

try {
  const app = new App(bucket === undefined ? {} : plainApp({ bucket, prefix }));
  new RushhourFleet(app, 'Fleet', {
    fleet: process.env['FLEET'] ?? 'fleet.yaml',
    now: new Date(process.env['SYNTHESIZED_AT'] ?? Date.now()),
  });
  const assembly = app.synth();
  if (bucket !== undefined && plainOut !== undefined) writePlain(assembly, { bucket, prefix }, plainOut);
} catch (error) {
  if (!(error instanceof InvalidFleet || error instanceof InvalidScript)) throw error;
  console.error(visible(error.message));
  process.exitCode = 1;
}

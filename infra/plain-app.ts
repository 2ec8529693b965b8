import { App } from 'aws-cdk-lib';
import { InvalidFleet } from '../shared/fleet/invalid-fleet.ts';
import { visible } from '../shared/fleet/printable.ts';
import { RushhourFleet } from './rushhour-fleet.ts';
import { InvalidScript } from './user-data.ts';

/** What the local cloud deploys: FLEET names the fleet file, SYNTHESIZED_AT the instant at which the cloud's clock stands. */
try {
  const app = new App();
  new RushhourFleet(app, 'Fleet', {
    fleet: process.env['FLEET'] ?? 'fleet.yaml',
    now: new Date(process.env['SYNTHESIZED_AT'] ?? Date.now()),
  });
  app.synth();
} catch (error) {
  if (!(error instanceof InvalidFleet || error instanceof InvalidScript)) throw error;
  console.error(visible(error.message));
  process.exitCode = 1;
}

/** What `import … from 'rushhour'` gives. */
export type { Fleet, FleetInput } from '../shared/fleet/schema.ts';
export { InvalidFleet } from '../shared/fleet/schema.ts';
export { version } from '../shared/version.ts';
export { RushhourFleet, type RushhourFleetProps } from './rushhour-fleet.ts';
export { InvalidScript } from './user-data.ts';

import type { z } from 'zod';
import type { fleet } from './fleet.ts';

/** What `import … from 'rushhour/schema'` gives: the schema of a fleet file, and its types. */
export { type Fleet, fleet } from './fleet.ts';
export type { FleetWarning } from './fleet-warning.ts';
export { type FleetProblem, InvalidFleet } from './invalid-fleet.ts';
export { jsonSchema } from './json-schema.ts';
export { readFleet } from './read-fleet.ts';
export { warnings } from './warnings.ts';

/** A fleet as it is written, with all that has a default left away or not. */
export type FleetInput = z.input<typeof fleet>;

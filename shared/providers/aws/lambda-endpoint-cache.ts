/**
 * Stands in for the SDK's own cache when the functions are bundled (see `infra/bundling.ts`): DynamoDB's client makes one
 * for endpoint discovery, and none of its commands looks into it.
 */
export class EndpointCache {}

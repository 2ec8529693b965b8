import { type CloudContext, cloudFormationCall } from './cloud-context.ts';
import type { Operation } from './service.ts';

/** Runs one of a service's own operations, as CloudFormation does to make, change and delete resources. */
// biome-ignore lint/suspicious/noExplicitAny: every operation has its own output; the resource type knows which.
export type Run = (operation: string, input: unknown) => Promise<any>;

export function resourceRunner(cloud: CloudContext, operations: Readonly<Record<string, Operation>>): Run {
  return async (operation, input) => operations[operation]!(input, cloudFormationCall(cloud));
}

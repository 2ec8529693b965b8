import { CfnOutput, CfnResource, ReferenceStrength, Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';

/** A stack that holds one part of a fleet and nothing else. */
export class OwnStack extends Stack {}

/** An output; in a stack of our own its key is exactly this, in somebody else's CDK puts the construct's path before it. */
export function output(scope: Construct, key: string, value: string, description?: string): void {
  const made = new CfnOutput(scope, key, { value, ...(description !== undefined && { description }) });
  if (Stack.of(scope) instanceof OwnStack) made.overrideLogicalId(key);
}

/**
 * For parts in stacks of their own: whatever another part may import is exported, whether or not one does. This stack is deployed before
 * its readers, and an export that went with its last reader would still be in use. They are read by these exports whatever the app's flags
 * say: what is exported must not depend on them.
 */
export function exportAll(scope: Construct, values: readonly string[]): void {
  const stack = Stack.of(scope);
  if (!(stack instanceof OwnStack)) return;
  for (const resource of stack.node.findAll().filter(CfnResource.isCfnResource))
    resource.applyCrossStackReferenceStrength(ReferenceStrength.STRONG);
  for (const value of values) stack.exportValue(value);
}

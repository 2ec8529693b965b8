import { z } from 'zod';
import type { ResourceContext } from './service.ts';

/** `Tags` as most CloudFormation types take them. */
export const tagList = z.array(z.strictObject({ Key: z.string(), Value: z.string() }));

/** A resource's tags: the stack's, and its own above them. */
export function tagsOf(properties: object, context: ResourceContext): { Key: string; Value: string }[] {
  const tags: Record<string, string> = { ...context.tags };
  for (const { Key, Value } of (properties as { Tags?: z.output<typeof tagList> }).Tags ?? [])
    tags[Key] = Value;
  return Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
}

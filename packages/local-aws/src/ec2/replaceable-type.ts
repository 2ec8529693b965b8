import type { Tag } from '@aws-sdk/client-ec2';
import type { z } from 'zod';
import type { Resource, ResourceContext, ResourceType } from '../service.ts';
import { tagsOf } from '../template-tags.ts';
import type { Collection } from './collection.ts';

/** What is particular to a type whose resources are replaced when anything but their tags changes. */
interface Definition<P, T> {
  readonly type: string;
  readonly properties: z.ZodType<P>;
  readonly collection: Collection<T & { Tags?: Tag[] | undefined }>;
  make(properties: P, context: ResourceContext): T & { Tags?: Tag[] | undefined };
  /** By default the id, without attributes. */
  describe?(item: T): Resource;
  remove?(item: T): void;
}

/** A CloudFormation type over a collection. The id of an item is the physical id unless `describe` says otherwise. */
export function replaceableType<P extends object, T extends object>(
  definition: Definition<P, T>,
): ResourceType<P> {
  const { collection } = definition;
  const idOf = (item: T) => (item as Record<string, unknown>)[collection.kind.idKey] as string;
  const describe = definition.describe ?? ((item: T) => ({ physicalId: idOf(item), attributes: {} }));
  const find = (physicalId: string) =>
    collection.all().find((item) => describe(item).physicalId === physicalId);
  const create = (properties: P, context: ResourceContext): Resource => {
    const item = definition.make(properties, context);
    item.Tags = tagsOf(properties, context);
    return describe(item);
  };
  return {
    type: definition.type,
    properties: definition.properties,
    create,
    update(physicalId, next, previous, context) {
      const item = find(physicalId);
      if (!item || !sameButTags(next, previous)) return create(next, context);
      item.Tags = tagsOf(next, context);
      return describe(item);
    },
    delete(physicalId) {
      const item = find(physicalId);
      if (!item) return;
      definition.remove?.(item);
      collection.remove(idOf(item));
    },
  };
}

function sameButTags(next: object, previous: object): boolean {
  return JSON.stringify({ ...next, Tags: undefined }) === JSON.stringify({ ...previous, Tags: undefined });
}

import { isDeepStrictEqual } from 'node:util';
import type { Resource } from '../service.ts';
import { dependencies } from './dependencies.ts';
import { evaluate, type Scope } from './intrinsics.ts';
import { nestedStackType, type Stack, type StackResource, type Target } from './stack.ts';
import { included, type Surroundings, scopeOf } from './surroundings.ts';

/** What a change set says of one resource, in the API's own words. */
export interface Change {
  readonly Type: 'Resource';
  readonly ResourceChange: {
    readonly Action: 'Add' | 'Modify' | 'Remove';
    readonly LogicalResourceId: string;
    readonly PhysicalResourceId?: string;
    readonly ResourceType: string;
    readonly Replacement?: 'True' | 'False';
    readonly Scope?: readonly string[];
    readonly Details?: readonly unknown[];
  };
}

const knownAfterApply = '{{changeSet:KNOWN_AFTER_APPLY}}';

/** A resource that is not there yet: whatever is asked of it will be known once it is. */
const future: Resource = {
  physicalId: knownAfterApply,
  attributes: new Proxy({}, { get: () => knownAfterApply }),
};

/** A nested stack may have an output more once it is updated. */
function asItWillBe(resource: Resource & { readonly type: string }): Resource {
  if (resource.type !== nestedStackType) return resource;
  const get = (known: Readonly<Record<string, string>>, name: string) => known[name] ?? knownAfterApply;
  return { ...resource, attributes: new Proxy(resource.attributes, { get }) };
}

/** What would happen to each resource of a stack if the target became true. */
export function previewChanges(stack: Stack, target: Target, surroundings: Surroundings): Change[] {
  const scope: Scope = {
    ...scopeOf(stack, target, surroundings),
    resource: (id) => {
      const existing = stack.resources.get(id);
      return existing ? asItWillBe(existing) : future;
    },
  };
  const kept = included(target.template.Resources, scope);
  dependencies(target.template, kept);
  const retagged = stack.target !== undefined && !isDeepStrictEqual(stack.target.tags, target.tags);
  const changes: Change[] = [];
  for (const id of kept) {
    const change = changeOf(id, stack.resources.get(id), scope, retagged);
    if (change) changes.push(change);
  }
  for (const resource of stack.resources.values()) {
    if (!kept.has(resource.logicalId)) changes.push(described('Remove', resource));
  }
  return changes;
}

/** Whether the target differs from what the stack is, be it in nothing but its outputs. */
export function isChanged(stack: Stack, target: Target, changes: readonly Change[]): boolean {
  const now = stack.target;
  if (!now || changes.length > 0) return true;
  return !isDeepStrictEqual(
    [now.template.Outputs, now.parameters.resolved, now.tags],
    [target.template.Outputs, target.parameters.resolved, target.tags],
  );
}

function changeOf(
  id: string,
  existing: StackResource | undefined,
  scope: Scope,
  retagged: boolean,
): Change | undefined {
  const template = scope.template.Resources[id]!;
  const properties = evaluate(template.Properties, scope) as Record<string, unknown>;
  if (!existing) return described('Add', { logicalId: id, type: template.Type });
  if (existing.type !== template.Type) return described('Modify', existing, { Replacement: 'True' });
  const all = new Set([...Object.keys(existing.properties), ...Object.keys(properties)]);
  const differing = [...all].filter(
    (name) => !isDeepStrictEqual(existing.properties[name], properties[name]),
  );
  const aspects = [
    ...(differing.length > 0 ? ['Properties'] : []),
    ...(isDeepStrictEqual(existing.metadata, template.Metadata) ? [] : ['Metadata']),
    ...(retagged ? ['Tags'] : []),
  ];
  if (aspects.length === 0) return undefined;
  // What can be told beforehand: a resource is replaced when the property that it is named by changes.
  const names = (name: string) => existing.properties[name] === existing.physicalId;
  return described('Modify', existing, {
    Replacement: differing.some(names) ? 'True' : 'False',
    Scope: aspects,
    Details: differing.map((name) => ({
      Target: {
        Attribute: 'Properties',
        Name: name,
        RequiresRecreation: names(name) ? 'Always' : 'Never',
      },
      Evaluation: 'Static',
      ChangeSource: 'DirectModification',
    })),
  });
}

function described(
  action: Change['ResourceChange']['Action'],
  resource: { logicalId: string; type: string; physicalId?: string },
  more: Partial<Change['ResourceChange']> = {},
): Change {
  return {
    Type: 'Resource',
    ResourceChange: {
      Action: action,
      LogicalResourceId: resource.logicalId,
      ResourceType: resource.type,
      ...(resource.physicalId !== undefined && { PhysicalResourceId: resource.physicalId }),
      ...more,
    },
  };
}

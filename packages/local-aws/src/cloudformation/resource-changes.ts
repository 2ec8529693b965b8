import { isDeepStrictEqual } from 'node:util';
import { type Resource, type ResourceContext, ServiceError } from '../service.ts';
import { createOrImport } from './import-existing.ts';
import { evaluate, type Scope } from './intrinsics.ts';
import { parseProperties } from './properties.ts';
import type { Stack, StackResource, Target, Undo } from './stack.ts';
import type { Step } from './steps.ts';
import type { Surroundings } from './surroundings.ts';

/** The steps by which the resources of one stack are made, changed, put back and deleted, each with its events. */
export class ResourceChanges {
  readonly #stack: Stack;
  readonly #around: Surroundings;
  readonly #tags: Target['tags'];
  readonly #imports: boolean;

  /** `target` is what the stack is to become, if it is to become anything. */
  constructor(stack: Stack, surroundings: Surroundings, target?: Target) {
    this.#stack = stack;
    this.#around = surroundings;
    this.#tags = target?.tags ?? {};
    this.#imports = target?.importsExisting ?? false;
  }

  /** Makes a resource what the template says; `onReplaced` hears of the one whose place it takes. */
  change(
    id: string,
    after: ReadonlySet<string>,
    scope: Scope,
    onReplaced: (old: StackResource) => void,
  ): Step {
    const stack = this.#stack;
    const template = scope.template.Resources[id]!;
    const existing = stack.resources.get(id);
    const before = existing?.type === template.Type ? existing : undefined;
    const verb = before ? 'UPDATE' : 'CREATE';
    const name = { logicalId: id, type: template.Type, ...(before && { physicalId: before.physicalId }) };
    const settings = {
      deletionPolicy: template.DeletionPolicy ?? 'Delete',
      updateReplacePolicy: template.UpdateReplacePolicy ?? 'Delete',
      metadata: template.Metadata,
      tags: this.#tags,
      dependencies: after,
    };
    let properties: Record<string, unknown> = {};
    return {
      ...{ id, after, waitsForEventQueue: this.#waits(template.Type) },
      begin: () =>
        this.#reporting(name, verb, () => {
          properties = evaluate(template.Properties, scope) as Record<string, unknown>;
          if (before && isDeepStrictEqual([before.properties, before.tags], [properties, this.#tags])) {
            stack.resources.set(id, { ...before, ...settings });
            return false;
          }
          stack.setResourceStatus({ ...name, properties }, `${verb}_IN_PROGRESS`, this.#now);
          return true;
        }),
      work: () =>
        this.#reportingLater(name, verb, async () => {
          const made = await this.#make(id, template.Type, properties, before);
          const state = { status: `${verb}_COMPLETE`, updatedAt: this.#now };
          const current = { ...name, ...made, ...settings, ...state, properties };
          stack.resources.set(id, current);
          stack.journal.push(existing ? { current, previous: existing } : { current });
          if (existing && existing.physicalId !== current.physicalId) onReplaced(existing);
          stack.setResourceStatus(current, state.status, this.#now);
        }),
      cancel: () => {
        const reason = `Resource ${before ? 'update' : 'creation'} cancelled`;
        stack.setResourceStatus(name, `${verb}_FAILED`, this.#now, reason);
      },
    };
  }

  /** Puts a resource back to what it was before the operation that is being undone. */
  undo({ current, previous }: Undo, undos: readonly Undo[]): Step {
    const stack = this.#stack;
    const changed = undos.map((undo) => undo.current);
    if (previous?.physicalId !== current.physicalId) {
      const removal = this.remove(current, changed, !previous && current.deletionPolicy === 'Retain');
      const restore = () => void (previous && stack.resources.set(current.logicalId, previous));
      return { ...removal, work: () => removal.work().then(restore) };
    }
    return {
      id: current.logicalId,
      after: dependants(current, changed),
      waitsForEventQueue: this.#waits(current.type),
      begin: () => {
        stack.setResourceStatus(current, 'UPDATE_IN_PROGRESS', this.#now);
        return true;
      },
      work: () =>
        this.#reportingLater(current, 'UPDATE', async () => {
          const made = await this.#make(current.logicalId, current.type, previous.properties, current);
          const restored = { ...previous, ...made };
          stack.resources.set(current.logicalId, restored);
          stack.setResourceStatus(restored, 'UPDATE_COMPLETE', this.#now);
        }),
    };
  }

  /** Deletes a resource, after those of `others` that depend on it; `keep` only forgets it. */
  remove(resource: StackResource, others: readonly StackResource[], keep: boolean): Step {
    const stack = this.#stack;
    const type = this.#around.typeOf(resource.type);
    const forget = () => {
      const current = stack.resources.get(resource.logicalId);
      if (current?.physicalId === resource.physicalId) stack.resources.delete(resource.logicalId);
    };
    return {
      id: resource.logicalId,
      after: dependants(resource, others),
      waitsForEventQueue: this.#waits(resource.type),
      begin: () => {
        stack.setResourceStatus(resource, keep ? 'DELETE_SKIPPED' : 'DELETE_IN_PROGRESS', this.#now);
        if (keep) forget();
        return !keep;
      },
      work: () =>
        this.#reportingLater(resource, 'DELETE', async () => {
          const resolved = await this.#around.resolveDynamic(resource.properties);
          const properties = parseProperties(type.properties, resource.type, resolved);
          await type.delete(resource.physicalId, properties, this.#contextOf(resource.logicalId));
          stack.setResourceStatus(resource, 'DELETE_COMPLETE', this.#now);
          forget();
        }),
    };
  }

  get #now(): number {
    return this.#around.eventQueue.now();
  }

  #waits(type: string): boolean {
    return this.#around.typeOf(type).waitsForEventQueue ?? false;
  }

  #reporting<T>(name: Named, verb: string, task: () => T): T {
    try {
      return task();
    } catch (error) {
      this.#stack.setResourceStatus(name, `${verb}_FAILED`, this.#now, messageOf(error));
      throw error;
    }
  }

  async #reportingLater(name: Named, verb: string, task: () => Promise<void>): Promise<void> {
    try {
      await task();
    } catch (error) {
      this.#stack.setResourceStatus(name, `${verb}_FAILED`, this.#now, messageOf(error));
      throw error;
    }
  }

  async #make(id: string, typeName: string, properties: unknown, before?: StackResource): Promise<Resource> {
    const type = this.#around.typeOf(typeName);
    const context = this.#contextOf(id);
    const next = parseProperties(type.properties, typeName, await this.#around.resolveDynamic(properties));
    if (!before) return this.#imports ? createOrImport(type, next, context) : type.create(next, context);
    const resolved = await this.#around.resolveDynamic(before.properties);
    return type.update(
      before.physicalId,
      next,
      parseProperties(type.properties, typeName, resolved),
      context,
    );
  }

  #contextOf(logicalId: string): ResourceContext {
    const { name, id } = this.#stack;
    const { region, account } = this.#around;
    return {
      ...{ stackName: name, stackId: id, logicalId, region, account },
      physicalName: (maxLength) => {
        const suffix = this.#around.randomSuffix();
        return `${`${name}-${logicalId}`.slice(0, maxLength - suffix.length - 1)}-${suffix}`;
      },
      tags: {
        ...this.#tags,
        'aws:cloudformation:stack-name': name,
        'aws:cloudformation:stack-id': id,
        'aws:cloudformation:logical-id': logicalId,
      },
    };
  }
}

type Named = Parameters<Stack['setResourceStatus']>[0];

/** Who has to go before a resource can go. */
function dependants(resource: StackResource, others: readonly StackResource[]): Set<string> {
  const dependent = others.filter((other) => other.dependencies.has(resource.logicalId));
  return new Set(dependent.map((other) => other.logicalId));
}

function messageOf(error: unknown): string {
  if (error instanceof ServiceError) return `${error.message} (Code: ${error.code}; Status: ${error.status})`;
  return error instanceof Error ? error.message : String(error);
}

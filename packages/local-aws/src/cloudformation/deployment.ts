import { ServiceError } from '../service.ts';
import { dependencies } from './dependencies.ts';
import { evaluate, type Scope } from './intrinsics.ts';
import { ResourceChanges } from './resource-changes.ts';
import type { Output, Stack, StackResource, Target } from './stack.ts';
import { runSteps } from './steps.ts';
import { included, type Surroundings, scopeOf } from './surroundings.ts';

/** One operation on one stack: makes what the target says, undoes it when that fails, deletes what is left over. */
export class Deployment {
  readonly #stack: Stack;
  readonly #around: Surroundings;
  /** Resources that the update has replaced or left out. */
  #obsolete: StackResource[] = [];

  constructor(stack: Stack, surroundings: Surroundings) {
    this.#stack = stack;
    this.#around = surroundings;
  }

  /** Creates a new stack's resources or changes an existing stack's. */
  apply(target: Target, kind: 'CREATE' | 'UPDATE'): void {
    this.#stack.journal = [];
    if (kind === 'CREATE') this.#stack.target = target;
    this.#setStatus(`${kind}_IN_PROGRESS`, 'User Initiated');
    const imports = new Set<string>();
    const scope = recordingImports(scopeOf(this.#stack, target, this.#around), imports);
    const graph = dependencies(target.template, included(target.template.Resources, scope));
    const changes = new ResourceChanges(this.#stack, this.#around, target);
    const replaced = (old: StackResource) => void this.#obsolete.push(old);
    const steps = [...graph].map(([id, after]) => changes.change(id, after, scope, replaced));
    runSteps(this.#around.eventQueue, steps, true, (failures) => {
      const failed = [...failures.keys()].join(', ');
      const problem = failed
        ? `The following resource(s) failed to ${kind.toLowerCase()}: [${failed}].`
        : this.#complete(target, scope, imports, graph);
      if (!problem) this.#cleanUp(`${kind}_COMPLETE`);
      else if (this.#stack.disableRollback) this.#setStatus(`${kind}_FAILED`, problem);
      else this.rollBack(kind, `${problem} Rollback requested by user.`);
    });
  }

  /** Undoes what the last operation has changed so far. */
  rollBack(kind: 'CREATE' | 'UPDATE', reason: string): void {
    const prefix = kind === 'CREATE' ? 'ROLLBACK' : 'UPDATE_ROLLBACK';
    this.#setStatus(`${prefix}_IN_PROGRESS`, reason);
    this.#obsolete = [];
    const changes = new ResourceChanges(this.#stack, this.#around, this.#stack.target);
    const steps = this.#stack.journal.map((undo) => changes.undo(undo, this.#stack.journal));
    runSteps(this.#around.eventQueue, steps, false, (failures) => {
      const [failure] = failures.values();
      if (failure) return this.#setStatus(`${prefix}_FAILED`, failure.message);
      this.#stack.journal = [];
      return this.#cleanUp(`${prefix}_COMPLETE`);
    });
  }

  /** Deletes the stack's resources, those in `retained` and with a policy to retain excepted. */
  delete(retained: ReadonlySet<string>): void {
    const stack = this.#stack;
    this.#setStatus('DELETE_IN_PROGRESS', 'User Initiated');
    try {
      this.#around.checkExports(stack, {});
    } catch (error) {
      this.#setStatus('DELETE_FAILED', `Delete canceled. ${messageOf(error)}`);
      return;
    }
    const resources = [...stack.resources.values()];
    const changes = new ResourceChanges(stack, this.#around);
    const keeps = (resource: StackResource) =>
      retained.has(resource.logicalId) || resource.deletionPolicy.startsWith('Retain');
    const steps = resources.map((resource) => changes.remove(resource, resources, keeps(resource)));
    runSteps(this.#around.eventQueue, steps, false, (failures) => {
      if (failures.size > 0) {
        const names = [...failures.keys()].join(', ');
        return this.#setStatus('DELETE_FAILED', `The following resource(s) failed to delete: [${names}].`);
      }
      stack.deletedAt = this.#around.eventQueue.now();
      stack.outputs = {};
      stack.imports = new Set();
      return this.#setStatus('DELETE_COMPLETE');
    });
  }

  #setStatus(status: string, reason?: string): void {
    this.#stack.setStatus(status, this.#around.eventQueue.now(), reason);
  }

  /** Makes the target the stack's truth, or says why it cannot be. */
  #complete(
    target: Target,
    scope: Scope,
    imports: ReadonlySet<string>,
    kept: ReadonlyMap<string, unknown>,
  ): string | undefined {
    const stack = this.#stack;
    try {
      const outputs = evaluateOutputs(scope);
      this.#around.checkExports(stack, outputs);
      stack.outputs = outputs;
    } catch (error) {
      return messageOf(error);
    }
    stack.imports = imports;
    stack.target = target;
    stack.journal = [];
    this.#obsolete.push(...[...stack.resources.values()].filter(({ logicalId }) => !kept.has(logicalId)));
    return undefined;
  }

  #cleanUp(finalStatus: string): void {
    const obsolete = this.#obsolete;
    if (finalStatus.startsWith('UPDATE')) {
      this.#setStatus(finalStatus.replace('COMPLETE', 'COMPLETE_CLEANUP_IN_PROGRESS'));
    }
    const changes = new ResourceChanges(this.#stack, this.#around);
    const steps = obsolete.map((resource) => {
      const wasReplaced = this.#stack.resources.get(resource.logicalId)?.physicalId !== resource.physicalId;
      const policy = wasReplaced ? resource.updateReplacePolicy : resource.deletionPolicy;
      return changes.remove(resource, obsolete, policy.startsWith('Retain'));
    });
    // What cannot be cleaned up is left behind with its event, as CloudFormation does.
    runSteps(this.#around.eventQueue, steps, false, () => this.#setStatus(finalStatus));
  }
}

function recordingImports(scope: Scope, imports: Set<string>): Scope {
  return {
    ...scope,
    importValue: (name) => {
      imports.add(name);
      return scope.importValue(name);
    },
  };
}

function evaluateOutputs(scope: Scope): Record<string, Output> {
  const names = included(scope.template.Outputs, scope);
  return Object.fromEntries(
    [...names].map((name) => {
      const { Value, Description, Export } = scope.template.Outputs[name]!;
      const value = evaluate(Value, scope);
      if (value === null || typeof value === 'object') {
        throw new ServiceError('ValidationError', `Template format error: Output ${name} is not a string`);
      }
      const exportName = Export && String(evaluate(Export.Name, scope));
      const optional = {
        ...(Description && { description: Description }),
        ...(exportName && { exportName }),
      };
      return [name, { value: String(value), ...optional }];
    }),
  );
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

import { type Operation, ServiceError } from '../service.ts';
import { isChanged, previewChanges } from './changes.ts';
import { Deployment } from './deployment.ts';
import type { Stack } from './stack.ts';
import type { Stacks } from './stacks.ts';

/** The operations that change stacks. */
export function stackOperations(stacks: Stacks): Record<string, Operation> {
  const { surroundings } = stacks;
  const rollBack = (nameOrId: string, pattern: RegExp) => {
    const stack = stacks.get(nameOrId);
    if (!pattern.test(stack.status))
      throw invalid(`Stack ${stack.id} is in ${stack.status} state and can not be rolled back`);
    const kind = stack.status === 'CREATE_FAILED' ? 'CREATE' : 'UPDATE';
    new Deployment(stack, surroundings).rollBack(kind, 'User Initiated');
    return { StackId: stack.id };
  };
  return {
    CreateStack: async (input, { principal }) => {
      if (stacks.living.some(({ name }) => name === input.StackName)) {
        throw new ServiceError('AlreadyExistsException', `Stack [${input.StackName}] already exists`);
      }
      const target = await stacks.readTarget(undefined, input, principal);
      const stack = stacks.create(input.StackName);
      prepareStack(stack, input);
      stack.terminationProtection = input.EnableTerminationProtection ?? false;
      new Deployment(stack, surroundings).apply(target, 'CREATE');
      return { StackId: stack.id };
    },
    UpdateStack: async (input, { principal }) => {
      const stack = stacks.getUpdatable(input.StackName);
      const target = await stacks.readTarget(stack, input, principal);
      if (!isChanged(stack, target, previewChanges(stack, target, surroundings))) {
        throw invalid('No updates are to be performed.');
      }
      prepareStack(stack, input);
      new Deployment(stack, surroundings).apply(target, 'UPDATE');
      return { StackId: stack.id };
    },
    DeleteStack: (input) => {
      // Deleting what is not there is done already.
      const stack = stacks.living.find(({ name, id }) => name === input.StackName || id === input.StackName);
      if (!stack) return;
      if (stack.busy)
        throw invalid(`Stack [${stack.name}] cannot be deleted while in status ${stack.status}`);
      if (stack.terminationProtection) {
        throw invalid(`Stack [${stack.name}] cannot be deleted while TerminationProtection is enabled`);
      }
      prepareStack(stack, input);
      new Deployment(stack, surroundings).delete(new Set(input.RetainResources ?? []));
    },
    RollbackStack: (input) => rollBack(input.StackName, /^(CREATE|UPDATE)_FAILED$/),
    ContinueUpdateRollback: (input) => rollBack(input.StackName, /^UPDATE_ROLLBACK_FAILED$/),
    UpdateTerminationProtection: (input) => {
      const stack = stacks.get(input.StackName);
      stack.terminationProtection = input.EnableTerminationProtection;
      return { StackId: stack.id };
    },
  };
}

/** What the caller wants of an operation, besides the target. */
export interface StackOptions {
  readonly DisableRollback?: boolean;
  readonly OnFailure?: 'DO_NOTHING' | 'ROLLBACK' | 'DELETE';
  readonly RoleARN?: string;
  readonly Capabilities?: readonly string[];
  readonly ClientRequestToken?: string;
}

/** Notes on the stack what the caller wants of its next operation. */
export function prepareStack(stack: Stack, options: StackOptions): void {
  if (options.OnFailure === 'DELETE')
    throw invalid('The local cloud rolls back failed stacks or leaves them: OnFailure DELETE');
  stack.disableRollback = options.DisableRollback ?? options.OnFailure === 'DO_NOTHING';
  if (options.RoleARN) stack.roleArn = options.RoleARN;
  if (options.Capabilities) stack.capabilities = options.Capabilities;
  if (options.ClientRequestToken) stack.clientRequestToken = options.ClientRequestToken;
}

function invalid(message: string): ServiceError {
  return new ServiceError('ValidationError', message);
}

import { type Operation, type Principal, ServiceError } from '../service.ts';
import { isChanged, previewChanges } from './changes.ts';
import { Deployment } from './deployment.ts';
import { describeChangeSet, summarizeChangeSet } from './descriptions.ts';
import type { ChangeSet, Stack } from './stack.ts';
import { prepareStack, type StackOptions } from './stack-operations.ts';
import type { Stacks } from './stacks.ts';
import type { TargetInput } from './targets.ts';

interface CreateChangeSetInput extends TargetInput, StackOptions {
  readonly StackName: string;
  readonly ChangeSetName: string;
  readonly ChangeSetType?: 'CREATE' | 'UPDATE' | 'IMPORT';
  readonly Description?: string;
  readonly DeploymentMode?: string;
}

interface ChangeSetName {
  readonly StackName?: string;
  readonly ChangeSetName: string;
}

const noChanges =
  "The submitted information didn't contain changes. Submit different information to create a change set.";

/** The operations on change sets: what a stack would become, looked at before it does. */
export function changeSetOperations(stacks: Stacks): Record<string, Operation> {
  return {
    CreateChangeSet: (input: CreateChangeSetInput, { principal }) => create(stacks, input, principal),
    DescribeChangeSet: (input: ChangeSetName) => {
      const stack = stacks.get(stackOf(input));
      return describeChangeSet(stack, find(stack, input));
    },
    ListChangeSets: (input) => {
      const stack = stacks.get(input.StackName);
      return { Summaries: [...stack.changeSets.values()].map((each) => summarizeChangeSet(stack, each)) };
    },
    DeleteChangeSet: (input: ChangeSetName) => {
      stacks.get(stackOf(input)).changeSets.delete(nameOf(input));
      return {};
    },
    ExecuteChangeSet: (input: ChangeSetName & StackOptions) => {
      const stack = stacks.get(stackOf(input));
      const changeSet = find(stack, input);
      if (changeSet.executionStatus !== 'AVAILABLE' || !changeSet.target) {
        throw new ServiceError(
          'InvalidChangeSetStatusException',
          `ChangeSet [${changeSet.id}] cannot be executed in its current status of [${changeSet.status}]`,
        );
      }
      if (changeSet.type === 'UPDATE') stacks.getUpdatable(stack.id);
      prepareStack(stack, input);
      // Executing one makes all others of the stack worthless.
      stack.changeSets.clear();
      new Deployment(stack, stacks.surroundings).apply(changeSet.target, changeSet.type);
      return {};
    },
  };
}

async function create(stacks: Stacks, input: CreateChangeSetInput, caller: Principal) {
  const type = input.ChangeSetType ?? 'UPDATE';
  if (type === 'IMPORT' || input.DeploymentMode) {
    throw invalid(
      'The local cloud imports resources only with ImportExistingResources, and reverts no drift',
    );
  }
  const known = stacks.living.find(({ name, id }) => name === input.StackName || id === input.StackName);
  if (type === 'UPDATE') stacks.getUpdatable(input.StackName);
  else if (known && known.status !== 'REVIEW_IN_PROGRESS') {
    throw new ServiceError(
      'AlreadyExistsException',
      `Stack [${input.StackName}] already exists and cannot be created again`,
    );
  }
  if (known?.changeSets.has(input.ChangeSetName)) {
    throw new ServiceError('AlreadyExistsException', `ChangeSet ${input.ChangeSetName} already exists`);
  }
  const target = await stacks.readTarget(known, input, caller);
  const stack = known ?? stacks.create(input.StackName);
  const now = stacks.surroundings.eventQueue.now();
  if (!known) stack.setStatus('REVIEW_IN_PROGRESS', now, 'User Initiated');
  prepareStack(stack, input);
  const id = `${stack.id.replace(':stack/', ':changeSet/').replace(`/${stack.name}/`, `/${input.ChangeSetName}/`)}`;
  const description = input.Description && { description: input.Description };
  const base = { name: input.ChangeSetName, id, type, createdAt: now, ...description };
  stack.changeSets.set(input.ChangeSetName, { ...base, ...preview(stacks, stack, target) });
  return { Id: id, StackId: stack.id };
}

function preview(stacks: Stacks, stack: Stack, target: NonNullable<ChangeSet['target']>) {
  const failed = (reason: string) =>
    ({ changes: [], status: 'FAILED', statusReason: reason, executionStatus: 'UNAVAILABLE' }) as const;
  try {
    const changes = previewChanges(stack, target, stacks.surroundings);
    if (!isChanged(stack, target, changes)) return failed(noChanges);
    return { target, changes, status: 'CREATE_COMPLETE', executionStatus: 'AVAILABLE' } as const;
  } catch (error) {
    return failed(error instanceof Error ? error.message : String(error));
  }
}

function find(stack: Stack, input: ChangeSetName): ChangeSet {
  const changeSet = stack.changeSets.get(nameOf(input));
  if (changeSet) return changeSet;
  throw new ServiceError(
    'ChangeSetNotFoundException',
    `ChangeSet [${input.ChangeSetName}] does not exist`,
    404,
  );
}

/** `arn:aws:cloudformation:REGION:ACCOUNT:changeSet/NAME/UUID-OF-THE-STACK` */
function nameOf({ ChangeSetName }: ChangeSetName): string {
  return ChangeSetName.startsWith('arn:') ? ChangeSetName.split('/')[1]! : ChangeSetName;
}

function stackOf({ StackName, ChangeSetName }: ChangeSetName): string {
  if (StackName !== undefined) return StackName;
  throw invalid(`StackName must be specified with the change set ${ChangeSetName}`);
}

function invalid(message: string): ServiceError {
  return new ServiceError('ValidationError', message);
}

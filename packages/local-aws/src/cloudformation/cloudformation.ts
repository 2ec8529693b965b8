import * as schemas from '@aws-sdk/client-cloudformation';
import type { Cloud } from '../cloud.ts';
import type { S3 } from '../s3/s3.ts';
import type { AuthorizationTarget, Operation, ResourceType, Service } from '../service.ts';
import { AnswerBox } from './answer-box.ts';
import { changeSetOperations } from './change-set-operations.ts';
import { driftOperations } from './drift-operations.ts';
import { nestedStack } from './nested-stack.ts';
import { queryOperations } from './query-operations.ts';
import { stackOperations } from './stack-operations.ts';
import { stackTypes } from './stack-types.ts';
import { Stacks } from './stacks.ts';

/** CloudFormation: stacks and change sets, deployed through the resource types of all services. */
export class CloudFormation implements Service {
  readonly signingName = 'cloudformation';
  readonly schemas = schemas;
  readonly resources: readonly ResourceType[];
  readonly operations: Readonly<Record<string, Operation>>;
  readonly #stacks: Stacks;

  /** Custom resources put their answers into `s3`. */
  constructor(cloud: Cloud, s3: S3) {
    const stacks = new Stacks(cloud, new AnswerBox(cloud, s3));
    this.#stacks = stacks;
    this.resources = [...stackTypes, nestedStack(stacks)];
    this.operations = {
      ...stackOperations(stacks),
      ...changeSetOperations(stacks),
      ...queryOperations(stacks, cloud.call),
      ...driftOperations(stacks),
    };
  }

  authorization(operation: string, input: { StackName?: string } = {}): AuthorizationTarget[] {
    const stack = input.StackName === undefined ? undefined : this.#stacks.find(input.StackName);
    return [{ action: `cloudformation:${operation}`, resources: [stack?.id ?? '*'] }];
  }
}

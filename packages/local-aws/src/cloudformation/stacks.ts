import type { Cloud } from '../cloud.ts';
import { requireName } from '../constraints.ts';
import { zonesOf } from '../ec2/catalog.ts';
import { type Principal, type ResourceType, ServiceError } from '../service.ts';
import type { AnswerBox } from './answer-box.ts';
import { customResource } from './custom-resource.ts';
import { resolveDynamicReferences } from './dynamic-references.ts';
import { checkExports, exportsOf } from './exports.ts';
import { Stack, type Target } from './stack.ts';
import type { Surroundings } from './surroundings.ts';
import { readTarget, type TargetInput } from './targets.ts';

const self: Principal = { kind: 'service', arn: 'cloudformation.amazonaws.com' };

/** All stacks of the account, and what deploying one needs from the cloud. */
export class Stacks {
  readonly surroundings: Surroundings;
  readonly #cloud: Cloud;
  readonly #answers: AnswerBox;
  readonly #all: Stack[] = [];

  constructor(cloud: Cloud, answers: AnswerBox) {
    this.#cloud = cloud;
    this.#answers = answers;
    this.surroundings = {
      eventQueue: cloud.eventQueue,
      region: cloud.region,
      account: cloud.account,
      availabilityZones: numberedZones(cloud.region, cloud.account),
      typeOf: (name) => this.#typeOf(name),
      resolveDynamic: (properties) => resolveDynamicReferences(properties, cloud.call, self),
      randomSuffix: () => cloud.ids.alphanumeric(12),
      importValue: (name) => this.#importValue(name),
      outputOf: (stackName, outputName) => this.#outputOf(stackName, outputName),
      checkExports: (stack, outputs) => checkExports(stack, outputs, this.living),
    };
  }

  /** Deleted stacks included, oldest first. */
  get all(): readonly Stack[] {
    return this.#all;
  }

  get living(): readonly Stack[] {
    return this.#all.filter((stack) => stack.status !== 'DELETE_COMPLETE');
  }

  /** @throws ServiceError `ValidationError` unless it may be called so */
  create(name: string, parent?: Stack): Stack {
    requireName(name, '[a-zA-Z][-a-zA-Z0-9]{0,127}', 'stackName');
    const { region, account, ids, eventQueue } = this.#cloud;
    const id = `arn:aws:cloudformation:${region}:${account}:stack/${name}/${ids.uuid()}`;
    const stack = new Stack(name, id, eventQueue.now(), parent);
    this.#all.push(stack);
    return stack;
  }

  /** A new id of a drift detection. */
  newDetectionId(): string {
    return this.#cloud.ids.uuid();
  }

  /** A living stack by name or id, or a deleted one by id. */
  find(nameOrId: string): Stack | undefined {
    const living = this.living.find((stack) => stack.name === nameOrId || stack.id === nameOrId);
    return living ?? this.#all.find((stack) => stack.id === nameOrId);
  }

  /** @throws ServiceError `ValidationError` if there is none, in the words that clients look for. */
  get(nameOrId: string): Stack {
    const stack = this.find(nameOrId);
    if (!stack) throw new ServiceError('ValidationError', `Stack with id ${nameOrId} does not exist`);
    return stack;
  }

  /** @throws ServiceError `ValidationError` if the stack is in a state that allows no update. */
  getUpdatable(nameOrId: string): Stack {
    const stack = this.get(nameOrId);
    if (
      !/^(CREATE_COMPLETE|CREATE_FAILED|UPDATE_COMPLETE|UPDATE_FAILED|UPDATE_ROLLBACK_COMPLETE)$/.test(
        stack.status,
      )
    ) {
      throw new ServiceError(
        'ValidationError',
        `Stack:${stack.id} is in ${stack.status} state and can not be updated.`,
      );
    }
    return stack;
  }

  /** What a stack is asked to become. */
  readTarget(stack: Stack | undefined, input: TargetInput, caller: Principal): Promise<Target> {
    return readTarget(stack, input, (type) => this.#typeOf(type), this.#cloud.call, caller);
  }

  #typeOf(name: string): ResourceType {
    const { eventQueue, call, ids } = this.#cloud;
    if (name === 'AWS::CloudFormation::CustomResource' || name.startsWith('Custom::')) {
      return customResource(name, { eventQueue, call, requestId: () => ids.uuid(), answers: this.#answers });
    }
    for (const service of this.#cloud.services) {
      const type = service.resources?.find((candidate) => candidate.type === name);
      if (type) return type;
    }
    throw new ServiceError(
      'ValidationError',
      `Template format error: Unrecognized resource types: [${name}]`,
    );
  }

  #outputOf(stackName: string, outputName: string): string {
    const output = this.get(stackName).outputs[outputName];
    if (output) return output.value;
    throw new ServiceError('ValidationError', `Output ${outputName} not found in stack ${stackName}`);
  }

  #importValue(name: string): string {
    for (const stack of this.living) {
      const value = exportsOf(stack.outputs).get(name);
      if (value !== undefined) return value;
    }
    throw new ServiceError('ValidationError', `No export named ${name} found.`);
  }
}

/**
 * AWS promises no order, so this is never the alphabet's, and another in the next account.
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-getavailabilityzones.html
 */
function numberedZones(region: string, account: string): string[] {
  const zones = zonesOf(region);
  const first = 1 + (Number(account) % (zones.length - 1));
  return [...zones.slice(first), ...zones.slice(0, first)];
}

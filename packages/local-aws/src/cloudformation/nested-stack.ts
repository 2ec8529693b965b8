import { z } from 'zod';
import { type Principal, type ResourceContext, type ResourceType, ServiceError } from '../service.ts';
import { tagList } from '../template-tags.ts';
import { until } from '../until.ts';
import { isChanged, previewChanges } from './changes.ts';
import { Deployment } from './deployment.ts';
import { nestedStackType, type Stack } from './stack.ts';
import { prepareStack } from './stack-operations.ts';
import type { Stacks } from './stacks.ts';
import { workerOf } from './targets.ts';

interface Properties {
  readonly TemplateURL: string;
  readonly Parameters: Readonly<Record<string, string>>;
  readonly Tags: z.output<typeof tagList>;
}

const self: Principal = { kind: 'service', arn: 'cloudformation.amazonaws.com' };

/**
 * A stack that is a resource of another one: `Ref` is its id, `Fn::GetAtt` its outputs. It is made with its parent's tags, role and
 * capabilities. Unlike in AWS, what an update has replaced in it is deleted before its parent is done: a parent that fails after that
 * makes it anew.
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-cloudformation-stack.html
 */
export function nestedStack(stacks: Stacks): ResourceType<Properties> {
  const { surroundings } = stacks;
  const { eventQueue } = surroundings;
  const ended = (stack: Stack) => until(eventQueue, `end of ${stack.name}`, 1, () => !stack.busy);

  const targetFor = (stack: Stack | undefined, properties: Properties, context: ResourceContext) => {
    const { capabilities, roleArn } = stacks.get(context.stackId);
    const input = {
      TemplateURL: properties.TemplateURL,
      Parameters: Object.entries(properties.Parameters).map(([ParameterKey, ParameterValue]) => ({
        ParameterKey,
        ParameterValue,
      })),
      Tags: tagsFor(properties, context),
      Capabilities: capabilities,
      ...(roleArn !== undefined && { RoleARN: roleArn }),
    };
    return stacks.readTarget(stack, input, workerOf(undefined, input) ?? self);
  };

  const remove = async (stack: Stack): Promise<void> => {
    const from = stack.events.length;
    new Deployment(stack, surroundings).delete(new Set());
    await ended(stack);
    if (stack.status !== 'DELETE_COMPLETE') throw notSuccessfully('deleted', stack, from);
  };

  return {
    type: nestedStackType,
    waitsForEventQueue: true,
    properties: z.strictObject({
      TemplateURL: z.string(),
      Parameters: z.record(z.string(), z.string()).default({}),
      Tags: tagList.default([]),
    }),
    create: async (properties, context) => {
      const target = await targetFor(undefined, properties, context);
      const parent = stacks.get(context.stackId);
      const stack = stacks.create(context.physicalName(128), parent);
      inherit(stack, parent);
      // A client that watches the parent's events learns from this one which stack to watch too.
      const name = { logicalId: context.logicalId, type: nestedStackType, physicalId: stack.id };
      parent.setResourceStatus(name, 'CREATE_IN_PROGRESS', eventQueue.now(), 'Resource creation Initiated');
      new Deployment(stack, surroundings).apply(target, 'CREATE');
      await ended(stack);
      if (stack.status === 'CREATE_COMPLETE') return describe(stack);
      const failure = notSuccessfully('created', stack, 0);
      // The parent knows of no resource, and so would not delete it.
      await remove(stack);
      throw failure;
    },
    update: async (physicalId, properties, _, context) => {
      const stack = stacks.getUpdatable(physicalId);
      const target = await targetFor(stack, properties, context);
      if (!isChanged(stack, target, previewChanges(stack, target, surroundings))) return describe(stack);
      inherit(stack, stacks.get(context.stackId));
      const from = stack.events.length;
      new Deployment(stack, surroundings).apply(target, 'UPDATE');
      await ended(stack);
      if (stack.status !== 'UPDATE_COMPLETE') throw notSuccessfully('updated', stack, from);
      return describe(stack);
    },
    delete: async (physicalId) => {
      const stack = stacks.find(physicalId);
      if (stack && stack.status !== 'DELETE_COMPLETE') await remove(stack);
    },
  };
}

/** A nested stack that fails is always rolled back, also where its parent is to stay as it is. */
function inherit(stack: Stack, { roleArn, capabilities, clientRequestToken }: Stack): void {
  prepareStack(stack, {
    Capabilities: capabilities,
    ...(roleArn !== undefined && { RoleARN: roleArn }),
    ...(clientRequestToken !== undefined && { ClientRequestToken: clientRequestToken }),
  });
}

/** The parent's tags, and its own above them; those that CloudFormation sets name the stack that they are on. */
function tagsFor({ Tags }: Properties, { tags }: ResourceContext): { Key: string; Value: string }[] {
  const inherited = Object.entries(tags).filter(([key]) => !key.startsWith('aws:'));
  const all = {
    ...Object.fromEntries(inherited),
    ...Object.fromEntries(Tags.map((tag) => [tag.Key, tag.Value])),
  };
  return Object.entries(all).map(([Key, Value]) => ({ Key, Value }));
}

function describe(stack: Stack) {
  const outputs = Object.entries(stack.outputs).map(([name, { value }]) => [`Outputs.${name}`, value]);
  return { physicalId: stack.id, attributes: Object.fromEntries(outputs) };
}

/** @param from the first of its events that the operation handles */
function notSuccessfully(what: string, stack: Stack, from: number): ServiceError {
  const failed = stack.events
    .slice(from)
    .find(
      (event) => event.PhysicalResourceId === stack.id && event.ResourceStatusReason?.includes('failed to'),
    );
  const reason = failed?.ResourceStatusReason ?? stack.statusReason ?? '';
  return new ServiceError(
    'ValidationError',
    `Embedded stack ${stack.id} was not successfully ${what}: ${reason.replace(/ Rollback requested by user\.$/, '')}`,
  );
}

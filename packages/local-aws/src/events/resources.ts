import { z } from 'zod';
import type { CloudContext } from '../cloud-context.ts';
import { type Run, resourceRunner } from '../resource-runner.ts';
import type { Operation, ResourceContext, ResourceType } from '../service.ts';
import { tagList, tagsOf } from '../template-tags.ts';

const target = z.strictObject({
  Id: z.string(),
  Arn: z.string(),
  RoleArn: z.string().optional(),
  Input: z.string().optional(),
  InputPath: z.string().optional(),
  InputTransformer: z
    .strictObject({ InputPathsMap: z.record(z.string(), z.string()).optional(), InputTemplate: z.string() })
    .optional(),
  DeadLetterConfig: z.strictObject({ Arn: z.string().optional() }).optional(),
  RetryPolicy: z
    .strictObject({
      MaximumRetryAttempts: z.number().optional(),
      MaximumEventAgeInSeconds: z.number().optional(),
    })
    .optional(),
  SqsParameters: z.strictObject({ MessageGroupId: z.string() }).optional(),
});

const ruleProperties = z.strictObject({
  Name: z.string().optional(),
  Description: z.string().optional(),
  EventBusName: z.string().optional(),
  EventPattern: z.looseObject({}).optional(),
  ScheduleExpression: z.string().optional(),
  State: z.string().optional(),
  RoleArn: z.string().optional(),
  Targets: z.array(target).optional(),
  Tags: tagList.optional(),
});

const busProperties = z.strictObject({
  Name: z.string(),
  Description: z.string().optional(),
  Tags: tagList.optional(),
});

type RuleProperties = z.output<typeof ruleProperties>;

/** The CloudFormation types of EventBridge. */
export function eventBridgeResources(
  cloud: CloudContext,
  operations: Readonly<Record<string, Operation>>,
): ResourceType[] {
  const run = resourceRunner(cloud, operations);
  return [ruleType(run), busType(run)];
}

function ruleType(run: Run): ResourceType<RuleProperties> {
  const removeTargets = async (Rule: string, EventBusName: string | undefined) => {
    const { Targets } = await run('ListTargetsByRule', { Rule, EventBusName });
    const Ids = Targets.map(({ Id }: { Id: string }) => Id);
    if (Ids.length > 0) await run('RemoveTargets', { Rule, EventBusName, Ids });
  };
  const put = async (Name: string, next: RuleProperties, context: ResourceContext) => {
    const { Targets, EventPattern, ...rest } = next;
    const pattern = EventPattern ? { EventPattern: JSON.stringify(EventPattern) } : {};
    const { RuleArn } = await run('PutRule', { ...rest, ...pattern, Name, Tags: tagsOf(next, context) });
    const { EventBusName } = next;
    if (Targets?.length) await run('PutTargets', { Rule: Name, EventBusName, Targets });
    const physicalId = EventBusName ? `${EventBusName}|${Name}` : Name;
    return { physicalId, attributes: { Arn: RuleArn } };
  };
  return {
    type: 'AWS::Events::Rule',
    properties: ruleProperties,
    create: (next, context) => put(next.Name ?? context.physicalName(64), next, context),
    async update(physicalId, next, previous, context) {
      if (next.Name !== previous.Name || next.EventBusName !== previous.EventBusName)
        return this.create(next, context);
      const name = physicalId.split('|').at(-1)!;
      await removeTargets(name, next.EventBusName);
      return put(name, next, context);
    },
    async delete(physicalId, { EventBusName }) {
      const Name = physicalId.split('|').at(-1)!;
      await removeTargets(Name, EventBusName);
      await run('DeleteRule', { Name, EventBusName });
    },
  };
}

function busType(run: Run): ResourceType<z.output<typeof busProperties>> {
  const create = async ({ Name }: { Name: string }) => {
    const { EventBusArn } = await run('CreateEventBus', { Name });
    return { physicalId: Name, attributes: { Arn: EventBusArn, Name } };
  };
  return {
    type: 'AWS::Events::EventBus',
    properties: busProperties,
    create,
    async update(name, next) {
      if (next.Name !== name) return create(next);
      const { Arn } = await run('DescribeEventBus', { Name: name });
      return { physicalId: name, attributes: { Arn, Name: name } };
    },
    delete: async (Name) => void (await run('DeleteEventBus', { Name })),
  };
}

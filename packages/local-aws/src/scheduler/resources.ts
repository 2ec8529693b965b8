import { z } from 'zod';
import type { CloudContext } from '../cloud-context.ts';
import { type Run, resourceRunner } from '../resource-runner.ts';
import type { Operation, ResourceContext, ResourceType } from '../service.ts';
import { tagList, tagsOf } from '../template-tags.ts';

const target = z.strictObject({
  Arn: z.string(),
  RoleArn: z.string(),
  Input: z.string().optional(),
  DeadLetterConfig: z.strictObject({ Arn: z.string().optional() }).optional(),
  RetryPolicy: z
    .strictObject({
      MaximumRetryAttempts: z.number().optional(),
      MaximumEventAgeInSeconds: z.number().optional(),
    })
    .optional(),
  SqsParameters: z.strictObject({ MessageGroupId: z.string().optional() }).optional(),
  EventBridgeParameters: z.strictObject({ DetailType: z.string(), Source: z.string() }).optional(),
});

const scheduleProperties = z.strictObject({
  Name: z.string().optional(),
  GroupName: z.string().optional(),
  Description: z.string().optional(),
  ScheduleExpression: z.string(),
  ScheduleExpressionTimezone: z.string().optional(),
  StartDate: z.string().optional(),
  EndDate: z.string().optional(),
  State: z.enum(['ENABLED', 'DISABLED']).optional(),
  FlexibleTimeWindow: z.strictObject({ Mode: z.string(), MaximumWindowInMinutes: z.number().optional() }),
  Target: target,
});

const groupProperties = z.strictObject({ Name: z.string().optional(), Tags: tagList.optional() });

type ScheduleProperties = z.output<typeof scheduleProperties>;

/** The CloudFormation types of EventBridge Scheduler. */
export function schedulerResources(
  cloud: CloudContext,
  operations: Readonly<Record<string, Operation>>,
): ResourceType[] {
  const run = resourceRunner(cloud, operations);
  return [scheduleType(run), groupType(run)];
}

function scheduleType(run: Run): ResourceType<ScheduleProperties> {
  const create = async (next: ScheduleProperties, context: ResourceContext) => {
    const Name = next.Name ?? context.physicalName(64);
    const { ScheduleArn } = await run('CreateSchedule', { ...inputOf(next), Name });
    return { physicalId: Name, attributes: { Arn: ScheduleArn } };
  };
  return {
    type: 'AWS::Scheduler::Schedule',
    properties: scheduleProperties,
    create,
    async update(name, next, previous, context) {
      if (next.Name !== previous.Name || next.GroupName !== previous.GroupName) return create(next, context);
      const { ScheduleArn } = await run('UpdateSchedule', { ...inputOf(next), Name: name });
      return { physicalId: name, attributes: { Arn: ScheduleArn } };
    },
    delete: async (Name, { GroupName }) => void (await run('DeleteSchedule', { Name, GroupName })),
  };
}

function inputOf({ StartDate, EndDate, ...rest }: ScheduleProperties): object {
  return {
    ...rest,
    ...(StartDate ? { StartDate: new Date(StartDate) } : {}),
    ...(EndDate ? { EndDate: new Date(EndDate) } : {}),
  };
}

function groupType(run: Run): ResourceType<z.output<typeof groupProperties>> {
  const resource = async (Name: string) => {
    const { Arn } = await run('GetScheduleGroup', { Name });
    return { physicalId: Name, attributes: { Arn } };
  };
  return {
    type: 'AWS::Scheduler::ScheduleGroup',
    properties: groupProperties,
    async create(next, context) {
      const Name = next.Name ?? context.physicalName(64);
      await run('CreateScheduleGroup', { Name, Tags: tagsOf(next, context) });
      return resource(Name);
    },
    async update(name, next, previous, context) {
      if (next.Name !== previous.Name) return this.create(next, context);
      const { Arn: ResourceArn } = await run('GetScheduleGroup', { Name: name });
      await run('TagResource', { ResourceArn, Tags: tagsOf(next, context) });
      return resource(name);
    },
    delete: async (Name) => void (await run('DeleteScheduleGroup', { Name })),
  };
}

import {
  DeleteAutoScalingGroupCommand,
  paginateDescribeAutoScalingGroups,
} from '@aws-sdk/client-auto-scaling';
import { DeleteStackCommand, paginateDescribeStacks } from '@aws-sdk/client-cloudformation';
import { DeleteAlarmsCommand, paginateDescribeAlarms } from '@aws-sdk/client-cloudwatch';
import { DeleteLaunchTemplateCommand, paginateDescribeLaunchTemplates } from '@aws-sdk/client-ec2';
import { DeleteEventBusCommand, ListEventBusesCommand } from '@aws-sdk/client-eventbridge';
import {
  DeleteRoleCommand,
  DeleteRolePolicyCommand,
  ListRolePoliciesCommand,
  paginateListRoles,
} from '@aws-sdk/client-iam';
import { DeleteFunctionCommand, paginateListFunctions } from '@aws-sdk/client-lambda';
import { DeleteScheduleGroupCommand, paginateListScheduleGroups } from '@aws-sdk/client-scheduler';
import { DeleteTopicCommand, paginateListTopics } from '@aws-sdk/client-sns';
import { DeleteQueueCommand, paginateListQueues } from '@aws-sdk/client-sqs';
import { type Bench, mark } from './bench.ts';

/** One kind of resource that probes make. */
interface Kind {
  readonly kind: string;
  /** Names of all there are; those of others among them. */
  find(): Promise<(string | undefined)[]>;
  delete(name: string): Promise<unknown>;
  /** Deleting it takes a while, and what comes after would be refused, or forgotten, until it is gone. */
  readonly isSlow?: boolean;
}

/** Of any run, for a name that an ARN or an address ends in. A fleet that begins with the same words is somebody else's. */
const anyRun = new RegExp(`(^|[:/])${mark}-[0-9a-f]{8}(-[a-z]+)?$`);
const gone = /NotFound|NoSuchEntity|NonExistentQueue|QueueDoesNotExist|does not exist|not found/;

/**
 * Deletes what probes have made, in the order in which it can be deleted, and waits until no server is left. It goes by
 * names alone, so that it also finds what a run has left that was killed.
 * @param prefix of one run; undefined: of every run there ever was
 * @returns what was deleted
 * @throws the first error, after it has tried everything
 */
export async function clean(bench: Bench, prefix?: string): Promise<string[]> {
  const deleted: string[] = [];
  const errors: unknown[] = [];
  const isOurs = (name: string | undefined): name is string =>
    name !== undefined && anyRun.test(name) && (prefix === undefined || name.includes(prefix));
  for (const kind of kindsOf(bench)) {
    try {
      for (const name of (await kind.find()).filter(isOurs)) {
        await ignoringGone(kind.delete(name));
        deleted.push(`${kind.kind} ${name}`);
      }
      const isGone = async () => !(await kind.find()).some(isOurs);
      if (kind.isSlow) await bench.eventually(`the end of every ${kind.kind}`, 1200, isGone);
    } catch (error) {
      errors.push(error);
    }
  }
  if (errors.length > 0) throw errors[0];
  return deleted;
}

async function ignoringGone(deletion: Promise<unknown>): Promise<void> {
  try {
    await deletion;
  } catch (error) {
    const { name, message } = error as Error;
    if (!gone.test(`${name}: ${message}`)) throw error;
  }
}

function kindsOf(bench: Bench): Kind[] {
  return [...computing(bench), ...telling(bench), roles(bench)];
}

/** Stacks first, for their resources have names like others'. */
function computing({ clients }: Bench): Kind[] {
  const { autoScaling, cloudFormation, ec2, lambda } = clients;
  const tagged = [{ Name: 'tag-key', Values: [mark] }];
  return [
    {
      kind: 'stack',
      isSlow: true,
      find: () =>
        all(paginateDescribeStacks({ client: cloudFormation }, {}), ({ Stacks }) =>
          Stacks?.map(({ StackName }) => StackName),
        ),
      delete: (StackName) => cloudFormation.send(new DeleteStackCommand({ StackName })),
    },
    {
      kind: 'scaling group',
      isSlow: true,
      find: () =>
        all(
          paginateDescribeAutoScalingGroups({ client: autoScaling }, { Filters: tagged }),
          ({ AutoScalingGroups }) => AutoScalingGroups?.map((one) => one.AutoScalingGroupName),
        ),
      delete: (AutoScalingGroupName) =>
        autoScaling.send(new DeleteAutoScalingGroupCommand({ AutoScalingGroupName, ForceDelete: true })),
    },
    {
      kind: 'launch template',
      find: () =>
        all(paginateDescribeLaunchTemplates({ client: ec2 }, { Filters: tagged }), ({ LaunchTemplates }) =>
          LaunchTemplates?.map((one) => one.LaunchTemplateName),
        ),
      delete: (LaunchTemplateName) => ec2.send(new DeleteLaunchTemplateCommand({ LaunchTemplateName })),
    },
    {
      kind: 'function',
      find: () =>
        all(paginateListFunctions({ client: lambda }, {}), ({ Functions }) =>
          Functions?.map((one) => one.FunctionName),
        ),
      delete: (FunctionName) => lambda.send(new DeleteFunctionCommand({ FunctionName })),
    },
  ];
}

function telling({ clients }: Bench): Kind[] {
  const { cloudWatch, events, scheduler, sns, sqs } = clients;
  return [
    {
      kind: 'alarm',
      find: () =>
        all(paginateDescribeAlarms({ client: cloudWatch }, { AlarmNamePrefix: mark }), ({ MetricAlarms }) =>
          MetricAlarms?.map((one) => one.AlarmName),
        ),
      delete: (name) => cloudWatch.send(new DeleteAlarmsCommand({ AlarmNames: [name] })),
    },
    {
      kind: 'schedule group',
      find: () =>
        all(paginateListScheduleGroups({ client: scheduler }, { NamePrefix: mark }), ({ ScheduleGroups }) =>
          ScheduleGroups?.filter(({ State }) => State !== 'DELETING').map((one) => one.Name),
        ),
      delete: (Name) => scheduler.send(new DeleteScheduleGroupCommand({ Name })),
    },
    {
      kind: 'topic',
      find: () =>
        all(paginateListTopics({ client: sns }, {}), ({ Topics }) => Topics?.map((one) => one.TopicArn)),
      delete: (TopicArn) => sns.send(new DeleteTopicCommand({ TopicArn })),
    },
    {
      kind: 'queue',
      find: () =>
        all(paginateListQueues({ client: sqs }, { QueueNamePrefix: mark }), ({ QueueUrls }) => QueueUrls),
      delete: (QueueUrl) => sqs.send(new DeleteQueueCommand({ QueueUrl })),
    },
    {
      kind: 'event bus',
      // There are at most a hundred in an account.
      find: async () => {
        const { EventBuses = [] } = await events.send(new ListEventBusesCommand({ NamePrefix: mark }));
        return EventBuses.map((one) => one.Name);
      },
      delete: (Name) => events.send(new DeleteEventBusCommand({ Name })),
    },
  ];
}

function roles({ clients: { iam } }: Bench): Kind {
  return {
    kind: 'role',
    find: () =>
      all(paginateListRoles({ client: iam }, { PathPrefix: `/${mark}/` }), ({ Roles }) =>
        Roles?.map((one) => one.RoleName),
      ),
    delete: async (RoleName) => {
      const { PolicyNames = [] } = await iam.send(new ListRolePoliciesCommand({ RoleName }));
      for (const PolicyName of PolicyNames)
        await iam.send(new DeleteRolePolicyCommand({ RoleName, PolicyName }));
      await iam.send(new DeleteRoleCommand({ RoleName }));
    },
  };
}

async function all<Page>(
  pages: AsyncIterable<Page>,
  namesOn: (page: Page) => (string | undefined)[] | undefined,
): Promise<(string | undefined)[]> {
  const names = [];
  for await (const page of pages) names.push(...(namesOn(page) ?? []));
  return names;
}

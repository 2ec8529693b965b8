import type { CreateScheduleGroupInput } from '@aws-sdk/client-scheduler';
import type { CloudContext } from '../cloud-context.ts';
import { type Instant, type Operation, ServiceError } from '../service.ts';
import type { Tags } from '../tags.ts';

export interface ScheduleGroup {
  readonly arn: string;
  readonly name: string;
  readonly createdAt: Instant;
}

/** Schedule groups: a name and tags for schedules that go together, and that are deleted together. */
export function groupOperations(
  cloud: CloudContext,
  groups: Map<string, ScheduleGroup>,
  tags: Tags,
  deleteSchedulesOf: (group: string) => void,
): Record<string, Operation> {
  const create = (Name: string): ScheduleGroup => ({
    arn: `arn:aws:scheduler:${cloud.region}:${cloud.account}:schedule-group/${Name}`,
    name: Name,
    createdAt: cloud.eventQueue.now(),
  });
  groups.set('default', create('default'));
  const find = (name: string): ScheduleGroup => {
    const group = groups.get(name);
    if (group) return group;
    throw new ServiceError('ResourceNotFoundException', `Schedule group ${name} does not exist.`, 404);
  };
  return {
    CreateScheduleGroup: ({ Name, Tags: given = [] }: CreateScheduleGroupInput) => {
      if (groups.has(Name!)) {
        throw new ServiceError('ConflictException', `Schedule group ${Name} already exists.`, 409);
      }
      const group = create(Name!);
      groups.set(group.name, group);
      tags.set(group.arn, given);
      return { ScheduleGroupArn: group.arn };
    },
    GetScheduleGroup: ({ Name }) => describe(find(Name)),
    ListScheduleGroups: () => ({ ScheduleGroups: [...groups.values()].map(describe) }),
    DeleteScheduleGroup: ({ Name }) => {
      const group = find(Name);
      if (Name === 'default') {
        throw new ServiceError('ValidationException', 'The default schedule group cannot be deleted.');
      }
      deleteSchedulesOf(Name);
      groups.delete(Name);
      tags.delete(group.arn);
    },
    TagResource: ({ ResourceArn, Tags: given }) => tags.set(ResourceArn, given),
    UntagResource: ({ ResourceArn, TagKeys }) => tags.remove(ResourceArn, TagKeys),
    ListTagsForResource: ({ ResourceArn }) => ({ Tags: tags.of(ResourceArn) }),
  };
}

function describe({ arn, name, createdAt }: ScheduleGroup): object {
  const date = new Date(createdAt);
  return { Arn: arn, Name: name, State: 'ACTIVE', CreationDate: date, LastModificationDate: date };
}

import * as schemas from '@aws-sdk/client-scheduler';
import type { CloudContext } from '../cloud-context.ts';
import { defaultRetryPolicy, RetryingDelivery } from '../retrying-delivery.ts';
import { sessionOf } from '../role-session.ts';
import {
  type AuthorizationTarget,
  type Instant,
  type Operation,
  type ResourceType,
  type Service,
  ServiceError,
} from '../service.ts';
import { Tags } from '../tags.ts';
import { groupOperations, type ScheduleGroup } from './groups.ts';
import { schedulerResources } from './resources.ts';
import { checkSchedule, enterNext, type ScheduledTarget } from './schedule.ts';

interface ScheduleName {
  readonly Name: string;
  readonly GroupName?: string;
}

/** Amazon EventBridge Scheduler: cron in any time zone, rates and single times, with retries and a dead-letter queue. */
export class Scheduler implements Service {
  readonly signingName = 'scheduler';
  readonly schemas = schemas as unknown as Record<string, unknown>;
  readonly operations: Record<string, Operation>;
  readonly resources: readonly ResourceType[];
  readonly #cloud: CloudContext;
  readonly #delivery: RetryingDelivery;
  readonly #groups = new Map<string, ScheduleGroup>();
  /** By `group/name`. */
  readonly #schedules = new Map<string, ScheduledTarget>();
  readonly #tags = new Tags();

  constructor(cloud: CloudContext) {
    this.#cloud = cloud;
    this.#delivery = new RetryingDelivery(cloud);
    const deleteSchedulesOf = (group: string) => {
      for (const each of this.#schedules.values()) if (each.groupName === group) this.#delete(each);
    };
    this.operations = {
      ...this.#scheduleOperations(),
      ...groupOperations(cloud, this.#groups, this.#tags, deleteSchedulesOf),
    };
    this.resources = schedulerResources(cloud, this.operations);
  }

  authorization(operation: string, input: Record<string, unknown>): AuthorizationTarget[] {
    const { Name, GroupName, ResourceArn } = input;
    const isGroup = /ScheduleGroup$/.test(operation);
    const path = isGroup ? `schedule-group/${Name}` : `schedule/${GroupName ?? 'default'}/${Name}`;
    const arn = String(ResourceArn ?? (Name === undefined ? '*' : this.#arnOf(path)));
    return [{ action: `scheduler:${operation}`, resources: [arn], conditions: this.#tags.conditions(arn) }];
  }

  #arnOf(path: string): string {
    return `arn:aws:scheduler:${this.#cloud.region}:${this.#cloud.account}:${path}`;
  }

  #find({ Name, GroupName = 'default' }: ScheduleName): ScheduledTarget {
    const found = this.#schedules.get(`${GroupName}/${Name}`);
    if (found) return found;
    throw new ServiceError('ResourceNotFoundException', `Schedule ${Name} does not exist.`, 404);
  }

  #scheduleOperations(): Record<string, Operation> {
    return {
      CreateSchedule: (input: schemas.CreateScheduleInput) => this.#create(input),
      UpdateSchedule: (input: schemas.UpdateScheduleInput) => {
        const scheduled = this.#find(input as ScheduleName);
        checkSchedule(input as schemas.CreateScheduleInput);
        scheduled.input = input as schemas.CreateScheduleInput;
        // Even in the same instant an update is later than the creation.
        scheduled.modifiedAt = Math.max(this.#cloud.eventQueue.now(), scheduled.createdAt + 1);
        this.#enter(scheduled);
        return { ScheduleArn: scheduled.arn };
      },
      GetSchedule: (input: ScheduleName) => {
        const { arn, createdAt, modifiedAt, input: given, groupName } = this.#find(input);
        return {
          State: 'ENABLED',
          ScheduleExpressionTimezone: 'UTC',
          ...given,
          Arn: arn,
          GroupName: groupName,
          CreationDate: new Date(createdAt),
          LastModificationDate: new Date(modifiedAt),
        };
      },
      DeleteSchedule: (input: ScheduleName) => this.#delete(this.#find(input)),
      ListSchedules: (input: schemas.ListSchedulesInput) => ({
        Schedules: [...this.#schedules.values()]
          .filter(({ groupName }) => input.GroupName === undefined || groupName === input.GroupName)
          .filter(({ name }) => name.startsWith(input.NamePrefix ?? ''))
          .map(({ arn, name, groupName, createdAt, modifiedAt, input: given }) => ({
            Arn: arn,
            Name: name,
            GroupName: groupName,
            State: given.State ?? 'ENABLED',
            CreationDate: new Date(createdAt),
            LastModificationDate: new Date(modifiedAt),
            Target: { Arn: given.Target!.Arn },
          })),
      }),
    };
  }

  #create(input: schemas.CreateScheduleInput): schemas.CreateScheduleOutput {
    const { Name, GroupName = 'default' } = input;
    const key = `${GroupName}/${Name}`;
    if (GroupName !== 'default' && !this.#groups.has(GroupName)) {
      throw new ServiceError('ResourceNotFoundException', `Schedule group ${GroupName} does not exist.`, 404);
    }
    if (this.#schedules.has(key)) {
      throw new ServiceError('ConflictException', `Schedule ${Name} already exists.`, 409);
    }
    checkSchedule(input);
    const now = this.#cloud.eventQueue.now();
    const scheduled: ScheduledTarget = {
      arn: this.#arnOf(`schedule/${key}`),
      name: Name!,
      groupName: GroupName,
      createdAt: now,
      modifiedAt: now,
      input,
      cancel: undefined,
    };
    this.#schedules.set(key, scheduled);
    this.#enter(scheduled);
    return { ScheduleArn: scheduled.arn };
  }

  #delete(scheduled: ScheduledTarget): void {
    scheduled.cancel?.();
    this.#schedules.delete(`${scheduled.groupName}/${scheduled.name}`);
  }

  #enter(scheduled: ScheduledTarget): void {
    const end = () => {
      if (scheduled.input.ActionAfterCompletion === 'DELETE') this.#delete(scheduled);
    };
    enterNext(this.#cloud.eventQueue, scheduled, (occurrence) => this.#occur(scheduled, occurrence), end);
  }

  /** Calls the target with the schedule's role, by that role's permissions. */
  async #occur(scheduled: ScheduledTarget, occurrence: Instant): Promise<void> {
    const target = scheduled.input.Target!;
    const executionId = this.#cloud.ids.uuid();
    const { MaximumRetryAttempts, MaximumEventAgeInSeconds } = target.RetryPolicy ?? {};
    await this.#delivery.deliver({
      targetArn: target.Arn!,
      text: (attempt) => this.#inputOf(scheduled, occurrence, executionId, attempt),
      principal: sessionOf(target.RoleArn!, executionId),
      retryPolicy: {
        maximumRetryAttempts: MaximumRetryAttempts ?? defaultRetryPolicy.maximumRetryAttempts,
        maximumEventAgeSeconds: MaximumEventAgeInSeconds ?? defaultRetryPolicy.maximumEventAgeSeconds,
      },
      options: {
        source: target.EventBridgeParameters?.Source ?? 'aws.scheduler',
        detailType: target.EventBridgeParameters?.DetailType ?? 'Scheduled Event',
        messageGroupId: target.SqsParameters?.MessageGroupId,
      },
      deadLetterArn: target.DeadLetterConfig?.Arn,
      deadLetterAttributes: { SCHEDULE_ARN: scheduled.arn, EXECUTION_ID: executionId },
    });
  }

  /** @see https://docs.aws.amazon.com/scheduler/latest/UserGuide/managing-schedule-context-attributes.html */
  #inputOf(scheduled: ScheduledTarget, occurrence: Instant, executionId: string, attempt: number): string {
    const time = new Date(occurrence).toISOString().replace(/\.\d+Z$/, 'Z');
    const input = scheduled.input.Target!.Input;
    if (input === undefined) return this.#defaultInput(scheduled, executionId, time);
    return input
      .replaceAll('<aws.scheduler.schedule-arn>', scheduled.arn)
      .replaceAll('<aws.scheduler.scheduled-time>', time)
      .replaceAll('<aws.scheduler.execution-id>', executionId)
      .replaceAll('<aws.scheduler.attempt-number>', String(attempt));
  }

  #defaultInput(scheduled: ScheduledTarget, id: string, time: string): string {
    const { account, region } = this.#cloud;
    return JSON.stringify({
      version: '0',
      id,
      'detail-type': 'Scheduled Event',
      source: 'aws.scheduler',
      account,
      time,
      region,
      resources: [scheduled.arn],
      detail: '{}',
    });
  }
}

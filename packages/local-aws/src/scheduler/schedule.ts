import type { CreateScheduleInput } from '@aws-sdk/client-scheduler';
import { requireName, requireOneOf } from '../constraints.ts';
import { parseSchedule } from '../events/schedule-expression.ts';
import { type EventQueue, type Instant, ServiceError } from '../service.ts';

/** A schedule as it was given, and what follows from that. */
export interface ScheduledTarget {
  readonly arn: string;
  readonly name: string;
  readonly groupName: string;
  readonly createdAt: Instant;
  modifiedAt: Instant;
  input: CreateScheduleInput;
  /** Takes the next occurrence off the event queue. */
  cancel: (() => void) | undefined;
}

/** @throws ServiceError `ValidationException` for what the service would refuse */
export function checkSchedule(input: CreateScheduleInput): void {
  requireName(input.Name, '[0-9a-zA-Z-_.]{1,64}', 'name', 'ValidationException');
  requireOneOf(input.State, ['ENABLED', 'DISABLED'], 'state', 'ValidationException');
  parseSchedule(input.ScheduleExpression!, input.ScheduleExpressionTimezone ?? 'UTC', 0);
  const { Mode, MaximumWindowInMinutes } = input.FlexibleTimeWindow!;
  requireOneOf(Mode, ['OFF', 'FLEXIBLE'], 'flexibleTimeWindow.mode', 'ValidationException');
  if (Mode === 'FLEXIBLE' && !(MaximumWindowInMinutes! >= 1 && MaximumWindowInMinutes! <= 1440)) {
    throw invalid('MaximumWindowInMinutes must be between 1 and 1440 for a flexible time window.');
  }
  if (Mode === 'OFF' && MaximumWindowInMinutes !== undefined) {
    throw invalid('MaximumWindowInMinutes cannot be set when the flexible time window is OFF.');
  }
  const { MaximumRetryAttempts = 0, MaximumEventAgeInSeconds = 60 } = input.Target!.RetryPolicy ?? {};
  if (MaximumRetryAttempts > 185) throw invalid('MaximumRetryAttempts must be at most 185.');
  if (MaximumEventAgeInSeconds < 60 || MaximumEventAgeInSeconds > 86_400) {
    throw invalid('MaximumEventAgeInSeconds must be between 60 and 86400.');
  }
  if (input.StartDate && input.EndDate && input.StartDate >= input.EndDate) {
    throw invalid('The StartDate must come before the EndDate.');
  }
}

/**
 * Keeps the next occurrence of a schedule on the event queue, one at a time, for as long as it has any. `occur` hears of
 * each, `end` that there is none left.
 */
export function enterNext(
  eventQueue: EventQueue,
  scheduled: ScheduledTarget,
  occur: (occurrence: Instant) => void | Promise<void>,
  end: () => void,
): void {
  scheduled.cancel?.();
  scheduled.cancel = undefined;
  const { input } = scheduled;
  if (input.State === 'DISABLED') return;
  const { StartDate, EndDate } = input;
  const anchor = StartDate?.getTime() ?? scheduled.createdAt;
  const schedule = parseSchedule(
    input.ScheduleExpression!,
    input.ScheduleExpressionTimezone ?? 'UTC',
    anchor,
  );
  const enter = (after: Instant): void => {
    const next = schedule.next(Math.max(after, (StartDate?.getTime() ?? 0) - 1));
    if (next === undefined || (EndDate && next > EndDate.getTime())) {
      end();
      return;
    }
    scheduled.cancel = eventQueue.at(next, `schedule ${scheduled.name}`, async () => {
      enter(next);
      await occur(next);
    });
  };
  // A rate begins with its first occurrence, so that a new one is due at once.
  const isNewRate =
    input.ScheduleExpression!.startsWith('rate(') && scheduled.modifiedAt === scheduled.createdAt;
  enter(eventQueue.now() - (isNewRate ? 1 : 0));
}

function invalid(message: string): ServiceError {
  return new ServiceError('ValidationException', message);
}

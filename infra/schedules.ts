import * as scheduler from 'aws-cdk-lib/aws-scheduler';
import { Construct } from 'constructs';
import type { Fleet } from '../shared/fleet/fleet.ts';
import { schedulerExpression } from '../shared/schedule/scheduler-expression.ts';
import { fitted } from './names.ts';

interface SchedulesProps {
  readonly fleet: Fleet;
  /** The group's name in the fleet file. */
  readonly group: string;
  readonly target: ScheduleTarget;
  /** Epoch milliseconds. Nobody says what EventBridge does with a time that is past; in a new stack it may be an error. */
  readonly now: number;
}

/** Whom a schedule calls, as whom, and where it leaves what it could not deliver. */
export interface ScheduleTarget {
  readonly scheduleGroup: string;
  readonly functionArn: string;
  readonly roleArn: string;
  readonly deadLetters: string;
}

/** A schedule for each edge of each window, in the window's own time zone. */
export class Schedules extends Construct {
  constructor(scope: Construct, id: string, { fleet, group, target, now }: SchedulesProps) {
    super(scope, id);
    for (const [window, settings] of Object.entries(fleet.groups[group]!.schedules)) {
      for (const edge of ['start', 'end'] as const) {
        const when = schedulerExpression(settings, edge, fleet.timeZone);
        if (!when || (when.at ?? Number.POSITIVE_INFINITY) <= now) continue;
        const at = '<aws.scheduler.scheduled-time>';
        new scheduler.CfnSchedule(this, `${window}-${edge}`, {
          name: fitted(`${fleet.name}-${group}-${window}-${edge}`, 64),
          groupName: target.scheduleGroup,
          description: `${group}: window '${window}' ${edge === 'start' ? 'opens' : 'closes'}`,
          scheduleExpression: when.expression,
          scheduleExpressionTimezone: when.timeZone,
          flexibleTimeWindow: { mode: 'OFF' },
          target: {
            arn: target.functionArn,
            roleArn: target.roleArn,
            input: JSON.stringify({ group, window, edge, at }),
            // The sweep opens and closes windows too: an event that is this late has been healed.
            retryPolicy: { maximumRetryAttempts: 10, maximumEventAgeInSeconds: 900 },
            deadLetterConfig: { arn: target.deadLetters },
          },
        });
      }
    }
  }
}

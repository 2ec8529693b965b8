import { handle as adopt } from '../../functions/adopt.ts';
import { handle as bump } from '../../functions/bump.ts';
import { handle as onAlarm } from '../../functions/on-alarm.ts';
import { handle as onInstanceEvent } from '../../functions/on-instance-event.ts';
import { handle as onSchedule } from '../../functions/on-schedule.ts';
import { handle as sweep } from '../../functions/sweep.ts';
import type { Handle } from '../../shared/runtime/lambda.ts';

/** The functions that may change a group, by their names. */
export const handlers: Readonly<Record<string, Handle<object>>> = {
  adopt,
  bump,
  'on-alarm': onAlarm,
  'on-instance-event': onInstanceEvent,
  'on-schedule': onSchedule,
  sweep,
};

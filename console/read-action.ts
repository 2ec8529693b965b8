import { z } from 'zod';
import { parseDuration } from '../shared/fleet/parse-duration.ts';
import { identifier, instanceId } from '../shared/fleet/scalars.ts';
import { reason } from '../shared/runtime/scalars.ts';
import { ActionRefused } from './action-refused.ts';
import type { ConsoleAction } from './state.ts';

const period = z
  .string()
  .refine((text) => parseDuration(text) !== undefined, { error: 'expected a duration like 30m or 2h' })
  .optional();

const action = z.discriminatedUnion('action', [
  z.strictObject({
    action: z.literal('bump'),
    group: identifier,
    adjustment: z
      .int()
      .min(-10_000)
      .max(10_000)
      .refine((n) => n !== 0, { error: 'expected a change other than 0' }),
    for: period,
    reason,
  }),
  z.strictObject({
    action: z.literal('pause'),
    group: identifier,
    direction: z.enum(['both', 'out', 'in']),
    for: period,
    reason,
  }),
  z.strictObject({ action: z.literal('resume'), group: identifier, reason }),
  z.strictObject({
    action: z.literal('adopt'),
    group: identifier,
    instances: z.array(instanceId).min(1).max(20),
    reason,
  }),
  z.strictObject({ action: z.literal('speed'), speed: z.number().positive().max(3600) }),
  z.strictObject({ action: z.literal('flash-crowd'), group: identifier }),
  z.strictObject({ action: z.literal('kill-server'), group: identifier }),
]);

/** @throws ActionRefused saying where and what was expected */
export function readAction(text: string): ConsoleAction {
  const result = action.safeParse(parse(text));
  if (result.success) return result.data;
  throw new ActionRefused(
    result.error.issues.map(({ path, message }) => `${path.join('.') || 'action'}: ${message}`).join('; '),
  );
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new ActionRefused('expected JSON', { cause });
  }
}

import * as z from 'zod/mini';
import type { ManualRequest } from '../shared/domain/trigger.ts';
import type { Answer } from '../shared/engine/answer.ts';
import type { Scaler } from '../shared/engine/scaler.ts';
import { carryOut } from '../shared/runtime/by-hand.ts';
import { InvalidEvent } from '../shared/runtime/invalid-event.ts';
import { type Invocation, lambda } from '../shared/runtime/lambda.ts';
import { parseEvent } from '../shared/runtime/parse-event.ts';
import { duration, name, owner, reason, requestId, size } from '../shared/runtime/scalars.ts';

const adjustment = z
  .int({ error: 'expected a whole number of servers' })
  .check(z.refine((n) => n !== 0 && Math.abs(n) <= 10_000, { error: 'expected a change other than 0' }));
const direction = z.union([z.literal(true), z.enum(['both', 'out', 'in'])], {
  error: 'expected true, both, out or in',
});

/** What a person asks for: exactly one of adjustment, desiredCapacity, pause and resume. */
const event = z.strictObject({
  group: name('a group'),
  adjustment: z.optional(adjustment),
  desiredCapacity: z.optional(size),
  pause: z.optional(direction),
  resume: z.optional(z.literal(true, { error: 'expected true' })),
  /** A bump or a pause that ends by itself. */
  for: z.optional(duration),
  reason,
  owner: z.optional(owner),
  requestId: z.optional(requestId),
});

/** Somebody changes capacity, pauses or resumes by hand. @throws InvalidEvent, UnknownGroup, PortError */
export async function handle(payload: unknown, scaler: Scaler, invocation: Invocation): Promise<Answer> {
  const asked = parseEvent(event, payload);
  return carryOut(scaler, asked, askOf(asked), invocation);
}

function askOf({
  adjustment,
  desiredCapacity,
  pause,
  resume,
  for: forSeconds,
}: z.output<typeof event>): ManualRequest {
  const asks: ManualRequest[] = [];
  if (adjustment !== undefined) asks.push({ kind: 'adjust', adjustment, forSeconds });
  if (desiredCapacity !== undefined) asks.push({ kind: 'set', desiredCapacity });
  if (pause) asks.push({ kind: 'pause', direction: pause === true ? 'both' : pause, forSeconds });
  if (resume) asks.push({ kind: 'resume' });
  const [ask, second] = asks;
  if (!ask || second) {
    throw new InvalidEvent([
      '(event): expected exactly one of adjustment, desiredCapacity, pause and resume',
    ]);
  }
  if (forSeconds !== undefined && !('forSeconds' in ask)) {
    throw new InvalidEvent(['for: expected none: only an adjustment or a pause ends by itself']);
  }
  return ask;
}

export const handler = lambda(handle);

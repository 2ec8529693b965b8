import * as z from 'zod/mini';
import type { Answer } from '../shared/engine/answer.ts';
import type { Scaler } from '../shared/engine/scaler.ts';
import { requireCapability } from '../shared/ports/require-capability.ts';
import { carryOut } from '../shared/runtime/by-hand.ts';
import { type Invocation, lambda } from '../shared/runtime/lambda.ts';
import { parseEvent } from '../shared/runtime/parse-event.ts';
import { name, owner, reason, requestId } from '../shared/runtime/scalars.ts';

const instanceError = { error: 'expected an instance id like i-0123456789abcdef0' };

const event = z.strictObject({
  group: name('a group'),
  instances: z
    .array(z.string(instanceError).check(z.regex(/^i-([0-9a-f]{8}|[0-9a-f]{17})$/, instanceError)), {
      error: 'expected a list of instance ids',
    })
    .check(
      z.minLength(1, { error: 'expected at least one instance' }),
      z.maxLength(100, { error: 'expected at most 100 instances' }),
      z.refine((ids) => new Set(ids).size === ids.length, { error: 'expected every instance once' }),
    ),
  reason,
  owner: z.optional(owner),
  requestId: z.optional(requestId),
});

/** Attaches servers that exist, and protects them from scale-in. @throws InvalidEvent, UnknownGroup, PortError */
export async function handle(payload: unknown, scaler: Scaler, invocation: Invocation): Promise<Answer> {
  const asked = parseEvent(event, payload);
  requireCapability(scaler.ports, 'adopt');
  return carryOut(scaler, asked, { kind: 'adopt', serverIds: asked.instances }, invocation);
}

export const handler = lambda(handle);

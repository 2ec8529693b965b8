import * as z from 'zod/mini';
import { type Answer, answerOf } from '../shared/engine/answer.ts';
import type { House } from '../shared/engine/house.ts';
import { reconcile } from '../shared/engine/reconcile.ts';
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
export async function handle(payload: unknown, house: House, invocation: Invocation): Promise<Answer> {
  const asked = parseEvent(event, payload);
  const { group, reason, owner = 'operator', requestId = invocation.awsRequestId } = asked;
  const ask = { kind: 'adopt', serverIds: asked.instances } as const;
  return answerOf(await reconcile(house, group, { kind: 'manual', requestId, ask, reason, owner }));
}

export const handler = lambda(handle);

import * as z from 'zod/mini';
import { release } from '../shared/engine/release.ts';
import type { Scaler } from '../shared/engine/scaler.ts';
import { requireCapability } from '../shared/ports/require-capability.ts';
import { answerCloudFormation, cloudFormationRequest } from '../shared/runtime/answer-cloudformation.ts';
import { type Invocation, lambda } from '../shared/runtime/lambda.ts';
import { parseEvent } from '../shared/runtime/parse-event.ts';
import { name, words } from '../shared/runtime/scalars.ts';

/** A custom resource in the stack of every group that we create; CloudFormation deletes it before the group. */
const event = z.object({
  ...cloudFormationRequest,
  ResourceProperties: z.object(
    {
      group: name('a group'),
      scalingGroup: words('the name of a scaling group', 255),
      instances: z._default(z.array(words('an instance id', 19)), []),
    },
    { error: 'expected an object' },
  ),
});

/**
 * Created: from now on the group may adopt servers. Deleted, before the group: detaches adopted servers, and removes
 * the protection that somebody gave to others. @throws InvalidEvent
 */
export async function handle(payload: unknown, scaler: Scaler, invocation: Invocation): Promise<object> {
  const request = parseEvent(event, payload);
  const { ResourceProperties: leaving, RequestType } = request;
  return answerCloudFormation(request, leaving.scalingGroup, async () => {
    if (RequestType === 'Delete')
      return release(scaler, leaving, () => invocation.getRemainingTimeInMillis());
    await requireCapability(scaler.ports, 'adopt').allowAdoption(leaving.scalingGroup);
    return { released: [], unprotected: [] };
  });
}

export const handler = lambda(handle);

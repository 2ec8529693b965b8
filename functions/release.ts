import * as z from 'zod/mini';
import { cancelOpen } from '../shared/engine/cancel-open.ts';
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

/** A custom resource in the stack of the scaler; CloudFormation deletes it after the sweep's schedule and before the rest. */
const ofScaler = z.object({
  ...cloudFormationRequest,
  ResourceProperties: z.object({ fleet: name('a fleet') }, { error: 'expected an object' }),
});

/** The scaler goes: nobody is left who would end what is under way, in groups that stay. */
async function scalerGoes(payload: unknown, scaler: Scaler): Promise<object> {
  const request = parseEvent(ofScaler, payload);
  const { fleet } = request.ResourceProperties;
  return answerCloudFormation(request, `${fleet}-open-activities`, async () => {
    if (request.RequestType !== 'Delete') return { groups: 0 };
    const ledgers = await scaler.ports.ledger.read([...scaler.groups.keys()]);
    for (const ledger of ledgers.values()) await cancelOpen(scaler, ledger, { key: 'scalerDeleted' });
    return { groups: ledgers.size };
  });
}

function isOfScaler(payload: unknown): boolean {
  const { ResourceProperties } = (payload ?? {}) as { ResourceProperties?: unknown };
  return (
    typeof ResourceProperties === 'object' && ResourceProperties !== null && 'fleet' in ResourceProperties
  );
}

/**
 * Created: from now on the group may adopt servers. Deleted, before the group: detaches adopted servers, and removes
 * the protection that somebody gave to others. Of the scaler's own stack: ends what is under way. @throws InvalidEvent
 */
export async function handle(payload: unknown, scaler: Scaler, invocation: Invocation): Promise<object> {
  if (isOfScaler(payload)) return scalerGoes(payload, scaler);
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

import * as z from 'zod/mini';
import { type Answer, answerOf } from '../shared/engine/answer.ts';
import type { House } from '../shared/engine/house.ts';
import { reconcile } from '../shared/engine/reconcile.ts';
import { InvalidEvent } from '../shared/runtime/invalid-event.ts';
import { lambda } from '../shared/runtime/lambda.ts';
import { parseEvent } from '../shared/runtime/parse-event.ts';
import { instant, words } from '../shared/runtime/scalars.ts';

/** EventBridge's `EC2 Instance Launch Successful` and its like; AWS may add members to them. */
const event = z.object({
  'detail-type': z
    .string({ error: 'expected an EC2 instance event' })
    .check(z.regex(/^EC2 Instance.{1,60}$/, { error: 'expected an EC2 instance event' })),
  time: instant,
  detail: z.object(
    { AutoScalingGroupName: words('the name of a scaling group', 255) },
    { error: 'expected an object' },
  ),
});

/** A server came or went, or could not: drives the activity that it belongs to. @throws InvalidEvent, PortError */
export async function handle(payload: unknown, house: House): Promise<Answer> {
  const { 'detail-type': detail, time: at, detail: about } = parseEvent(event, payload);
  const group = house.byScalingGroup.get(about.AutoScalingGroupName);
  if (!group) {
    throw new InvalidEvent([
      `detail.AutoScalingGroupName: expected a group of this fleet, not ${about.AutoScalingGroupName}`,
    ]);
  }
  return answerOf(await reconcile(house, group.name, { kind: 'instance', detail, at }));
}

export const handler = lambda(handle);

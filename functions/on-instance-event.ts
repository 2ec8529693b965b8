import * as z from 'zod/mini';
import { type Answer, answerOf } from '../shared/engine/answer.ts';
import { reconcile } from '../shared/engine/reconcile.ts';
import type { Scaler } from '../shared/engine/scaler.ts';
import { adoptedServerStops } from '../shared/engine/unhealthy-server-notices.ts';
import { InvalidEvent } from '../shared/runtime/invalid-event.ts';
import { lambda } from '../shared/runtime/lambda.ts';
import { parseEvent } from '../shared/runtime/parse-event.ts';
import { instant, words } from '../shared/runtime/scalars.ts';

const inside = { error: 'expected an object' };
const kind = z
  .string({ error: 'expected an EC2 instance event' })
  .check(z.regex(/^EC2 Instance.{1,60}$/, { error: 'expected an EC2 instance event' }));

/** EventBridge's `EC2 Instance Launch Successful` and its like; AWS may add members to them. */
const ofGroup = z.object({
  'detail-type': kind,
  time: instant,
  detail: z.object({ AutoScalingGroupName: words('the name of a scaling group', 255) }, inside),
});

const stateChange = 'EC2 Instance State-change Notification';
/** An adopted server is stopped, or going to be. */
const ofServer = z.object({
  'detail-type': kind,
  time: instant,
  detail: z.object({ 'instance-id': words('the id of a server', 64), state: words('a state', 64) }, inside),
});

/**
 * A server came or went, or could not: drives the activity that it belongs to, notes what has become of it, and tells people of one
 * that nobody replaces. @throws InvalidEvent, PortError
 */
export async function handle(payload: unknown, scaler: Scaler): Promise<Answer> {
  const isOfServer = (payload as { 'detail-type'?: unknown } | null)?.['detail-type'] === stateChange;
  return isOfServer ? serverStops(payload, scaler) : serverOfGroup(payload, scaler);
}

async function serverOfGroup(payload: unknown, scaler: Scaler): Promise<Answer> {
  const { 'detail-type': detail, time: at, detail: about } = parseEvent(ofGroup, payload);
  const group = scaler.byScalingGroup.get(about.AutoScalingGroupName);
  if (!group) {
    throw new InvalidEvent([
      `detail.AutoScalingGroupName: expected a group of this fleet, not ${about.AutoScalingGroupName}`,
    ]);
  }
  const isGone = detail === 'EC2 Instance Terminate Successful';
  return answerOf(scaler, await reconcile(scaler, group.name, { kind: 'instance', detail, at, isGone }));
}

async function serverStops(payload: unknown, scaler: Scaler): Promise<Answer> {
  const { 'detail-type': detail, time: at, detail: about } = parseEvent(ofServer, payload);
  const { 'instance-id': server, state } = about;
  const group = [...scaler.groups.values()].find(({ config }) => config.instances.includes(server));
  if (!group)
    throw new InvalidEvent([`detail.instance-id: expected a server of the fleet file, not ${server}`]);
  await scaler.ports.events.publish([adoptedServerStops(scaler, group, { server, state, at })]);
  return answerOf(scaler, await reconcile(scaler, group.name, { kind: 'instance', detail, at }));
}

export const handler = lambda(handle);

import * as z from 'zod/mini';
import { type Answer, answerOf } from '../shared/engine/answer.ts';
import { reconcile } from '../shared/engine/reconcile.ts';
import type { Scaler, ScalerGroup } from '../shared/engine/scaler.ts';
import { adoptedServerStops } from '../shared/engine/unhealthy-server-notices.ts';
import { ecsGroupName } from '../shared/fleet/ecs.ts';
import { mayLaunchSpot } from '../shared/fleet/may-launch-spot.ts';
import { InvalidEvent } from '../shared/runtime/invalid-event.ts';
import { lambda } from '../shared/runtime/lambda.ts';
import { parseEvent } from '../shared/runtime/parse-event.ts';
import { instant, words } from '../shared/runtime/scalars.ts';

const inside = { error: 'expected an object' };
const kind = z
  .string({ error: 'expected an EC2 instance event' })
  .check(z.regex(/^EC2 (Spot )?Instance.{1,60}$/, { error: 'expected an EC2 instance event' }));

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

const interruptionWarning = 'EC2 Spot Instance Interruption Warning';
/** EC2 wants a Spot server back, of whichever group or account's corner: the event names no group. */
const ofSpotServer = z.object({
  'detail-type': kind,
  time: instant,
  detail: z.object({ 'instance-id': words('the id of a server', 64) }, inside),
});

const taskStateChange = 'ECS Task State Change';
/** A task of a service has stopped; AWS may add members. */
const ofTask = z.object({
  'detail-type': z.literal(taskStateChange),
  time: instant,
  detail: z.object(
    {
      clusterArn: words('the ARN of a cluster', 2048),
      group: words('service:NAME', 300),
      lastStatus: words('a status', 64),
    },
    inside,
  ),
});

/** The server is in no group of this fleet. */
interface NotOurs {
  readonly server: string;
  readonly ofNoGroup: true;
}

/**
 * A server came or went, or could not: drives the activity that it belongs to, notes what has become of it, and notifies people of one
 * that nobody replaces. That a Spot server is wanted back is remembered, for afterwards nobody says why it went. @throws InvalidEvent, PortError
 */
export async function handle(payload: unknown, scaler: Scaler): Promise<Answer | NotOurs> {
  switch ((payload as { 'detail-type'?: unknown } | null)?.['detail-type']) {
    case stateChange:
      return serverStops(payload, scaler);
    case taskStateChange:
      return taskStops(payload, scaler);
    case interruptionWarning:
      return serverIsWantedBack(payload, scaler);
    default:
      return serverOfGroup(payload, scaler);
  }
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

async function taskStops(payload: unknown, scaler: Scaler): Promise<Answer> {
  const { 'detail-type': detail, time: at, detail: about } = parseEvent(ofTask, payload);
  const cluster = about.clusterArn.split('/').at(-1)!;
  const service = about.group.replace(/^service:/, '');
  const region = about.clusterArn.split(':')[3];
  const { byScalingGroup } = scaler;
  const group =
    byScalingGroup.get(ecsGroupName({ region, cluster, service })) ??
    byScalingGroup.get(ecsGroupName({ cluster, service }));
  if (!group)
    throw new InvalidEvent([`detail.group: expected a service of this fleet, not ${cluster}/${service}`]);
  const isGone = about.lastStatus === 'STOPPED';
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

async function serverIsWantedBack(payload: unknown, scaler: Scaler): Promise<Answer | NotOurs> {
  const { 'detail-type': detail, time: at, detail: about } = parseEvent(ofSpotServer, payload);
  const server = about['instance-id'];
  const group = await groupOfSpotServer(scaler, server);
  if (!group) return { server, ofNoGroup: true };
  const trigger = { kind: 'instance', detail, at, wantedBack: server } as const;
  return answerOf(scaler, await reconcile(scaler, group.name, trigger));
}

async function groupOfSpotServer(scaler: Scaler, server: string): Promise<ScalerGroup | undefined> {
  const candidates = [...scaler.groups.values()].filter(({ config }) => mayLaunchSpot(config));
  const seen = await scaler.ports.groups.describe(candidates.map(({ scalingGroup }) => scalingGroup));
  return candidates.find(({ scalingGroup }) =>
    seen.get(scalingGroup)?.servers.some(({ id }) => id === server),
  );
}

export const handler = lambda(handle);

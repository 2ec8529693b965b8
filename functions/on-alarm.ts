import { type Answer, answerOf } from '../shared/engine/answer.ts';
import { reconcile } from '../shared/engine/reconcile.ts';
import type { Scaler, ScalerGroup } from '../shared/engine/scaler.ts';
import { unhealthyServers } from '../shared/engine/unhealthy-server-notices.ts';
import { alarmName, unhealthyServersAlarm } from '../shared/fleet/names.ts';
import { type AlarmChange, alarmChange } from '../shared/runtime/alarm-change.ts';
import { InvalidEvent } from '../shared/runtime/invalid-event.ts';
import { lambda } from '../shared/runtime/lambda.ts';
import { minuteMs } from '../shared/units.ts';

/** Clocks differ by seconds. An event dated in the future would stay newer than whatever comes. */
const aheadAtMostMs = minuteMs;

/**
 * An alarm changed its state: as a Lambda action, an SNS message or an EventBridge event. People are notified of servers that their
 * load balancer finds unhealthy. @throws InvalidEvent, PortError
 */
export async function handle(payload: unknown, scaler: Scaler): Promise<Answer> {
  const change = alarmChange(payload);
  const { alarm, value, since, datapoint } = change;
  if (since > scaler.ports.clock.now() + aheadAtMostMs)
    throw new InvalidEvent(['timestamp: expected the time of a change that has happened']);
  const unhealthy = groupWithUnhealthyServers(scaler, alarm);
  if (unhealthy) return notifyOfUnhealthyServers(scaler, unhealthy, change);
  const found = scaler.byAlarm.get(alarm);
  if (!found) throw new InvalidEvent([`alarmName: expected an alarm of this fleet, not ${alarm}`]);
  const trigger = { kind: 'alarm', rule: found.rule, state: { value, since, datapoint } } as const;
  return answerOf(scaler, await reconcile(scaler, found.group.name, trigger));
}

function groupWithUnhealthyServers({ fleet, groups }: Scaler, alarm: string): ScalerGroup | undefined {
  for (const group of groups.values())
    if (alarmName(fleet, group.name, unhealthyServersAlarm) === alarm) return group;
  return undefined;
}

async function notifyOfUnhealthyServers(
  scaler: Scaler,
  group: ScalerGroup,
  { value, since: at, before = 'ALARM' }: AlarmChange,
): Promise<Answer> {
  // A new alarm becomes OK too: then nothing is over.
  const isNews = value === 'ALARM' || before === 'ALARM';
  const notice = unhealthyServers(scaler, group, { isOver: value !== 'ALARM', at });
  if (isNews) await scaler.ports.events.publish([notice]);
  return answerOf(scaler, await reconcile(scaler, group.name, { kind: 'sweep' }));
}

export const handler = lambda(handle);

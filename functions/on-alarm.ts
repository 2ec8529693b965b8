import { type Answer, answerOf } from '../shared/engine/answer.ts';
import type { House } from '../shared/engine/house.ts';
import { reconcile } from '../shared/engine/reconcile.ts';
import { alarmChange } from '../shared/runtime/alarm-change.ts';
import { InvalidEvent } from '../shared/runtime/invalid-event.ts';
import { lambda } from '../shared/runtime/lambda.ts';

/** Clocks differ by seconds. News that is ahead of them would for ever be newer than whatever comes. */
const aheadAtMostMs = 60_000;

/** An alarm changed its state: as a Lambda action, an SNS message or an EventBridge event. @throws InvalidEvent, PortError */
export async function handle(payload: unknown, house: House): Promise<Answer> {
  const { alarm, value, since } = alarmChange(payload);
  if (since > house.ports.clock.now() + aheadAtMostMs)
    throw new InvalidEvent(['timestamp: expected the time of a change that has happened']);
  const found = house.byAlarm.get(alarm);
  if (!found) throw new InvalidEvent([`alarmName: expected an alarm of this fleet, not ${alarm}`]);
  const trigger = { kind: 'alarm', rule: found.rule, state: { value, since } } as const;
  return answerOf(await reconcile(house, found.group.name, trigger));
}

export const handler = lambda(handle);

import * as z from 'zod/mini';
import { type Answer, answerOf } from '../shared/engine/answer.ts';
import { reconcile } from '../shared/engine/reconcile.ts';
import { groupNamed, type Scaler } from '../shared/engine/scaler.ts';
import { InvalidEvent } from '../shared/runtime/invalid-event.ts';
import { lambda } from '../shared/runtime/lambda.ts';
import { parseEvent } from '../shared/runtime/parse-event.ts';
import { instant, name } from '../shared/runtime/scalars.ts';

/** What EventBridge Scheduler sends, as its schedule was told to. */
const event = z.strictObject({
  group: name('a group'),
  window: name('a window'),
  edge: z.enum(['start', 'end'], { error: 'expected start or end' }),
  /** When it was due; the event itself may be late. */
  at: instant,
});

/** A window opens or closes. @throws InvalidEvent, UnknownGroup, PortError */
export async function handle(payload: unknown, scaler: Scaler): Promise<Answer> {
  const { group, window, edge, at } = parseEvent(event, payload);
  const { config } = groupNamed(scaler, group);
  if (!Object.hasOwn(config.schedules, window)) {
    throw new InvalidEvent([`window: expected a window of ${group}`]);
  }
  return answerOf(scaler, await reconcile(scaler, group, { kind: 'schedule', window, edge, at }));
}

export const handler = lambda(handle);

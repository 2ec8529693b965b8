import { setImmediate as promisesRun } from 'node:timers/promises';
import type { EventQueue } from './service.ts';

/** Resolves when `condition` holds, which is looked at every `seconds` of the cloud's clock. */
export function until(
  eventQueue: EventQueue,
  label: string,
  seconds: number,
  condition: () => boolean,
): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const look = async () => {
    if (!condition()) return void eventQueue.at(eventQueue.now() + seconds * 1000, label, look);
    resolve();
    // The caller goes on within this entry, not after the next one of the event queue.
    return promisesRun();
  };
  eventQueue.at(eventQueue.now(), label, look);
  return promise;
}

import { setImmediate as promisesRun } from 'node:timers/promises';
import type { Agenda } from './service.ts';

/** Resolves when `condition` holds, which is looked at every `seconds` of the cloud's clock. */
export function until(
  agenda: Agenda,
  label: string,
  seconds: number,
  condition: () => boolean,
): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const look = async () => {
    if (!condition()) return void agenda.at(agenda.now() + seconds * 1000, label, look);
    resolve();
    // Whoever waited goes on within this entry, not after whatever is next on the agenda.
    return promisesRun();
  };
  agenda.at(agenda.now(), label, look);
  return promise;
}

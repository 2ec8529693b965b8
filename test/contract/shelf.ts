import { Shelf } from '../kit/shelf.ts';
import type { UnderTest } from './implementation.ts';
import { memory } from './memory.ts';

/** Machines by number, beside a ledger, a log and metrics in memory. */
export async function shelf(): Promise<UnderTest> {
  const world = await memory();
  const { clock, alarms, metrics, ledger, activities, events, models } = world.ports;
  const groups = new Shelf(clock);
  return {
    ...world,
    ports: { clock, groups, alarms, metrics, ledger, activities, events, models },
    makeGroup: async (group) => groups.put(group),
    [Symbol.asyncDispose]: async () => {},
  };
}

import { InvalidFleet } from '../shared/fleet/invalid-fleet.ts';
import { Failure } from './failure.ts';

/**
 * Awaits what throws errors whose messages are for people, as the local cloud does.
 * @throws InvalidFleet, Failure
 */
export async function withSentences<Result>(work: Promise<Result>): Promise<Result> {
  try {
    return await work;
  } catch (cause) {
    if (cause instanceof InvalidFleet || cause instanceof Failure) throw cause;
    throw new Failure((cause as Error).message, { cause });
  }
}

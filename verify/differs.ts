import { inspect, isDeepStrictEqual } from 'node:util';

/** AWS does something else than what is relied upon: the fact, not the probe, is wrong. */
export class Differs extends Error {
  override readonly name = 'Differs';
}

/** @throws Differs with both, unless they are equal in every part */
export function expectEqual(what: string, saw: unknown, expected: unknown): void {
  if (isDeepStrictEqual(saw, expected)) return;
  throw new Differs(`${what}: expected ${inspect(expected, inspected)}, saw ${inspect(saw, inspected)}`);
}

const inspected = { depth: 6, breakLength: Number.POSITIVE_INFINITY, sorted: true } as const;

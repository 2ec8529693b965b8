import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { parse, stringify } from 'yaml';
import { InvalidFleet } from '../../../shared/fleet/invalid-fleet.ts';
import { readFleet } from '../../../shared/fleet/read-fleet.ts';

type Place = (string | number)[];

/** Every place in a document, outermost first. */
function places(value: unknown, path: Place = []): Place[] {
  if (typeof value !== 'object' || value === null) return [path];
  const below = Array.isArray(value)
    ? value.map((entry, index) => [index, entry] as const)
    : Object.entries(value);
  return [path, ...below.flatMap(([key, entry]) => places(entry, [...path, key]))];
}

function replaced(document: unknown, path: Place, by: unknown): unknown {
  const copy = structuredClone(document) as Record<string | number, unknown>;
  const last = path.at(-1);
  if (last === undefined) return by;
  let parent = copy;
  for (const key of path.slice(0, -1)) parent = parent[key] as Record<string | number, unknown>;
  if (by === undefined) delete parent[last];
  else parent[last] = by;
  return copy;
}

const shipped = parse(readFileSync('fleet.yaml', 'utf8'));
const anything = fc.oneof(
  fc.constantFrom(undefined, null, '', 'x', '0 0 * * *', '50%', -1, 0, 0.5, 1e9, true, [], {}, ['x'], {
    x: 1,
  }),
  fc.jsonValue(),
);

it('refuses whatever is put wherever in one form: at its path, what was expected', () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.constantFrom(...places(shipped)), anything), { minLength: 1, maxLength: 3 }),
      (changes) => {
        let document: unknown = shipped;
        for (const [path, by] of changes) {
          if (places(document).some((place) => place.join('.') === path.join('.')))
            document = replaced(document, path, by);
        }
        try {
          readFleet(stringify(document) ?? '');
        } catch (error) {
          if (!(error instanceof InvalidFleet)) throw error;
          for (const { message, line } of error.problems) {
            expect(message).toMatch(/^expected /);
            expect(line).toBeGreaterThan(0);
          }
        }
      },
    ),
    { numRuns: 300 },
  );
});

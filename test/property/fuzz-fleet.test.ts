import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { InvalidFleet } from '../../shared/fleet/invalid-fleet.ts';
import { readFleet } from '../../shared/fleet/read-fleet.ts';

const shipped = readFileSync('fleet.yaml', 'utf8');

/** Read, or refused in the one form that names every mistake. */
function expectAnswer(text: string): void {
  try {
    expect(Object.keys(readFleet(text).groups).length).toBeGreaterThan(0);
  } catch (error) {
    expect(error).toBeInstanceOf(InvalidFleet);
    expect((error as InvalidFleet).problems.length).toBeGreaterThan(0);
  }
  expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
}

const group = 'existing: g, minSize: 1, maxSize: 5';
const laughs = Array.from(
  { length: 12 },
  (_, index) => `l${index + 1}: &l${index + 1} [${Array(12).fill(`*l${index}`).join(', ')}]`,
);

it.each([
  ['nothing', ''],
  ['a list', '- a\n- b'],
  ['a control character', 'name: "\u0000"'],
  ['tabs', 'name:\tx\n\tgroups: 1'],
  ['a key twice', `name: a\nname: b\ngroups: { g: { ${group} } }`],
  ['a prototype', `name: a\n__proto__: { polluted: true }\ngroups: { __proto__: { ${group} } }`],
  ['groups of the prototype', `name: a\ngroups: { constructor: { ${group} }, toString: { ${group} } }`],
  ['no number', 'name: a\ngroups: { g: { existing: g, minSize: .nan, maxSize: .inf } }'],
  ['huge numbers', 'name: a\ngroups: { g: { existing: g, minSize: 1e308, maxSize: 99999999999999999999 } }'],
  ['negative numbers', 'name: a\ngroups: { g: { existing: g, minSize: -1, maxSize: -5 } }'],
  [
    'days outside any calendar',
    `name: a\ncalendars: { x: [2026-02-30, 9999-99-99] }\ngroups: { g: { ${group} } }`,
  ],
  [
    'a time outside any calendar',
    `name: a\ngroups: { g: { ${group}, schedules: { w: { start: "2026-13-45T99:99", duration: 1h, minSize: 2 } } } }`,
  ],
  [
    'an endless cron',
    `name: a\ngroups: { g: { ${group}, schedules: { w: { start: "0 0 30 2 *", duration: 1h, minSize: 2 } } } }`,
  ],
  ['a billion laughs', `l0: &l0 ha\n${laughs.join('\n')}\nname: a\ngroups: { g: { ${group} } }`],
  ['a circle', `name: &a [*a]\ngroups: { g: { ${group} } }`],
  ['a very long name', `name: ${'x'.repeat(1_000_000)}\ngroups: { g: { ${group} } }`],
  ['very deep nesting', `name: ${'['.repeat(5_000)}${']'.repeat(5_000)}`],
])('answers %s', (_what, text) => {
  expectAnswer(text);
});

it('answers the shipped file with anything cut out, doubled or written over', () => {
  const cut = fc.tuple(fc.nat(shipped.length), fc.nat(200), fc.string({ maxLength: 30 }));
  fc.assert(
    fc.property(cut, fc.boolean(), ([at, length, text], doubles) => {
      const piece = doubles ? shipped.slice(at, at + length).repeat(2) : text;
      expectAnswer(shipped.slice(0, at) + piece + shipped.slice(at + length));
    }),
    { numRuns: 300 },
  );
});

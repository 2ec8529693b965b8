import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readFleet } from '../../../shared/fleet/read-fleet.ts';

const recipes = readFileSync(new URL('../../../docs/recipes.md', import.meta.url), 'utf8');
const fleets = [...recipes.matchAll(/```yaml\n(.*?)```/gs)].map(([, text]) => text!);

describe('the recipes', () => {
  it.each(fleets.map((text) => [/^name: (.*)$/m.exec(text)?.[1], text]))(
    '%s is a fleet file without mistakes',
    (_, text) => {
      expect(() => readFleet(text!)).not.toThrow();
    },
  );

  it('are all there', () => {
    expect(fleets.length).toBeGreaterThanOrEqual(8);
  });
});

import { expect, it } from 'vitest';
import { mostServers, serverLimit } from '../../../shared/objective/most-servers.ts';

it('finds the last server that is worth having, wherever it begins', () => {
  for (const last of [0, 1, 2, 7, 100, 12_345]) {
    for (const near of [0, 1, 6, 7, 8, 99, 12_344, 12_346, 90_000, 1e9]) {
      expect(mostServers((server) => server <= last, near)).toBe(last);
    }
  }
});

it('asks for no more than a group can have, in a few looks', () => {
  let looks = 0;
  const always = () => ++looks > 0;
  expect(mostServers(always, 3)).toBe(serverLimit);
  expect(mostServers(always, 1e12)).toBe(serverLimit);
  expect(looks).toBeLessThan(80);
});

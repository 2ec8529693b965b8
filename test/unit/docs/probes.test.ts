import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { probes } from '../../../verify/probes.ts';

it('the page of facts names every probe, and no other', () => {
  const [, section = ''] = readFileSync('docs/aws-facts.md', 'utf8').split('## Tried in AWS itself');
  const named = [...section.matchAll(/^\| `([a-z-]+)` \|/gm)].map(([, name]) => name);
  expect(named).toEqual(probes.map(({ name }) => name));
});

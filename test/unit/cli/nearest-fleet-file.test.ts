import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { nearestFleetFile } from '../../../cli/nearest-fleet-file.ts';

const top = mkdtempSync(join(tmpdir(), 'rushhour-'));
const deep = join(top, 'services', 'web');
mkdirSync(deep, { recursive: true });
afterAll(() => rmSync(top, { recursive: true }));

it('finds the nearest fleet.yaml upward, and says the plain name where there is none', () => {
  expect(nearestFleetFile(deep)).toBe('fleet.yaml');
  writeFileSync(join(top, 'fleet.yaml'), '');
  expect(nearestFleetFile(deep)).toBe(join('..', '..', 'fleet.yaml'));
  writeFileSync(join(deep, 'fleet.yaml'), '');
  expect(nearestFleetFile(deep)).toBe('fleet.yaml');
});

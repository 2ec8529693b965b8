import { expect, it } from 'vitest';
import { createScaler } from '../../../shared/engine/scaler.ts';
import { readFleet } from '../../../shared/fleet/read-fleet.ts';
import { memoryPorts } from '../../../shared/providers/memory/ports.ts';

const now = Date.parse('2026-03-04T04:00:00Z');
const hour = 3_600_000;

it("tells times by the fleet's clock, and the date of what is farther away than half a day", () => {
  const world = {
    launch: () => ({ inServiceAfterSeconds: 0, healthyAfterSeconds: 0 }),
    terminationSeconds: () => 0,
  };
  const text =
    'name: shop\ntimeZone: Asia/Shanghai\ngroups: { web: { existing: web, minSize: 1, maxSize: 9 } }';
  const scaler = createScaler(readFleet(text), memoryPorts(now, world));
  const until = (at: number) => scaler.english.sentence({ key: 'coolingDown', until: at }, now);
  expect(until(now + 2 * hour)).toBe('its cooldown runs until 14:00');
  expect(until(now + 48 * hour)).toBe('its cooldown runs until 6 March at 12:00');
  expect(until(now - 24 * hour)).toBe('its cooldown runs until 3 March at 12:00');
});

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
  const { formatTime } = scaler.groups.get('web')!.policy;
  expect(formatTime(now + 2 * hour, now)).toBe('14:00');
  expect(formatTime(now + 48 * hour, now)).toBe('12:00 on 6 March');
  expect(formatTime(now - 24 * hour, now)).toBe('12:00 on 3 March');
});

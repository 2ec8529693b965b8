import type { Manual } from '../../../shared/domain/person.ts';
import type { Trigger } from '../../../shared/domain/trigger.ts';
import type { Ports } from '../../../shared/ports/ports.ts';
import type { MemoryPorts } from '../../../shared/providers/memory/ports.ts';
import { faultyPorts } from '../../kit/faulty-ports.ts';
import { Stage } from '../../kit/stage.ts';

export const fleetFile = `
name: lunch
groups:
  business:
    existing: my-group
    minSize: 2
    maxSize: 10
    alarms:
      cpu-high: { metric: cpu, comparisonOperator: GreaterThanThreshold, threshold: 70, period: 300,
                  evaluationPeriods: 3, scalingAdjustment: 2, cooldown: 300 }
`;
export const start = '2026-03-04T03:00:00Z';
export const sweep: Trigger = { kind: 'sweep' };

export function bump(adjustment: number, requestId = 'request-1'): Manual {
  return { kind: 'manual', requestId, request: { kind: 'adjust', adjustment }, reason: 'test', owner: 'ada' };
}

/** Every call to a port, as `port.method`, passes `before`, which may throw, or answer in its place. */
export function watched(ports: MemoryPorts, before: (call: string) => unknown): Ports {
  return faultyPorts(ports, ({ name }, carryOut) => before(name) ?? carryOut());
}

export async function metStage(around?: (ports: MemoryPorts) => Ports, file = fleetFile): Promise<Stage> {
  const stage = new Stage(file, { start, ...(around && { around }) });
  stage.alarm('business', 'cpu-high', 'OK');
  await stage.playUntil('2026-03-04T03:05:00Z');
  return stage;
}

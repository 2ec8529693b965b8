import { describe, expect, it } from 'vitest';
import { reconcile } from '../../../shared/engine/reconcile.ts';
import { Stage } from '../../kit/stage.ts';

const fleetFile = `
name: lunch
groups:
  business: { existing: my-group, minSize: 2, maxSize: 10, healthCheckGracePeriod: 300, activityTimeout: 900 }
`;
const start = '2026-03-04T03:00:00Z';

describe('people', () => {
  it('are told of a beginning, that its launches fail, once, and of the failure that comes of it', async () => {
    let works = true;
    const refused = { fails: 'capacity', message: 'no c7g.xlarge left' } as const;
    const stage = new Stage(fleetFile, {
      start,
      life: {
        launch: () => (works ? { inServiceAfterSeconds: 60, healthyAfterSeconds: 60 } : refused),
        terminationSeconds: () => 30,
      },
    });
    await stage.playUntil('2026-03-04T03:05:00Z');
    works = false;
    const request = { kind: 'adjust', adjustment: 1 } as const;
    await reconcile(stage.scaler, 'business', {
      kind: 'manual',
      requestId: 'r1',
      request,
      reason: 'sale',
      owner: 'ada',
    });
    await stage.playUntil('2026-03-04T03:30:00Z');
    const told = stage.ports.events.published.filter(({ forPeople }) => forPeople);
    expect(told.map(({ subject, message }) => [subject, message])).toEqual([
      ['[lunch] business 2 → 3: +1 by ada (sale)', 'business 2 → 3: +1 by ada (sale)'],
      [
        '[lunch] LAUNCHES FAIL: business 2 → 3: +1 by ada (sale)',
        'business 2 → 3: +1 by ada (sale)\nlaunches fail (capacity): no c7g.xlarge left',
      ],
      [
        '[lunch] FAILED: business 2 → 3: +1 by ada (sale)',
        'business 2 → 3: +1 by ada (sale)\n2 of 3 were ready at the deadline; launches fail (capacity): no c7g.xlarge left',
      ],
    ]);
  });
});

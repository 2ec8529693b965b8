import { expect, it } from 'vitest';
import type { Forecast } from '../../../shared/domain/observation.ts';
import { LoneGroup } from '../../kit/lone-group.ts';

it('tells people of a load that is not believed, once, and when it is over', () => {
  const lone = new LoneGroup({ objective: { unserved: '0.1%', metric: 'cpu', targetValue: 50 } }, 5);
  const forecast: Forecast = { need: 5, keep: 5, why: { key: 'noForecast' } };
  lone.others = { ...lone.others, forecast };
  lone.settle();
  const before = lone.log.size;
  const why = { key: 'loadDoubted', why: 'asBusy', from: 3.1, to: 0 } as const;
  lone.others = { ...lone.others, forecast: { need: undefined, keep: undefined, why, doubted: true } };
  for (let minute = 0; minute < 5; minute++) {
    const decision = lone.look().at(-1)!;
    expect(decision).toMatchObject({ to: 5, reason: 'MetricContradicted' });
    lone.now += 60_000;
  }
  const rows = [...lone.log.values()].slice(before);
  expect(rows).toHaveLength(1);
  expect(rows[0]).toMatchObject({ reason: 'MetricContradicted', by: 'objective', statusCode: 'Cancelled' });
  expect(rows[0]!.message).toBe(
    "business stays at 5: the load fell from 3.1 to 0.0 servers' load while the servers are as busy as before: it holds",
  );
  lone.others = { ...lone.others, forecast };
  lone.look();
  expect([...lone.log.values()].at(-1)!.statusMessage).toBe('refused 6 times');
});

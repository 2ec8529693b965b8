import { expect, it } from 'vitest';
import type { Forecast } from '../../../shared/domain/observation.ts';
import { Stage } from './stage.ts';

it('tells people of a load that is not believed, once, and when it is over', () => {
  const stage = new Stage({ objective: { unserved: '0.1%', metric: 'cpu', targetValue: 50 } }, 5);
  const forecast: Forecast = { need: 5, keep: 5, why: { key: 'noForecast' } };
  stage.others = { ...stage.others, forecast };
  stage.settle();
  const before = stage.log.size;
  const why = { key: 'loadDoubted', why: 'asBusy', from: 3.1, to: 0 } as const;
  stage.others = { ...stage.others, forecast: { need: undefined, keep: undefined, why, doubted: true } };
  for (let minute = 0; minute < 5; minute++) {
    const decision = stage.look().at(-1)!;
    expect(decision).toMatchObject({ to: 5, reason: 'MetricContradicted' });
    stage.now += 60_000;
  }
  const rows = [...stage.log.values()].slice(before);
  expect(rows).toHaveLength(1);
  expect(rows[0]).toMatchObject({ reason: 'MetricContradicted', by: 'objective', statusCode: 'Cancelled' });
  expect(rows[0]!.message).toBe(
    "business stays at 5: the load fell from 3.1 to 0.0 servers' load while the servers are as busy as before: it holds",
  );
  stage.others = { ...stage.others, forecast };
  stage.look();
  expect([...stage.log.values()].at(-1)!.statusMessage).toBe('refused 6 times');
});

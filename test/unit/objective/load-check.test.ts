import { describe, expect, it } from 'vitest';
import { DailyExtremes } from '../../../shared/objective/daily-extremes.ts';
import { type Evidence, LoadCheck } from '../../../shared/objective/load-check.ts';

const unknown = Number.NaN;
const evidence: Evidence = { inService: 12, cpu: 60, healthy: 12 };

/** Two hours of about ten servers, whose CPU goes with them. */
function settled(cpu: (load: number) => number = (load) => 6 * load) {
  const extremes = new DailyExtremes();
  const check = new LoadCheck(extremes);
  for (let minute = 0; minute < 120; minute++) {
    const load = 10 + Math.sin(minute);
    check.judge(minute, load, { ...evidence, cpu: cpu(load) });
    extremes.add(minute, load);
  }
  return (load: number, seen: Partial<Evidence>, minute = 120) =>
    check.judge(minute, load, { ...evidence, ...seen })?.why;
}

describe('a load that falls', () => {
  it('is not believed while the servers are as busy as before, however long', () => {
    const why = settled();
    for (let minute = 120; minute < 1000; minute++) expect(why(0.01, { cpu: 60 }, minute)).toBe('asBusy');
    expect(why(10, { cpu: 60 }, 1000)).toBeUndefined();
  });

  it('is believed when the servers have less to do', () => {
    expect(settled()(0.01, { cpu: 3 })).toBeUndefined();
    expect(settled()(2, { cpu: 12 })).toBeUndefined();
  });

  it('is not believed while the balancer finds most servers unhealthy, who then have little to do', () => {
    expect(settled()(0, { cpu: 3, healthy: 5 })).toBe('unhealthy');
    expect(settled()(0, { cpu: 3, healthy: 6 })).toBeUndefined();
  });

  it('lower than ever is believed after an hour when nobody can tell, and from then on', () => {
    const why = settled();
    const seen = { cpu: unknown, healthy: unknown };
    for (let minute = 120; minute < 180; minute++) expect(why(0.1, seen, minute)).toBe('neverSoLow');
    expect(why(0.1, seen, 180)).toBeUndefined();
    expect(why(0.1, seen, 181)).toBeUndefined();
  });

  it('little is nothing strange', () => {
    expect(settled()(5, { cpu: 60 })).toBeUndefined();
  });
});

describe('a load that rises', () => {
  it('is not believed while the servers are no busier', () => {
    expect(settled()(10_000, { cpu: 60 })).toBe('noBusier');
    expect(settled()(40, { cpu: 60 })).toBe('noBusier');
  });

  it('is believed when they are busier, or too full to be', () => {
    expect(settled((load) => 4 * load)(40, { cpu: 70 })).toBeUndefined();
    expect(settled((load) => 8 * load)(40, { cpu: 85 })).toBeUndefined();
  });

  it('is believed where CPU says nothing of it', () => {
    const unrelated = settled((load) => 30 + Math.sin(1e4 * load));
    expect(unrelated(40, { cpu: 30 })).toBeUndefined();
  });

  it('far beyond everything is believed after a quarter of an hour when nobody can tell', () => {
    const why = settled();
    for (let minute = 120; minute < 135; minute++)
      expect(why(400, { cpu: unknown }, minute)).toBe('neverSoHigh');
    expect(why(400, { cpu: unknown }, 135)).toBeUndefined();
    expect(settled()(300, { cpu: unknown })).toBeUndefined();
  });
});

it('believes no count below nothing', () => {
  expect(settled()(-50, {})).toBe('negative');
});

it('says nothing before it has seen an hour', () => {
  const check = new LoadCheck(new DailyExtremes());
  for (let minute = 0; minute < 60; minute++)
    expect(check.judge(minute, 10 ** (minute % 5), evidence)).toBeUndefined();
});

it('goes on as if it had never been saved', () => {
  const extremes = new DailyExtremes();
  const one = new LoadCheck(extremes);
  const load = (minute: number) => (minute > 140 ? 0.1 : 10 + Math.sin(minute));
  const seen = (minute: number) => ({ ...evidence, cpu: minute % 9 ? unknown : 60 });
  for (let minute = 0; minute < 150; minute++) {
    if (!one.judge(minute, load(minute), seen(minute))) extremes.add(minute, load(minute));
  }
  const restored = new DailyExtremes();
  restored.restore(JSON.parse(JSON.stringify(extremes)));
  const other = new LoadCheck(restored);
  other.restore(JSON.parse(JSON.stringify(one)));
  for (let minute = 150; minute < 220; minute++) {
    expect(other.judge(minute, load(minute), seen(minute))).toEqual(
      one.judge(minute, load(minute), seen(minute)),
    );
  }
});

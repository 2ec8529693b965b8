import { expect, it } from 'vitest';
import { compete } from '../../../bench/compete.ts';
import { jsonRows } from '../../../bench/json-rows.ts';
import { prepareCase } from '../../../bench/protocol.ts';

it('writes exactly the documented keys', () => {
  const load = new Float64Array(8 * 1440).fill(1000);
  const recording = { name: 'flat', startsAt: 0, load, resolutionMinutes: 1 };
  const fixed = { name: 'fixed', grid: [{ size: 20 }], make: () => () => 20 };
  const written = JSON.parse(jsonRows(compete(prepareCase(recording, 3, 20), [fixed])));
  const documented =
    'trace footing boot meanDemand policy knobs violation costOverOracle thetaU thetaO tauU tauO adaptationsPerDay recoveryMinutes hindsightCostOverOracle';
  expect(written.map((row: object) => Object.keys(row))).toEqual([documented.split(' ')]);
  expect(written[0]).toMatchObject({
    trace: 'flat',
    footing: 'late',
    boot: 3,
    meanDemand: 20,
    knobs: { size: 20 },
    costOverOracle: 1,
  });
});

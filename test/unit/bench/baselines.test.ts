import { describe, expect, it } from 'vitest';
import { kubernetesHpa } from '../../../bench/baselines/kubernetes-hpa.ts';
import { predictive } from '../../../bench/baselines/predictive.ts';
import { scheduled } from '../../../bench/baselines/scheduled.ts';
import { staticPeak } from '../../../bench/baselines/static-peak.ts';
import { stepScaling } from '../../../bench/baselines/step-scaling.ts';
import { targetTracking } from '../../../bench/baselines/target-tracking.ts';
import { type Policy, play } from '../../../bench/service-model.ts';

/** Load in full servers: `[minutes, load]` one after the other. */
const steps = (...parts: [minutes: number, load: number][]) =>
  Float64Array.from(parts.flatMap(([minutes, load]) => Array<number>(minutes).fill(load)));
const desired = (load: Float64Array, policy: Policy, bootMinutes = 3) =>
  play({ load, bootMinutes }, policy).desired;
const fresh = (load: Float64Array, policy: Policy) =>
  play({ load, bootMinutes: 3, footing: 'fresh' }, policy).desired;
const changes = (values: Int32Array) =>
  [...values.keys()].filter((minute) => minute > 0 && values[minute] !== values[minute - 1]);

describe('AWS target tracking', () => {
  it('scales out to what the newest point needs after three points above the target', () => {
    const load = steps([20, 4], [20, 8]);
    const result = desired(load, targetTracking(load, 0.8, 0.9));
    expect(changes(result)).toEqual([24]);
    expect(result[24]).toBe(10);
  });

  it('scales in after fifteen points below the share of the target, and not before', () => {
    const load = steps([20, 8], [40, 4]);
    const result = desired(load, targetTracking(load, 0.8, 0.9));
    expect(changes(result)).toEqual([36]);
    expect(result[36]).toBe(5);
  });

  it('holds between the two', () => {
    const load = steps([20, 8], [60, 7.4]);
    expect(changes(desired(load, targetTracking(load, 0.8, 0.9)))).toEqual([]);
  });
});

describe('AWS step scaling', () => {
  it('adds 10, 20 or 30 % by the size of the breach after two points', () => {
    const jump = (to: number) => {
      const load = steps([10, 16], [4, to]);
      return desired(load, stepScaling(load, 0.8), 30).at(-1);
    };
    expect(jump(17)).toBe(22);
    expect(jump(18.5)).toBe(24);
    expect(jump(21)).toBe(26);
  });

  it('does not count servers that still boot twice', () => {
    const load = steps([10, 16], [12, 21]);
    expect(desired(load, stepScaling(load, 0.8), 30).at(-1)).toBe(26);
  });

  it('takes 10 % every fifteen minutes, at least one server', () => {
    const load = steps([10, 16], [50, 4]);
    const result = desired(load, stepScaling(load, 0.8));
    expect(changes(result)).toEqual([26, 41, 56]);
    expect([result[26], result[41], result[56]]).toEqual([18, 17, 16]);
  });
});

describe('AWS predictive scaling', () => {
  it('is there five minutes before the hour that was busy yesterday', () => {
    const day: [number, number][] = [
      [600, 2],
      [60, 8],
      [780, 2],
    ];
    const load = steps(...day, ...day);
    const result = desired(load, predictive(load, 0.8));
    expect(result[1440 + 594]).toBe(3);
    expect(result[1440 + 595]).toBe(10);
  });

  it('never lowers what target tracking wants', () => {
    const load = steps([1440, 2], [100, 8]);
    const alone = desired(load, targetTracking(load, 0.8, 0.9));
    desired(load, predictive(load, 0.8)).forEach((servers, minute) => {
      expect(servers).toBeGreaterThanOrEqual(alone[minute]!);
    });
  });
});

describe("Kubernetes' HPA", () => {
  it('acts on the newest minute that can be seen', () => {
    const load = steps([20, 4], [10, 8]);
    expect(changes(desired(load, kubernetesHpa(load, 0.8)))).toEqual([22]);
    expect(changes(fresh(load, kubernetesHpa(load, 0.8)))).toEqual([20]);
  });

  it('does nothing within its tolerance', () => {
    const load = steps([20, 8], [20, 8.7], [20, 7.3]);
    expect(changes(desired(load, kubernetesHpa(load, 0.8)))).toEqual([]);
  });

  it('scales down to the highest recommendation younger than 300 s', () => {
    const load = steps([20, 8], [20, 4]);
    const result = fresh(load, kubernetesHpa(load, 0.8));
    expect(changes(result)).toEqual([24]);
    expect(result[24]).toBe(5);
  });

  it('scales up by at most four times max(100 %, 4) a minute', () => {
    const load = steps([5, 0.8], [3, 80]);
    expect(fresh(load, kubernetesHpa(load, 0.8))[5]).toBe(17);
  });
});

describe('plans made from the training span', () => {
  const day: [number, number][] = [
    [600, 1.6],
    [60, 8],
    [780, 1.6],
  ];
  const load = steps(...day, ...day);
  const training = { from: 0, to: 1440 };

  it('the schedule has each hour’s highest demand, launched in time', () => {
    const result = desired(load, scheduled({ load, bootMinutes: 3 }, training, 1));
    expect(changes(result).slice(2)).toEqual([1440 + 597, 1440 + 660]);
    expect(result[1440 + 597]).toBe(10);
  });

  it('the static peak is the highest demand times its margin', () => {
    expect(changes(desired(load, staticPeak({ load, bootMinutes: 3 }, training, 1.25)))).toEqual([]);
    expect(desired(load, staticPeak({ load, bootMinutes: 3 }, training, 1.25))[0]).toBe(13);
  });
});

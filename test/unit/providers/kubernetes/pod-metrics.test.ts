import { expect, it } from 'vitest';
import type { Reading } from '../../../../shared/domain/observation.ts';
import type { AskedMetric, Metrics } from '../../../../shared/ports/metrics.ts';
import { PortError } from '../../../../shared/ports/port-error.ts';
import type { Measured } from '../../../../shared/providers/kubernetes/measurements.ts';
import { PodMetricsNow } from '../../../../shared/providers/kubernetes/pod-metrics.ts';

const now = Date.parse('2026-03-04T11:00:30Z');
const kept: Reading = { known: true, value: 1, at: now - 120_000 };
const cloudWatch: Metrics = { latest: async (asked) => asked.map(() => kept), history: async () => [] };
const nothing = { CPUUtilization: undefined, MemoryUtilization: undefined, ReadyPods: 0, DesiredPods: 0 };

function asked(scalingGroup: string, metric: string, periodSeconds = 60): AskedMetric {
  const group = { name: scalingGroup, scalingGroup, config: {} };
  return {
    group,
    seen: undefined,
    use: { key: metric, metric, statistic: 'Average', periodSeconds },
  } as never;
}

const measurements = {
  of: async (names: readonly string[]) => {
    const all = new Map<string, Measured>([
      ['web', { ...nothing, CPUUtilization: 71, MemoryUtilization: 40 }],
      ['idle', nothing],
    ]);
    const measured = new Map([...all].filter(([name]) => names.includes(name)));
    return measured.size < names.length
      ? { measured, failure: new PortError('Unavailable', 'no answer') }
      : { measured };
  },
};
const metrics = new PodMetricsNow(new Set(['web', 'idle', 'hung']), measurements, cloudWatch);

it('how busy pods are is of this minute, what covers more is what was kept', async () => {
  const all = [asked('web', 'cpu'), asked('web', 'memory'), asked('web', 'cpu', 300), asked('queue', 'cpu')];
  expect(await metrics.latest(all, now)).toEqual([
    { known: true, value: 71, at: now - 60_000 },
    { known: true, value: 40, at: now - 60_000 },
    kept,
    kept,
  ]);
});

it('pods that nobody has measured are missing, a cluster that gives no answer has failed, and others are read', async () => {
  const all = [asked('idle', 'cpu'), asked('hung', 'cpu'), asked('web', 'cpu')];
  expect(await metrics.latest(all, now)).toEqual([
    { known: false, why: 'missing' },
    { known: false, why: 'failed' },
    { known: true, value: 71, at: now - 60_000 },
  ]);
});

it('where nothing could be read the failure says why', async () => {
  await expect(metrics.latest([asked('hung', 'cpu')], now)).rejects.toThrow('no answer');
});

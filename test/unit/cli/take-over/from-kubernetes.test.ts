import { describe, expect, it } from 'vitest';
import { kubernetesHpa } from '../../../../bench/baselines/kubernetes-hpa.ts';
import { play } from '../../../../bench/service-model.ts';
import { fleetText } from '../../../../cli/take-over/fleet-text.ts';
import { fromHpa } from '../../../../cli/take-over/from-hpa.ts';
import { fromKeda } from '../../../../cli/take-over/from-keda.ts';
import { scalersIn } from '../../../../cli/take-over/kubernetes-manifests.ts';
import { readFleet } from '../../../../shared/fleet/read-fleet.ts';
import { warnings } from '../../../../shared/fleet/warnings.ts';
import { backtest } from '../../../../simulate/backtest.ts';
import { contoso, kedaCpu, kedaCron, type PublicManifest, phpApache, severalMetrics } from './manifests.ts';

function taken({ text, source }: PublicManifest) {
  const [scaler] = scalersIn(text, source);
  return scaler!.kind === 'ScaledObject' ? fromKeda(scaler!) : fromHpa(scaler!);
}

const upward = {
  stabilizationWindowSeconds: 0,
  policies: [
    { type: 'Percent', value: 100, periodSeconds: 15 },
    { type: 'Instances', value: 4, periodSeconds: 15 },
  ],
};
const downward = {
  stabilizationWindowSeconds: 300,
  policies: [{ type: 'Percent', value: 100, periodSeconds: 15 }],
};

const cases: [PublicManifest, group: object, lost: string[]][] = [
  [
    phpApache,
    {
      minSize: 1,
      maxSize: 10,
      targets: [{ metric: 'cpu', targetValue: 50 }],
      behavior: { scaleUp: upward, scaleDown: downward },
    },
    ['cluster'],
  ],
  [
    severalMetrics,
    { targets: [{ metric: 'cpu', targetValue: 50 }] },
    ['cluster', 'metric packets-per-second', 'metric requests-per-second'],
  ],
  [
    contoso,
    {
      targets: [
        { metric: 'cpu', targetValue: 20 },
        { metric: 'memory', targetValue: 50 },
      ],
      behavior: {
        scaleUp: {
          stabilizationWindowSeconds: 120,
          policies: [
            { type: 'Percent', value: 30, periodSeconds: 60 },
            { type: 'Instances', value: 7, periodSeconds: 90 },
          ],
        },
        scaleDown: downward,
      },
    },
    ['cluster'],
  ],
  [
    kedaCron,
    {
      minSize: 0,
      maxSize: 100,
      schedules: { 'cron-1': { start: '0 6 * * *', end: '0 20 * * *', minSize: 10 } },
    },
    ['cluster'],
  ],
  [kedaCpu, { minSize: 1, maxSize: 100, targets: [{ metric: 'cpu', targetValue: 50 }] }, ['cluster']],
];

describe('manifests of public documentation', () => {
  it.each(cases)('are taken over: $source', (manifest, group, lost) => {
    const one = taken(manifest);
    expect(one.group).toMatchObject(group);
    const missing = one.remarks.flatMap(({ kind, subject }) => (kind === 'lost' ? [subject] : []));
    expect(missing.sort()).toEqual(lost);
  });

  it.each(cases)('are valid fleet files: $source', (manifest) => {
    const fleet = readFleet(fleetText({ name: 'taken', groups: [taken(manifest)] }));
    expect(fleet.timeZone).toBe(manifest === kedaCron ? 'Asia/Kolkata' : 'UTC');
    expect(warnings(fleet)).toBeDefined();
  });
});

/** A day from 6:00 to 6:00 in minutes, in full servers. */
const day = Float64Array.from({ length: 24 * 60 }, (_, minute) => {
  const hour = minute / 60;
  return 0.3 + 2.5 * Math.max(0, Math.sin((hour / 14) * Math.PI)) * (1 + 0.02 * Math.sin(minute));
});
const perServer = 100 * 60;

async function playedHere(manifest: PublicManifest, startsAt: string) {
  const one = taken(manifest);
  // A simulation begins with one server where nothing is said.
  const group = {
    ...one.group,
    initialCapacity: one.group.minSize,
    simulation: { requestsPerSecondPerServer: 100, bootSeconds: 60 },
  };
  const fleet = readFleet(fleetText({ name: 'taken', groups: [{ ...one, group }] }));
  const [name] = Object.keys(fleet.groups);
  const loads = new Map([[name!, day.map((servers) => servers * perServer)]]);
  const result = await backtest({ fleet, start: Date.parse(startsAt), loads });
  return result.get(name!)!;
}

const mean = (servers: Int32Array) => servers.reduce((sum, each) => sum + each, 0) / servers.length;

describe('a day beside what it was', () => {
  it.each([
    [phpApache, 0.5],
    [severalMetrics, 0.5],
    [kedaCpu, 0.5],
  ])('has about as many servers as the HPA kept: $source', async (manifest, target) => {
    const here = await playedHere(manifest, '2026-03-04T00:00:00Z');
    const there = play({ load: day, bootMinutes: 1, footing: 'fresh' }, kubernetesHpa(day, target));
    expect(Math.abs(mean(here.desired) / mean(there.desired) - 1)).toBeLessThan(0.15);
    expect(Math.abs(Math.max(...here.desired) - Math.max(...there.desired))).toBeLessThanOrEqual(1);
  });

  it('has at least as many as the lower of two targets wants', async () => {
    const here = await playedHere(contoso, '2026-03-04T00:00:00Z');
    const cpuAlone = play({ load: day, bootMinutes: 1, footing: 'fresh' }, kubernetesHpa(day, 0.2));
    expect(Math.max(...here.desired)).toBe(10);
    expect(mean(here.desired)).toBeGreaterThan(0.85 * Math.min(10, mean(cpuAlone.desired)));
  });

  it('has the servers that KEDA kept from 6:00 to 20:00, and at night what it had before', async () => {
    // 6:00 in Kolkata. A simulation begins with one server, which is the group's own.
    const here = await playedHere(kedaCron, '2026-03-04T00:30:00Z');
    const open = here.desired.slice(1, 14 * 60);
    expect([...new Set(open)]).toEqual([10]);
    expect([...new Set(here.desired.slice(14 * 60 + 2))]).toEqual([1]);
  });
});

describe('what is no manifest of a scaler', () => {
  it.each([
    ['kind: Deployment\n', 'has no HorizontalPodAutoscaler and no ScaledObject'],
    ['', 'has no HorizontalPodAutoscaler'],
    ['a: [', 'x.yaml: '],
  ])('is refused: %j', (text, message) => {
    expect(() => scalersIn(text, 'x.yaml')).toThrow(message);
  });

  it('also of a version with other fields', () => {
    const [scaler] = scalersIn(phpApache.text.replace('autoscaling/v2', 'autoscaling/v2beta1'), 'x.yaml');
    expect(() => fromHpa(scaler!)).toThrow('expected autoscaling/v2');
  });

  it('and a list of several is taken over one by one', () => {
    const list = { kind: 'List', items: [phpApache, kedaCpu].flatMap(({ text }) => scalersIn(text, '')) };
    expect(scalersIn(JSON.stringify(list), 'list.json')).toHaveLength(2);
  });
});

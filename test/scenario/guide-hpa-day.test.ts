import { expect, it } from 'vitest';
import { fleetText } from '../../cli/take-over/fleet-text.ts';
import { fromHpa } from '../../cli/take-over/from-hpa.ts';
import { scalersIn } from '../../cli/take-over/kubernetes-manifests.ts';
import { handle as sweep } from '../../functions/sweep.ts';
import { createScaler } from '../../shared/engine/scaler.ts';
import { readFleet } from '../../shared/fleet/read-fleet.ts';
import { PodMetricsNow } from '../../shared/providers/kubernetes/pod-metrics.ts';
import { memoryPorts } from '../../shared/providers/memory/ports.ts';
import { HpaModel, type ModelSpec } from '../kit/hpa-model.ts';
import { invocation } from '../kit/stage.ts';

/** The users' guide's. */
const manifest = `
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: { name: api, namespace: shop }
spec:
  scaleTargetRef: { apiVersion: apps/v1, kind: Deployment, name: api }
  minReplicas: 3
  maxReplicas: 20
  metrics:
    - { type: Resource, resource: { name: cpu, target: { type: Utilization, averageUtilization: 70 } } }
    - { type: Resource, resource: { name: memory, target: { type: Utilization, averageUtilization: 80 } } }
  behavior:
    scaleDown:
      stabilizationWindowSeconds: 300
      policies: [{ type: Percent, value: 50, periodSeconds: 60 }]
    scaleUp:
      stabilizationWindowSeconds: 0
      selectPolicy: Max
      policies:
        - { type: Percent, value: 100, periodSeconds: 60 }
        - { type: Pods, value: 2, periodSeconds: 60 }
`;

const spec: ModelSpec = {
  minReplicas: 3,
  maxReplicas: 20,
  metrics: [
    { name: 'cpu', target: 70 },
    { name: 'memory', target: 80 },
  ],
  scaleUp: {
    stabilizationWindowSeconds: 0,
    policies: [
      { type: 'Percent', value: 100, periodSeconds: 60 },
      { type: 'Pods', value: 2, periodSeconds: 60 },
    ],
  },
  scaleDown: {
    stabilizationWindowSeconds: 300,
    policies: [{ type: 'Percent', value: 50, periodSeconds: 60 }],
  },
};

const start = Date.parse('2026-03-04T00:00:00Z');
const daySeconds = 86_400;
const bootSeconds = 30;

/** From 0 to 1 and back: a hill between two hours, as wide on the way up as on the way down. */
function hill(second: number, from: number, to: number, slopeHours: number): number {
  const hour = second / 3600;
  const up = (hour - from) / slopeHours;
  const down = (to - hour) / slopeHours;
  return Math.max(0, Math.min(1, up, down));
}

/** What all pods together need, in pods that are full: a business day, lunch, a crowd at 16:10, and caches that fill at night. */
function needs(second: number): { readonly cpu: number; readonly memory: number } {
  const day = 1.2 + 3.5 * hill(second, 6, 22, 4);
  const cpu = day + 4 * hill(second, 11, 13, 0.25) + 6 * hill(second, 16.17, 17.4, 0.1);
  return { cpu, memory: 2 + 6 * hill(second, 19, 23.5, 1) };
}

/** In % of what a pod requests, as an autoscaler has it; its limit is twice the CPU that it requests. */
function useOf(second: number, ready: number) {
  const { cpu, memory } = needs(second);
  return {
    cpu: Math.floor(Math.min(200, (100 * cpu) / ready)),
    memory: Math.floor(Math.min(100, (100 * memory) / ready)),
  };
}

/** Kubernetes' own, each 15 seconds; by second 0, 15, … */
function theirs(): number[] {
  const hpa = new HpaModel(spec, 3);
  let pods = [-60, -60, -60];
  const replicas: number[] = [];
  for (let second = 0; second < daySeconds; second += 15) {
    const ready = pods.filter((readyAt) => readyAt <= second).length;
    hpa.sync(second, ready, useOf(second, ready));
    while (pods.length < hpa.replicas) pods.push(second + bootSeconds);
    pods = pods.slice(0, hpa.replicas);
    replicas.push(hpa.replicas);
  }
  return replicas;
}

/** Ours, taken over from the manifest line for line; at each minute. */
async function ours(): Promise<number[]> {
  const [hpa] = scalersIn(manifest, 'hpa.yaml');
  const text = fleetText({ name: 'taken', groups: [fromHpa(hpa!, 'shop')] });
  const fleet = readFleet(text.replaceAll('mode: observe', 'mode: active'));
  const ports = memoryPorts(start - 60_000, {
    launch: () => ({ inServiceAfterSeconds: bootSeconds, healthyAfterSeconds: bootSeconds }),
    terminationSeconds: () => 0,
  });
  const readyIn = (name: string) =>
    ports.groups.get(name).servers.filter(({ lifecycle }) => lifecycle === 'ready').length;
  const measure = async (names: readonly string[]) => {
    const second = (ports.clock.now() - start) / 1000;
    const of = (name: string) => {
      const { cpu, memory } = useOf(second, readyIn(name));
      return { CPUUtilization: cpu, MemoryUtilization: memory, ReadyPods: undefined, DesiredPods: undefined };
    };
    return { measured: new Map(names.map((name) => [name, of(name)])) };
  };
  const metrics = new PodMetricsNow({ has: () => true }, { of: measure }, ports.metrics);
  const scaler = createScaler(fleet, { ...ports, metrics });
  const { scalingGroup } = scaler.groups.get('api')!;
  const sizes = { name: scalingGroup, minSize: 0, maxSize: 100, desired: 3 };
  ports.groups.put({ ...sizes, servers: [], suspended: [], trafficSources: [] });
  const desired: number[] = [];
  for (let minute = 0; minute < daySeconds / 60; minute++) {
    ports.clock.advance(60);
    await sweep({}, scaler, invocation);
    desired.push(ports.groups.get(scalingGroup).desired);
  }
  return desired;
}

it('the guide’s autoscaler, taken over line for line, has the same replicas within a minute: at most one apart, for two minutes of a day', async () => {
  const [kubernetes, rushhour] = [theirs(), await ours()];
  const apart = rushhour.map((replicas, minute) => {
    // Within a minute before and after it, theirs had at least and at most so many.
    const near = kubernetes.slice(Math.max(0, 4 * minute - 4), 4 * minute + 5);
    return Math.max(0, Math.min(...near) - replicas, replicas - Math.max(...near));
  });
  const minutesApart = apart.filter((pods) => pods > 0).length;
  const most = Math.max(...kubernetes);
  console.info(
    `3 to ${most} pods: the largest difference is ${Math.max(...apart)} pods, in ${minutesApart} of ${apart.length} minutes`,
  );
  expect(most).toBeGreaterThan(12);
  expect(Math.max(...apart)).toBeLessThanOrEqual(1);
  expect(minutesApart).toBeLessThanOrEqual(2);
});

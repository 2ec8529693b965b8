import { setImmediate } from 'node:timers/promises';
import { LocalCluster } from '@rushhour/local-kubernetes';
import { KubernetesEndpoint } from '@rushhour/local-kubernetes/endpoint';
import { deployments, statefulSets } from '@rushhour/local-kubernetes/resource-types';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { KubernetesWorkload } from '../../../../shared/fleet/kubernetes.ts';
import { roleRules } from '../../../../shared/fleet/kubernetes-role.ts';
import { PortError } from '../../../../shared/ports/port-error.ts';
import { ClusterConnection } from '../../../../shared/providers/kubernetes/connection.ts';
import { KubernetesWorkloads } from '../../../../shared/providers/kubernetes/workloads.ts';
import { type HttpCall, overHttp, type Via } from '../../../../shared/providers/over-http.ts';

const namespace = 'shop';
const cluster = { eks: 'shop' };
const rollout = { apiVersion: 'argoproj.io/v1alpha1', kind: 'Rollout', plural: 'rollouts', name: 'api' };
const workloads: Readonly<Record<string, KubernetesWorkload>> = {
  web: { cluster, namespace, deployment: 'web' },
  worker: { cluster, namespace, deployment: 'worker' },
  store: { cluster, namespace, statefulSet: 'store' },
  api: { cluster, namespace, resource: rollout },
};

let now: number;
let due: { when: number; task: () => void }[];
let local: LocalCluster;
let endpoint: KubernetesEndpoint;
let provider: KubernetesWorkloads;
let providerOf: (via?: Via) => KubernetesWorkloads;
let token: string;
/** The token that is there when it is asked for again. */
let another: string | undefined;
/** Why nobody can say then which one is there. */
let unreadable: PortError | undefined;

beforeEach(async () => {
  now = Date.parse('2026-03-04T00:00:00Z');
  due = [];
  const timeline = {
    now: () => now,
    at: (when: number, _: string, task: () => void) => {
      const entry = { when, task };
      due.push(entry);
      return () => void due.splice(due.indexOf(entry), 1);
    },
  };
  const always = { start: () => {}, stop: () => {}, answers: () => true, usage: () => undefined };
  local = new LocalCluster(timeline, always);
  local.addWorkloadType({
    ...{ group: 'argoproj.io', version: 'v1alpha1', plural: 'rollouts', kind: 'Rollout' },
    ...{ shortNames: [], hasScale: true },
  });
  local.access.addToken('rush', { name: 'rushhour', groups: [] });
  local.access.bind('rushhour', roleRules(Object.values(workloads)), namespace);
  for (const name of ['web', 'worker']) local.createWorkload(deployments, { namespace, name, replicas: 2 });
  local.createWorkload(statefulSets, { namespace, name: 'store', replicas: 3 });
  local.createWorkload(local.workloadTypes.at(-1)!, { namespace, name: 'api', replicas: 4 });
  endpoint = new KubernetesEndpoint(local);
  const server = new URL(await endpoint.listen());
  token = 'rush';
  another = undefined;
  unreadable = undefined;
  let isForgotten = false;
  const forget = () => {
    token = another ?? token;
    isForgotten = true;
  };
  const access = async () => {
    if (isForgotten && unreadable) throw unreadable;
    return { server, token };
  };
  const source = { access, forget };
  const clock = { now: () => now };
  const groups = Object.entries(workloads).map(
    ([name, workload]) => [name, { workload, maxSize: 8, published: [] }] as const,
  );
  providerOf = (via) => {
    const connection = new ClusterConnection('shop', source, clock, via);
    return new KubernetesWorkloads(new Map(groups), () => connection, clock);
  };
  provider = providerOf();
  pass(120);
});
afterEach(() => endpoint.close());

function pass(seconds: number): void {
  const end = now + seconds * 1000;
  for (;;) {
    const next = due.filter(({ when }) => when <= end).toSorted((one, other) => one.when - other.when)[0];
    if (!next) break;
    due.splice(due.indexOf(next), 1);
    now = Math.max(now, next.when);
    next.task();
  }
  now = end;
}

const autoscaler = (name: string, minReplicas: number) =>
  local.createHpa({
    metadata: { namespace, name },
    spec: {
      scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' },
      minReplicas,
      maxReplicas: 5,
    },
  });

async function seen(name: string) {
  return (await provider.describe([name])).get(name)!;
}

describe('workloads of a namespace', () => {
  it('are read by one list of each kind, however many there are', async () => {
    endpoint.requests.length = 0;
    const found = await provider.describe(Object.keys(workloads));
    expect([...found].map(([name, { desired, servers }]) => [name, desired, servers.length])).toEqual([
      ['web', 2, 2],
      ['worker', 2, 2],
      ['store', 3, 3],
      ['api', 4, 4],
    ]);
    const lists = endpoint.requests.map((request) => request.replace('/namespaces/shop', '')).toSorted();
    expect(lists).toEqual([
      'GET /api/v1/pods',
      'GET /apis/apps/v1/deployments',
      'GET /apis/apps/v1/statefulsets',
      'GET /apis/argoproj.io/v1alpha1/rollouts/api/scale',
      'GET /apis/autoscaling/v2/horizontalpodautoscalers',
    ]);
  });

  it('are as they are now, for no list names a version', async () => {
    const asked: URL[] = [];
    const via = (call: HttpCall) => {
      asked.push(call.url);
      return overHttp({ ...call, via: undefined });
    };
    const found = await providerOf(via).describe(Object.keys(workloads));
    expect(asked.length).toBeGreaterThan(4);
    expect(asked.filter(({ searchParams }) => searchParams.has('resourceVersion'))).toEqual([]);
    for (const [name, { neverLate }] of found) expect(neverLate, name).toBe(true);
  });

  it('are set by their scale, a custom resource as well', async () => {
    await provider.setDesired('api', 6, await seen('api'));
    expect((await seen('api')).desired).toBe(6);
  });

  it('tell a rollout while pods of the old template are there', async () => {
    expect(await provider.instanceRefresh('web')).toBeNull();
    local.life.missingImages.add('web:2');
    local.setImage(deployments, local.workload(deployments, namespace, 'web'), 'web:2');
    pass(30);
    expect(await provider.instanceRefresh('web')).toBe('Progressing');
    const failure = await provider.launchFailure('web', 0);
    expect(failure).toMatchObject({ kind: 'image', message: expect.stringContaining('web:2') });
  });
});

describe('a workload that an autoscaler owns', () => {
  it('has the autoscaler’s minimum for its capacity, and what it adds above for tracked', async () => {
    autoscaler('web', 2);
    local.scale(deployments, local.workload(deployments, namespace, 'web'), 4);
    expect(await seen('web')).toMatchObject({ desired: 2, tracked: 4, minSize: 1, revision: 'web' });
  });

  it('gets the fleet file’s maximum with its minimum', async () => {
    const hpa = autoscaler('web', 2);
    await provider.setDesired('web', 6, await seen('web'));
    expect(hpa.spec).toMatchObject({ minReplicas: 6, maxReplicas: 8 });
    pass(16);
    expect(local.workload(deployments, namespace, 'web').spec.replicas).toBe(6);
  });

  it('is not set to nothing: the autoscaler would be off', async () => {
    const hpa = autoscaler('web', 2);
    const refused = provider.setDesired('web', 0, await seen('web'));
    await expect(refused).rejects.toMatchObject({
      code: 'Invalid',
      message: expect.stringMatching(/off at 0 pods.*minSize of at least 1/),
    });
    expect(hpa.spec.minReplicas).toBe(2);
  });

  it('that somebody has set to nothing is woken by its scale, for the autoscaler is off', async () => {
    const hpa = autoscaler('web', 2);
    local.scale(deployments, local.workload(deployments, namespace, 'web'), 0);
    pass(60);
    expect((await seen('web')).desired).toBe(0);
    await provider.setDesired('web', 3, await seen('web'));
    expect(hpa.spec.minReplicas).toBe(3);
    pass(60);
    expect(local.workload(deployments, namespace, 'web').status.readyReplicas).toBe(3);
  });

  it('tells of a second autoscaler, which would fight', async () => {
    autoscaler('web', 2);
    expect(await provider.nativeScaling('web')).toEqual([]);
    autoscaler('web-too', 3);
    const rivals = [{ name: 'HorizontalPodAutoscaler web-too', isAsleep: false }];
    expect(await provider.nativeScaling('web')).toEqual(rivals);
  });
});

describe('a cluster', () => {
  it('with a conflict at the write is looked at again: nobody’s number is overwritten', async () => {
    const before = await seen('web');
    local.scale(deployments, local.workload(deployments, namespace, 'web'), 3);
    await expect(provider.setDesired('web', 5, before)).rejects.toMatchObject({
      code: 'Changed',
      transient: true,
    });
    expect((await seen('web')).desired).toBe(3);
  });

  it('that does not know the token says what to do', async () => {
    token = 'old';
    await expect(provider.describe(['web'])).rejects.toMatchObject({
      code: 'Denied',
      message: expect.stringMatching(/^the cluster does not accept the token .*secret/),
    });
  });

  it('whose token was replaced is asked with the new one at once, and nobody notices', async () => {
    token = 'old';
    another = 'rush';
    expect((await seen('web')).desired).toBe(2);
    token = 'old';
    await provider.setDesired('web', 3, await seen('web'));
    expect((await seen('web')).desired).toBe(3);
  });

  it('that refuses a token says so, though nobody can say whether there is another one', async () => {
    token = 'old';
    unreadable = new PortError('Throttled', 'read the secret: Rate exceeded');
    await expect(provider.describe(['web'])).rejects.toMatchObject({ code: 'Denied' });
  });

  it('behind which something else answers is out of reach', async () => {
    endpoint.disturb = () => 'cut';
    await expect(provider.describe(['web'])).rejects.toMatchObject({ code: 'Unavailable', transient: true });
    // Whoever gave no answer is left alone for a while, and then asked again.
    endpoint.disturb = () => undefined;
    await expect(provider.describe(['web'])).rejects.toMatchObject({ code: 'Unavailable' });
    pass(21);
    expect((await seen('web')).desired).toBe(2);
  });

  it.each([
    ['throttled', 'Throttled'],
    ['unavailable', 'Unavailable'],
  ] as const)('that is %s is tried again later', async (disturbance, code) => {
    endpoint.disturb = () => disturbance;
    await expect(provider.describe(['web'])).rejects.toMatchObject({ code, transient: true });
  });

  it('is heard when several lists of one look are refused: none of them ends the process', async () => {
    const heard: unknown[] = [];
    const hear = (reason: unknown) => heard.push(reason);
    process.on('unhandledRejection', hear);
    token = 'ended';
    await expect(provider.describe(['web', 'worker', 'store'])).rejects.toMatchObject({ code: 'Denied' });
    await setImmediate();
    process.off('unhandledRejection', hear);
    expect(heard).toEqual([]);
  });
});

import type { LocalCluster } from '@rushhour/local-kubernetes';
import { afterEach, expect, it } from 'vitest';
import { ManyWorkloads } from '../../bench/clusters/many-workloads.ts';
import { GroupsFailed } from '../../shared/engine/groups-failed.ts';

const names = ['one', 'two', 'three'];
const lunch = { start: '15 0 * * *', end: '0 2 * * *', scalingAdjustment: 1 };
type KubeWorkload = ReturnType<LocalCluster['workload']>;

let many: ManyWorkloads;

async function opened(workloads: number): Promise<void> {
  many = await ManyWorkloads.open(workloads, names, { lunch });
  await many.sweep();
  await many.advance(600);
}

afterEach(() => many[Symbol.asyncDispose]());

it('a hundred workloads in three clusters are read by one list of each kind in each namespace', async () => {
  await opened(100);
  const calls = await many.callsOf(() => many.sweep());
  for (const name of names)
    expect(calls.get(name)!.toSorted()).toEqual([
      'GET /api/v1/namespaces/jobs/pods',
      'GET /api/v1/namespaces/shop/pods',
      'GET /apis/apps/v1/namespaces/jobs/deployments',
      'GET /apis/apps/v1/namespaces/jobs/statefulsets',
      'GET /apis/apps/v1/namespaces/shop/deployments',
      'GET /apis/apps/v1/namespaces/shop/statefulsets',
      'GET /apis/autoscaling/v2/namespaces/jobs/horizontalpodautoscalers',
      'GET /apis/autoscaling/v2/namespaces/shop/horizontalpodautoscalers',
      'GET /apis/metrics.k8s.io/v1beta1/namespaces/jobs/pods',
      'GET /apis/metrics.k8s.io/v1beta1/namespaces/shop/pods',
    ]);
});

it('a cluster that gives no answer is waited for once, and the groups of others have their windows meanwhile', async () => {
  await opened(30);
  const { calls, giveUp } = many.hold('one');
  await many.advance(300);
  const swept = many.sweep().catch((error: unknown) => error);
  const replicas = () =>
    ['two', 'three'].flatMap((name) => {
      const { store, workloadTypes } = many.clusters.get(name)!;
      return workloadTypes.flatMap((type) => store.list<KubeWorkload>(type)).map(({ spec }) => spec.replicas);
    });
  // Two of the twenty belong to autoscalers, which look later.
  const raised = () => replicas().filter((pods) => pods === 3).length;
  await expect.poll(raised, { timeout: 30_000, interval: 5 }).toBe(18);
  giveUp();
  const error = (await swept) as GroupsFailed;
  expect(error).toBeInstanceOf(GroupsFailed);
  expect(error.groups).toHaveLength(10);
  // Lists that go side by side, once; nobody asks again within the sweep.
  expect(calls).toHaveLength(8);
});

import { LocalCluster } from '@rushhour/local-kubernetes';
import { KubernetesEndpoint } from '@rushhour/local-kubernetes/endpoint';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { liveScalers } from '../../../../cli/native/live-scalers.ts';
import { fromHpa } from '../../../../cli/take-over/from-hpa.ts';
import { scalersAmong } from '../../../../cli/take-over/kubernetes-manifests.ts';
import { PortError } from '../../../../shared/ports/port-error.ts';
import { ClusterConnection } from '../../../../shared/providers/kubernetes/connection.ts';

let endpoint: KubernetesEndpoint;
let local: LocalCluster;
let connection: ClusterConnection;

beforeEach(async () => {
  const timeline = { now: () => Date.parse('2026-03-04T00:00:00Z'), at: () => () => {} };
  const pods = { start: () => {}, stop: () => {}, answers: () => true, usage: () => undefined };
  local = new LocalCluster(timeline, pods);
  local.access.addToken('ada', { name: 'ada', groups: ['system:masters'] });
  endpoint = new KubernetesEndpoint(local);
  const server = new URL(await endpoint.listen());
  const source = { access: async () => ({ server, token: 'ada' }), forget: () => {} };
  connection = new ClusterConnection('shop', source, timeline);
});
afterEach(() => endpoint.close());

function autoscaled(namespace: string, name: string): void {
  local.namespaces.add(namespace);
  local.createHpa({
    metadata: { namespace, name },
    spec: {
      scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name },
      minReplicas: 3,
      maxReplicas: 20,
      metrics: [
        {
          type: 'Resource',
          resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 70 } },
        },
      ],
    },
  });
}

it('the autoscalers of a cluster, or of a namespace, are taken over as they are now', async () => {
  autoscaled('web', 'shop');
  autoscaled('jobs', 'batch');
  const all = await liveScalers(connection, undefined);
  expect(all.map(({ metadata }) => metadata?.name).toSorted()).toEqual(['batch', 'shop']);
  const [one, ...others] = await liveScalers(connection, 'web');
  expect(others).toEqual([]);
  expect(fromHpa(one!, 'main').group).toMatchObject({
    kubernetes: { cluster: { eks: 'main' }, namespace: 'web', deployment: 'shop' },
    minSize: 3,
    maxSize: 20,
    targets: [{ metric: 'cpu', targetValue: 70 }],
    mode: 'observe',
  });
});

it('where nothing scales it is said, and where nobody may look, in the words of the cluster', async () => {
  await expect(liveScalers(connection, 'web')).rejects.toThrow(
    'Namespace web has no HorizontalPodAutoscaler and no ScaledObject.',
  );
  local.access.addToken('ada', { name: 'eve', groups: [] });
  await expect(liveScalers(connection, undefined)).rejects.toMatchObject({
    code: 'Denied',
    message: expect.stringContaining('forbidden'),
  });
});

it('a cluster that is not there is not one without autoscalers', async () => {
  const nowhere = {
    list: () => Promise.reject(new PortError('NotFound', 'No cluster found for name: nowhere.')),
  };
  await expect(liveScalers(nowhere, undefined)).rejects.toThrow('No cluster found');
});

it('an autoscaler that a ScaledObject has made is taken over once, as that', () => {
  const metadata = { name: 'web', namespace: 'shop' };
  const scaledObject = { kind: 'ScaledObject', metadata };
  const made = {
    kind: 'HorizontalPodAutoscaler',
    metadata: { ...metadata, name: 'keda-hpa-web', ownerReferences: [{ kind: 'ScaledObject', name: 'web' }] },
  };
  expect(scalersAmong([made, scaledObject])).toEqual([scaledObject]);
  // Whoever prints autoscalers alone has it all the same.
  expect(scalersAmong([made])).toEqual([made]);
});

import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { stand } from './stand.ts';

const scale = '/apis/apps/v1/namespaces/shop/deployments/web/scale';
const podsPath = '/api/v1/namespaces/shop/pods';
let here: Awaited<ReturnType<typeof stand>>;
beforeEach(async () => {
  here = await stand();
});
afterEach(() => here[Symbol.asyncDispose]());

describe('the scale of a deployment', () => {
  it('tells its replicas, and the selector of its pods', async () => {
    const { code, body } = await here.call('GET', scale);
    expect(code).toBe(200);
    expect(body).toMatchObject({
      kind: 'Scale',
      apiVersion: 'autoscaling/v1',
      spec: { replicas: 3 },
      status: { replicas: 3, selector: 'app=web' },
    });
  });

  it('is set by who has read the newest version, and refused with a conflict to others', async () => {
    const { body: seen } = await here.call('GET', scale);
    const first = await here.call('PUT', scale, { ...seen, spec: { replicas: 5 } });
    expect(first).toMatchObject({ code: 200, body: { spec: { replicas: 5 } } });
    const second = await here.call('PUT', scale, { ...seen, spec: { replicas: 2 } });
    expect(second).toMatchObject({ code: 409, body: { kind: 'Status', reason: 'Conflict', code: 409 } });
    const { resourceVersion } = seen.metadata;
    const patched = await here.call('PATCH', scale, { metadata: { resourceVersion }, spec: { replicas: 2 } });
    expect(patched.code).toBe(409);
    expect(here.web.spec.replicas).toBe(5);
  });

  it('brings pods that are ready after a while', async () => {
    await here.call('PATCH', scale, { spec: { replicas: 5 } });
    here.hours.pass(10);
    const early = await here.call('GET', podsPath);
    expect(early.body.items).toHaveLength(5);
    const isReady = (pod: { status: { conditions: { type: string; status: string }[] } }) =>
      pod.status.conditions.some(({ type, status }) => type === 'Ready' && status === 'True');
    expect(early.body.items.filter(isReady)).toHaveLength(3);
    here.hours.pass(60);
    const late = await here.call('GET', `${podsPath}?labelSelector=app%3Dweb`);
    expect(late.body.items.filter(isReady)).toHaveLength(5);
    const { body } = await here.call('GET', '/apis/apps/v1/namespaces/shop/deployments');
    expect(body.items[0].status).toMatchObject({ readyReplicas: 5, replicas: 5, updatedReplicas: 5 });
  });

  it('takes the youngest pods away', async () => {
    const before = here.cluster.podsOf(here.web).map(({ metadata }) => metadata.name);
    await here.call('PATCH', scale, { spec: { replicas: 5 } });
    here.hours.pass(60);
    await here.call('PATCH', scale, { spec: { replicas: 3 } });
    here.hours.pass(60);
    expect(here.cluster.podsOf(here.web).map(({ metadata }) => metadata.name)).toEqual(before);
  });
});

describe('pods that do not come', () => {
  it('say that no node has room, and come when one has', async () => {
    here.cluster.life.nodes.room = 3;
    await here.call('PATCH', scale, { spec: { replicas: 4 } });
    here.hours.pass(60);
    const waiting = here.cluster.podsOf(here.web).filter(({ spec }) => !spec.nodeName);
    expect(waiting[0]!.status.conditions).toMatchObject([
      { type: 'PodScheduled', status: 'False', reason: 'Unschedulable' },
    ]);
    here.cluster.life.nodes.room = 10;
    here.hours.pass(120);
    expect(here.web.status.readyReplicas).toBe(4);
  });

  it('say that their image cannot be pulled, and later that they wait to try again', async () => {
    here.cluster.life.missingImages.add('web:2');
    const { deployments } = await import('../src/resource-types.ts');
    here.cluster.setImage(deployments, here.web, 'web:2');
    here.hours.pass(5);
    const reason = () =>
      here.cluster
        .podsOf(here.web)
        .flatMap(({ status }) => status.containerStatuses ?? [])
        .flatMap(({ state }) => state.waiting?.reason ?? []);
    expect(reason()).toEqual(['ErrImagePull']);
    here.hours.pass(20);
    expect(reason()).toEqual(['ImagePullBackOff']);
    expect(here.web.status).toMatchObject({ readyReplicas: 3, updatedReplicas: 1 });
    here.cluster.life.missingImages.clear();
    here.hours.pass(300);
    expect(here.web.status).toMatchObject({ readyReplicas: 3, updatedReplicas: 3, replicas: 3 });
  });
});

describe('rights', () => {
  const rule = { apiGroups: ['apps'], resources: ['deployments/scale'], verbs: ['get', 'update'] };
  const bearer = (token: string) => ({ authorization: `Bearer ${token}` });

  it('are refused without rights, in the words of the API', async () => {
    here.cluster.access.addToken('eve', { name: 'eve', groups: [] });
    const { code, body } = await here.call('GET', scale, undefined, bearer('eve'));
    expect(code).toBe(403);
    expect(body).toMatchObject({
      kind: 'Status',
      status: 'Failure',
      reason: 'Forbidden',
      message:
        'deployments.apps "web" is forbidden: User "eve" cannot get resource "deployments/scale" in API group "apps" in the namespace "shop"',
    });
    expect(await here.call('GET', scale, undefined, bearer('nobody'))).toMatchObject({
      code: 401,
      body: { reason: 'Unauthorized' },
    });
  });

  it('on the scale alone suffice to set it, and not to list anything', async () => {
    here.cluster.access.addToken('rush', { name: 'rush', groups: [] });
    here.cluster.access.bind('rush', [rule], 'shop');
    const { body } = await here.call('GET', scale, undefined, bearer('rush'));
    const put = await here.call('PUT', scale, { ...body, spec: { replicas: 4 } }, bearer('rush'));
    expect(put.code).toBe(200);
    expect((await here.call('GET', podsPath, undefined, bearer('rush'))).code).toBe(403);
  });
});

import { deployments } from '@rushhour/local-kubernetes/resource-types';
import { afterEach, describe, expect, it } from 'vitest';
import { Deployed } from '../kit/deployed.ts';

let account: Deployed;

const file = `
name: shop
notify: { email: [ops@example.com] }
functions: { vpc: { subnetIds: [subnet-0a1b], securityGroupIds: [sg-0a1b] } }
groups:
  web:
    kubernetes: { cluster: { eks: shop }, namespace: shop, deployment: web }
    minSize: 2
    maxSize: 6
    schedules: { lunch: { start: "0 1 * * *", end: "0 3 * * *", scalingAdjustment: 2 } }
    alarms:
      cpu-low: { metric: cpu, comparisonOperator: LessThanThreshold, threshold: 10, period: 300,
                 evaluationPeriods: 3, scalingAdjustment: -1, cooldown: 600 }
  other:
    kubernetes: { cluster: { eks: elsewhere }, namespace: shop, deployment: other }
    minSize: 1
    maxSize: 4
    schedules: { lunch: { start: "0 1 * * *", end: "0 3 * * *", scalingAdjustment: 2 } }
`;

async function deployed(autoscaled: boolean): Promise<void> {
  const model = { requestsPerSecondPerServer: 100, bootSeconds: 30, load: () => 4800 };
  const models = { 'kubernetes:shop/shop/deployments/web': model };
  account = new Deployed('2026-03-04T00:00:00Z', models, { autoscaled });
  await account.deploy(file);
}

afterEach(() => account[Symbol.asyncDispose]());

function web() {
  const cluster = account.clusters.cluster('shop');
  return cluster.workload(deployments, 'shop', 'web');
}

async function changes(group: string) {
  const rows = (await account.history('shop', group)).filter(({ from, to }) => from !== to);
  return rows.map(({ from, to, reason, statusCode }) => `${from} → ${to} ${reason} ${statusCode}`);
}

/** What a sweep that is asked for now says of its failure; undefined: it has none. */
async function sweep(): Promise<string | undefined> {
  const { FunctionError, Payload } = await account.call('lambda', 'Invoke', {
    FunctionName: 'shop-sweep',
    Payload: Buffer.from('{}'),
  });
  return FunctionError === undefined ? undefined : Buffer.from(Payload).toString();
}

describe('a deployment of Kubernetes', () => {
  it('has what a window adds, and gives exactly that back', async () => {
    await deployed(false);
    await account.pass(90 * 60);
    expect(web()).toMatchObject({ spec: { replicas: 4 }, status: { readyReplicas: 4 } });
    await account.pass(2 * 3600);
    expect(web()).toMatchObject({ spec: { replicas: 2 }, status: { readyReplicas: 2 } });
    expect(await changes('web')).toEqual(['2 → 4 WindowOpened Successful', '4 → 2 WindowClosed Successful']);
  });

  it('that an autoscaler owns gets its window by the autoscaler’s minimum, and what the autoscaler does is no change of others', async () => {
    await deployed(true);
    const cluster = account.clusters.cluster('shop');
    const minimum = () => cluster.hpa('shop', 'web').spec.minReplicas;
    await account.pass(90 * 60);
    expect(minimum()).toBe(4);
    expect(web().status.readyReplicas).toBe(4);
    // It takes the autoscaler's part to add more: the load is three times as high for its pods.
    cluster.hpa('shop', 'web').spec.metrics![0]!.resource!.target.averageUtilization = 15;
    await account.pass(10 * 60);
    expect(web().spec.replicas).toBe(6);
    await account.pass(2 * 3600);
    expect(minimum()).toBe(2);
    expect(web().spec.replicas).toBe(6);
    expect(await changes('web')).toEqual(['2 → 4 WindowOpened Successful', '4 → 2 WindowClosed Successful']);
  });

  it('whose pods find no room has its launches told as failing, in the words of the scheduler', async () => {
    await deployed(false);
    await account.pass(30 * 60);
    account.clusters.cluster('shop').life.nodes.room = 2;
    await account.pass(60 * 60);
    const failing = (await account.history('shop', 'web')).filter(({ statusMessage }) =>
      statusMessage?.includes('launches fail (capacity)'),
    );
    expect(failing.length).toBeGreaterThan(0);
    expect(failing[0]!.statusMessage).toContain('Insufficient cpu');
    // The other cluster has room.
    expect(await changes('other')).toEqual(['1 → 3 WindowOpened Successful']);
  });

  it('that is gone is left alone, and the other goes on', async () => {
    await deployed(false);
    await account.pass(30 * 60);
    account.clusters.cluster('shop').deleteWorkload(deployments, 'shop', 'web');
    await account.pass(60 * 60);
    expect(await changes('web')).toEqual([]);
    expect(await changes('other')).toEqual(['1 → 3 WindowOpened Successful']);
  });

  it('whose cluster takes the rights away says which role would do, and the other goes on', async () => {
    await deployed(false);
    await account.pass(30 * 60);
    account.clusters.cluster('shop').access.unbind('rushhour:shop');
    await account.pass(60 * 60);
    const told = await sweep();
    expect(told).toContain('assumed-role/shop-scaler');
    expect(told).toContain('is forbidden');
    expect(told).toContain('npx rushhour kubernetes rbac prints a role that suffices');
    expect(await changes('web')).toEqual([]);
    expect(await changes('other')).toEqual(['1 → 3 WindowOpened Successful']);
  });

  it('whose cluster hangs costs its own group five seconds, and the other nothing', async () => {
    await deployed(false);
    await account.pass(59 * 60);
    account.clusters.endpoint('shop').disturb = () => 'hang';
    await account.pass(3 * 60);
    expect(await sweep()).toContain('no answer within 5 s');
    expect(await changes('web')).toEqual([]);
    expect(await changes('other')).toEqual(['1 → 3 WindowOpened Successful']);
    account.clusters.endpoint('shop').disturb = () => undefined;
    await account.pass(5 * 60);
    expect(await changes('web')).toEqual(['2 → 4 WindowOpened Successful']);
  });

  it('that nobody asks is followed by a KEDA in its cluster, one pod at a time and down again', async () => {
    account = new Deployed('2026-03-04T00:00:00Z');
    await account.deploy(`
name: shop
notify: { email: [ops@example.com] }
groups:
  web:
    kubernetes: { cluster: { pull: shop }, namespace: shop, deployment: web }
    minSize: 12
    maxSize: 20
    schedules: { lunch: { start: "0 1 * * *", end: "0 2 * * *", scalingAdjustment: 1 } }
`);
    const replicas = () =>
      account.clusters.cluster('shop').workload(deployments, 'shop', 'web').spec.replicas;
    await account.pass(58 * 60);
    expect(replicas()).toBe(12);
    // The window opens; a thirteenth is within the tenth that an autoscaler takes for none as a rule.
    await account.pass(3 * 60 + 30);
    expect(replicas()).toBe(13);
    await account.pass(60 * 60);
    expect(replicas()).toBe(12);
    expect(await changes('web')).toEqual([
      '12 → 13 WindowOpened Successful',
      '13 → 12 WindowClosed Successful',
    ]);
    // Nobody publishes any more: what is there stays.
    await account.call('lambda', 'PutFunctionConcurrency', {
      FunctionName: 'shop-sweep',
      ReservedConcurrentExecutions: 0,
    });
    await account.pass(6 * 60);
    const cluster = account.clusters.cluster('shop');
    cluster.scale(deployments, cluster.workload(deployments, 'shop', 'web'), 15);
    await account.pass(20 * 60);
    expect(replicas()).toBe(15);
  });
});

import { execFile, execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { AppsV1Api, AutoscalingV2Api, CoreV1Api, KubeConfig, Metrics } from '@kubernetes/client-node';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loopbackCertificate } from '../src/certificate.ts';
import { stand } from './stand.ts';

const certificate = await loopbackCertificate();
let here: Awaited<ReturnType<typeof stand>>;
beforeEach(async () => {
  here = await stand(certificate);
  here.cluster.createHpa({
    metadata: { namespace: 'shop', name: 'web' },
    spec: {
      scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' },
      minReplicas: 2,
      maxReplicas: 10,
      metrics: [
        {
          type: 'Resource',
          resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 70 } },
        },
      ],
    },
  });
  here.world.load.set('shop/web', { cpuMillicores: 2100, memoryBytes: 2 ** 30 });
  here.hours.pass(30);
});
afterEach(() => here[Symbol.asyncDispose]());

/** Of a user with all rights. */
function kubeConfig(): KubeConfig {
  const config = new KubeConfig();
  config.loadFromOptions({
    clusters: [{ name: 'local', server: here.url, caData: btoa(certificate.cert) }],
    users: [{ name: 'ada', token: 'owner' }],
    contexts: [{ name: 'local', cluster: 'local', user: 'ada' }],
    currentContext: 'local',
  });
  return config;
}

describe('the client for Node.js', () => {
  it('lists deployments, pods and autoscalers', async () => {
    const config = kubeConfig();
    const apps = config.makeApiClient(AppsV1Api);
    const { items: found } = await apps.listNamespacedDeployment({ namespace: 'shop' });
    expect(found.map(({ metadata, status }) => [metadata?.name, status?.readyReplicas])).toEqual([
      ['web', 3],
    ]);
    const pods = await config
      .makeApiClient(CoreV1Api)
      .listNamespacedPod({ namespace: 'shop', labelSelector: 'app=web' });
    expect(pods.items.map(({ status }) => status?.phase)).toEqual(['Running', 'Running', 'Running']);
    expect(pods.items[0]!.metadata?.creationTimestamp).toBeInstanceOf(Date);
    const hpas = await config
      .makeApiClient(AutoscalingV2Api)
      .listNamespacedHorizontalPodAutoscaler({ namespace: 'shop' });
    expect(hpas.items[0]!.spec).toMatchObject({ minReplicas: 2, maxReplicas: 10 });
  });

  it('scales, and hears of a conflict', async () => {
    const apps = kubeConfig().makeApiClient(AppsV1Api);
    const place = { namespace: 'shop', name: 'web' };
    const seen = await apps.readNamespacedDeploymentScale(place);
    seen.spec!.replicas = 4;
    const { spec } = await apps.replaceNamespacedDeploymentScale({ ...place, body: seen });
    expect(spec?.replicas).toBe(4);
    const refused = apps.replaceNamespacedDeploymentScale({ ...place, body: seen });
    await expect(refused).rejects.toMatchObject({ code: 409 });
  });

  it('reads what pods use', async () => {
    const { items } = await new Metrics(kubeConfig()).getPodMetrics('shop');
    expect(items).toHaveLength(3);
    expect(items[0]!.containers[0]!.usage).toEqual({ cpu: '700000000n', memory: '349525Ki' });
  });
});

const kubectl = hasKubectl();
if (!kubectl) console.log('kubectl is not on this machine: what it shows is not tried here');

describe.runIf(kubectl)('kubectl', () => {
  let home: string;
  beforeEach(() => {
    home = mkdtempSync(join(tmpdir(), 'kubectl-'));
    writeFileSync(join(home, 'config'), kubeConfig().exportConfig());
  });
  afterEach(() => rmSync(home, { recursive: true, force: true }));

  /** Words of each line that it prints. */
  async function run(...args: string[]): Promise<string[][]> {
    const environment = { PATH: process.env['PATH'], HOME: home, KUBECONFIG: join(home, 'config') };
    const { stdout } = await promisify(execFile)('kubectl', ['-n', 'shop', ...args], { env: environment });
    const lines = stdout.trim().split('\n');
    return lines.map((line) => line.trim().split(/\s{2,}|(?<=^\S+)\s/));
  }

  it('shows deployments, autoscalers and pods as of any cluster', async () => {
    const lines = await run('get', 'deploy,hpa,pods', '--no-headers');
    const [deployment, hpa, ...pods] = lines.filter((words) => words.length > 1);
    expect(deployment).toEqual(['deployment.apps/web', '3/3', '3', '3', expect.stringMatching(/^\d+s$/)]);
    expect(hpa!.slice(0, 6)).toEqual([
      'horizontalpodautoscaler.autoscaling/web',
      'Deployment/web',
      'cpu: 70%/70%',
      '2',
      '10',
      '3',
    ]);
    expect(pods).toHaveLength(3);
    for (const pod of pods) expect(pod.slice(1, 3)).toEqual(['1/1', 'Running']);
  });

  it('scales, and not from a number that is no longer there', async () => {
    expect(await run('scale', 'deploy/web', '--replicas=4')).toEqual([['deployment.apps/web', 'scaled']]);
    expect(here.web.spec.replicas).toBe(4);
    await expect(run('scale', 'deploy/web', '--replicas=6', '--current-replicas=3')).rejects.toThrow(
      /Expected replicas to be 3, was 4/,
    );
    expect(here.web.spec.replicas).toBe(4);
  });
});

function hasKubectl(): boolean {
  try {
    execFileSync('kubectl', ['version', '--client'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

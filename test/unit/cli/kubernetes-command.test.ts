import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { define } from '../../../cli/commands/kubernetes.ts';

const file = join(mkdtempSync(join(tmpdir(), 'rushhour-keda-')), 'fleet.yaml');
writeFileSync(
  file,
  `name: lunch
groups:
  web:
    kubernetes: { cluster: { pull: shop }, namespace: shop, deployment: web }
    minSize: 2
    maxSize: 10
    schedules: { lunch: { start: "0 11 * * *", end: "0 13 * * *", scalingAdjustment: 2 } }
`,
);

afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
});

/** @returns what it printed */
async function keda(...args: string[]): Promise<string> {
  const printed: string[] = [];
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => printed.push(String(text)) > 0);
  const command = new Command();
  define(command);
  await command.parseAsync(['keda', '--fleet', file, ...args], { from: 'user' });
  return printed.join('');
}

describe('rushhour kubernetes keda', () => {
  it('prints manifests in which each part is written out, with the region that KEDA reads in', async () => {
    const text = await keda('--region', 'eu-west-1');
    expect(text).not.toMatch(/[&*]a\d/);
    const [who, what] = parseAllDocuments(text).map((document) => document.toJS());
    expect(who).toMatchObject({ kind: 'TriggerAuthentication', metadata: { namespace: 'shop' } });
    expect(what).toMatchObject({
      kind: 'ScaledObject',
      metadata: { name: 'web', namespace: 'shop' },
      spec: { minReplicaCount: 2, maxReplicaCount: 10 },
    });
    expect(what.spec.triggers[0].metadata).toMatchObject({
      awsRegion: 'eu-west-1',
      metricName: 'DesiredPods',
    });
  });

  it('takes no region that is none, from wherever it comes', async () => {
    const says = 'eu-wset-1 is no region: expected a region of AWS like eu-west-1 (did you mean eu-west-1?).';
    await expect(keda('--region', 'eu-wset-1')).rejects.toThrow(says);
    vi.stubEnv('AWS_REGION', 'eu-wset-1');
    await expect(keda()).rejects.toThrow(says);
  });

  it('says so where it is not told the region', async () => {
    vi.stubEnv('AWS_REGION', '');
    vi.stubEnv('AWS_DEFAULT_REGION', '');
    await expect(keda()).rejects.toThrow('KEDA has to know in which region it reads.');
  });
});

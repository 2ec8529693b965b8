import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '../..');
const exampleFleet = readFileSync(join(root, 'fleet.yaml'), 'utf8');

/** Runs the CDK app as `cdk synth` does. */
function synth(fleet: string, environment: NodeJS.ProcessEnv = {}) {
  const directory = mkdtempSync(join(tmpdir(), 'rushhour-app-'));
  const file = join(directory, 'fleet.yaml');
  writeFileSync(file, fleet);
  const outdir = join(directory, 'cdk.out');
  const { context } = JSON.parse(readFileSync(join(root, 'cdk.json'), 'utf8'));
  const { status, stderr } = spawnSync(process.execPath, ['infra/app.ts'], {
    cwd: root,
    encoding: 'utf8',
    env: {
      ...process.env,
      FLEET: file,
      CDK_OUTDIR: outdir,
      CDK_CONTEXT_JSON: JSON.stringify(context),
      CDK_VALIDATION: 'false',
      TMPDIR: directory,
      ...environment,
    },
  });
  return { status, stderr, outdir, left: readdirSync(directory) };
}

describe('cdk synth', () => {
  // Here the functions are bundled as nobody else in the tests does it: for this synthesis alone.
  const good = synth(exampleFleet, { BUILT_FUNCTIONS: '' });
  const manifest = JSON.parse(readFileSync(join(good.outdir, 'lunch-scaler.assets.json'), 'utf8'));
  const assets = Object.values<{ source: { path: string; packaging: string } }>(manifest.files)
    .filter(({ source }) => source.packaging === 'zip')
    .map(({ source }) => join(good.outdir, source.path));

  it('needs no account and no network', () => {
    expect(good).toMatchObject({ status: 0 });
  });

  it('leaves nothing in the temporary folder', () => {
    expect(good.left.toSorted()).toEqual(['cdk.out', 'fleet.yaml']);
  });

  it('lays the validated fleet beside the code of every function', () => {
    expect(assets.length).toBeGreaterThanOrEqual(7);
    for (const asset of assets) {
      const fleet = JSON.parse(readFileSync(join(asset, 'fleet.json'), 'utf8'));
      expect(fleet).toMatchObject({ name: 'lunch', groups: { business: { healthCheckGracePeriod: 300 } } });
    }
  });

  it('bundles functions that load by themselves and have a handler', () => {
    const load = assets.map(
      (asset) => `const { handler } = await import(${JSON.stringify(join(asset, 'index.mjs'))});
        if (typeof handler !== 'function') throw new Error('no handler');`,
    );
    const script = load.map((one) => `{ ${one} }`).join('\n');
    const node = spawnSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' });
    expect(node).toMatchObject({ status: 0, stderr: '' });
  });

  it('prints every mistake of the fleet file and makes nothing', () => {
    const bad = synth(
      exampleFleet.replace('minSize: 3', 'minSise: 3').replace('threshold: 400', 'threshold: many'),
    );
    expect(bad.status).toBe(1);
    expect(bad.stderr).toContain('groups.business.minSise');
    expect(bad.stderr).toContain('groups.business.alarms.qps-high.threshold');
    expect(existsSync(bad.outdir)).toBe(false);
  });

  it('says in a line what is wrong with a script', () => {
    const bad = synth(
      exampleFleet.replace('instanceType: c7g.large', 'instanceType: c7g.large\n      userData: no.sh'),
    );
    expect(bad.status).toBe(1);
    expect(bad.stderr).toContain(
      'groups.session.launch.userData: expected a file that is there, named from the fleet file\'s folder, found "no.sh"',
    );
  });
});

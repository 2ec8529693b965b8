import { isBuiltin } from 'node:module';
import { build, type Metafile } from 'esbuild';
import { expect, it } from 'vitest';
import { bundling } from '../../infra/bundling.ts';
import { functions } from '../../infra/functions.ts';

async function bundled(): Promise<Metafile> {
  const { metafile } = await build({
    ...bundling,
    entryPoints: Object.keys(functions).map((name) => `functions/${name}.ts`),
    outdir: 'nowhere',
    write: false,
    metafile: true,
  });
  return metafile;
}

function packagesIn({ inputs }: Metafile): string[] {
  return Object.keys(inputs).flatMap((path) => /^node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path)?.[1] ?? []);
}

it('carries nothing that only reads the fleet file: no calendar of any country, no YAML, no cron, no schema', async () => {
  const metafile = await bundled();
  const packages = packagesIn(metafile);
  expect(packages).toContain('@aws-sdk/client-dynamodb');
  const readers = ['chinese-days', 'date-holidays', 'ical.js', 'yaml', 'croner'];
  expect(packages.filter((name) => readers.includes(name))).toEqual([]);
  expect(Object.keys(metafile.inputs)).not.toContain('shared/fleet/holidays.ts');
  // Events are parsed by zod/mini, a twentieth of it.
  const { inputs } = Object.values(metafile.outputs)[0]!;
  const classic = Object.entries(inputs).filter(([path]) => path.includes('zod/v4/classic/'));
  expect(classic.filter(([, { bytesInOutput }]) => bytesInOutput > 0)).toEqual([]);
});

it('carries nothing of the SDK that no call reaches, and needs nothing that is not there', async () => {
  const metafile = await bundled();
  const unreached = [
    '@aws-sdk/credential-provider-node',
    '@aws-sdk/endpoint-cache',
    '@aws-sdk/signature-v4-multi-region',
  ];
  expect(packagesIn(metafile).filter((name) => unreached.includes(name))).toEqual([]);
  const { imports } = Object.values(metafile.outputs)[0]!;
  const outside = imports.filter(({ path }) => !isBuiltin(path));
  // Imported late: the one only for operations that stream events, the others lie beside the functions of fleets that need them.
  expect(outside.map(({ path, kind }) => [path, kind]).toSorted()).toEqual([
    ['#provider-ecs', 'dynamic-import'],
    ['#words-ko', 'dynamic-import'],
    ['#words-zh', 'dynamic-import'],
    ['@smithy/core/event-streams', 'dynamic-import'],
  ]);
});

it('leaves out no JSON but the descriptions of the clients', async () => {
  const { inputs } = await bundled();
  const json = Object.keys(inputs).filter((path) => path.endsWith('.json'));
  expect(json.length).toBeGreaterThan(5);
  expect(
    json.filter((path) => !/^node_modules\/@aws-sdk\/client-[a-z0-9-]+\/package\.json$/.test(path)),
  ).toEqual([]);
});

import { build } from 'esbuild';
import { expect, it } from 'vitest';
import { bundling } from '../../infra/bundling.ts';
import { functions } from '../../infra/functions.ts';

it('carries nothing that only reads the fleet file: no calendar of any country, no YAML, no cron', async () => {
  const { metafile } = await build({
    ...bundling,
    entryPoints: Object.keys(functions).map((name) => `functions/${name}.ts`),
    outdir: 'nowhere',
    write: false,
    metafile: true,
  });
  const packages = Object.keys(metafile.inputs).flatMap(
    (path) => /^node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path)?.[1] ?? [],
  );
  expect(packages).toContain('@aws-sdk/client-dynamodb');
  const readers = ['chinese-days', 'date-holidays', 'ical.js', 'yaml', 'croner'];
  expect(packages.filter((name) => readers.includes(name))).toEqual([]);
  expect(Object.keys(metafile.inputs)).not.toContain('shared/fleet/holidays.ts');
});

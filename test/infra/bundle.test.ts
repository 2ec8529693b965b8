import { mkdtemp, rm } from 'node:fs/promises';
import { isBuiltin } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build, type Metafile } from 'esbuild';
import { expect, it } from 'vitest';
import { bundling } from '../../infra/bundling.ts';
import { functions } from '../../infra/functions.ts';
import * as unbundled from './error-in-bundle.ts';

const { metafile } = await build({
  ...bundling,
  entryPoints: Object.keys(functions).map((name) => `functions/${name}.ts`),
  outdir: 'nowhere',
  write: false,
  metafile: true,
});

function packagesIn({ inputs }: Metafile): string[] {
  return Object.keys(inputs).flatMap((path) => /^node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path)?.[1] ?? []);
}

it('carries nothing that only reads the fleet file: no calendar of any country, no YAML, no cron, no schema', () => {
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

it('carries nothing of the SDK that no call reaches, and needs nothing that is not there', () => {
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
    ['#provider-alibaba', 'dynamic-import'],
    ['#provider-ecs', 'dynamic-import'],
    ['#provider-kubernetes', 'dynamic-import'],
    ['#provider-prometheus', 'dynamic-import'],
    ['#provider-tencent', 'dynamic-import'],
    ['#words-ko', 'dynamic-import'],
    ['#words-zh', 'dynamic-import'],
    ['@smithy/core/event-streams', 'dynamic-import'],
  ]);
});

it('carries no client of the SDK in the adapter of ECS: it adds 40 kB at most to a function', async () => {
  const built = await build({
    ...bundling,
    entryPoints: ['shared/providers/ecs/provider.ts'],
    outdir: 'nowhere',
    write: false,
    metafile: true,
  });
  const { bytes } = Object.values(built.metafile.outputs)[0]!;
  expect(bytes).toBeLessThan(40_000);
  expect(packagesIn(built.metafile).filter((name) => name.startsWith('@aws-sdk/'))).toEqual([]);
});

it('leaves out no JSON but the descriptions of the clients', () => {
  const { inputs } = metafile;
  const json = Object.keys(inputs).filter((path) => path.endsWith('.json'));
  expect(json.length).toBeGreaterThan(5);
  expect(
    json.filter((path) => !/^node_modules\/@aws-sdk\/client-[a-z0-9-]+\/package\.json$/.test(path)),
  ).toEqual([]);
});

const json = (type: string, message: string): unbundled.Answer => ({
  statusCode: 400,
  headers: { 'content-type': 'application/x-amz-json-1.0' },
  body: new TextEncoder().encode(
    JSON.stringify({ __type: `com.amazonaws.dynamodb.v20120810#${type}`, message }),
  ),
});

const xml = (code: string, message: string): unbundled.Answer => ({
  statusCode: 400,
  headers: { 'content-type': 'text/xml' },
  body: new TextEncoder().encode(
    `<ErrorResponse><Error><Type>Sender</Type><Code>${code}</Code><Message>${message}</Message></Error></ErrorResponse>`,
  ),
});

it('carries no class for each error of a service, and tells errors apart all the same', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'rushhour-errors-'));
  try {
    const { metafile: ofErrors } = await build({
      ...bundling,
      entryPoints: ['test/infra/error-in-bundle.ts'],
      outdir: folder,
      metafile: true,
    });
    const { inputs } = Object.values(ofErrors.outputs)[0]!;
    const classes = Object.entries(inputs).filter(([path]) => path.endsWith('models/errors.js'));
    expect(classes.filter(([, { bytesInOutput }]) => bytesInOutput > 0)).toEqual([]);
    const bundle: typeof unbundled = await import(pathToFileURL(join(folder, 'error-in-bundle.mjs')).href);
    const failures = [
      ['dynamodb', json('ConditionalCheckFailedException', 'The conditional request failed'), 'Invalid'],
      ['dynamodb', json('ResourceNotFoundException', 'Requested resource not found'), 'NotFound'],
      ['autoscaling', xml('ScalingActivityInProgress', 'Activity 1 is in progress'), 'Busy'],
      [
        'autoscaling',
        xml('ValidationError', 'New SetDesiredCapacity value 12 is above max value 10'),
        'OutOfBounds',
      ],
      ['elb', xml('TargetGroupNotFound', 'Target group not found'), 'NotFound'],
    ] as const;
    for (const [service, answer, code] of failures) {
      const seen = await bundle.errorOf(service, answer);
      const { name, ...whole } = await unbundled.errorOf(service, answer);
      expect(seen).toMatchObject({ ...whole, code });
      // A class may be called otherwise than its error on the wire: `toPortError` knows both.
      expect(name).toContain(seen.name.replace(/Exception$/, ''));
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});

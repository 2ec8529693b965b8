import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { build, type Metafile } from 'esbuild';
import { afterAll, describe, expect, it } from 'vitest';
import { bundleFunctions } from '../../infra/bundle.ts';
import { bundling } from '../../infra/bundling.ts';
import { functions } from '../../infra/functions.ts';
import { noticesOf } from '../../infra/notices.ts';
import { readFleet } from '../../shared/fleet/read-fleet.ts';
import { exampleFleet } from '../kit/synthesis.ts';

const elsewhere = mkdtempSync(join(tmpdir(), 'rushhour-notices-'));
afterAll(() => rmSync(elsewhere, { recursive: true }));

describe('third-party notices travel with the code', async () => {
  const packagesOf = await packagesByFunction();
  const code = bundleFunctions(readFleet(exampleFleet));

  it.each(Object.keys(functions))('of %s: every package in its bundle, with its licence', (name) => {
    const { path } = code[name] as unknown as { path: string };
    const sections = readFileSync(join(path, 'NOTICES'), 'utf8').split('-'.repeat(80));
    const packages = packagesOf.get(name)!;
    expect(packages).toContain('@aws-lambda-powertools/logger');
    for (const one of packages) {
      const { version, license } = JSON.parse(readFileSync(`node_modules/${one}/package.json`, 'utf8'));
      const section = sections.find((text) => text.includes(`\n${one} ${version}\n`));
      expect(section, one).toContain(`License: ${license}`);
      expect(section, one).toMatch(
        /Permission is hereby granted, free of charge|TERMS AND CONDITIONS FOR USE|Redistribution and use/,
      );
    }
  });
});

/** Asked of esbuild once more. */
async function packagesByFunction(): Promise<ReadonlyMap<string, readonly string[]>> {
  const { metafile } = await build({
    ...bundling,
    entryPoints: Object.keys(functions).map((name) => `functions/${name}.ts`),
    outdir: 'nowhere',
    metafile: true,
    write: false,
  });
  return new Map(
    Object.entries(metafile.outputs).map(([file, { inputs }]) => [
      basename(file, '.mjs'),
      packagesIn(inputs),
    ]),
  );
}

function packagesIn(inputs: Metafile['outputs'][string]['inputs']): string[] {
  const files = Object.entries(inputs).filter(([, { bytesInOutput }]) => bytesInOutput > 0);
  const names = files.flatMap(([file]) => /.*node_modules\/((@[^/]+\/)?[^/]+)/.exec(file)?.[1] ?? []);
  return [...new Set(names)];
}

describe('of a package', () => {
  function made(name: string, files: Record<string, string>): Record<string, { bytesInOutput: number }> {
    const folder = join(elsewhere, 'node_modules', name);
    mkdirSync(folder, { recursive: true });
    const all = { 'package.json': JSON.stringify({ name, version: '1.2.3', license: 'MIT' }), ...files };
    for (const [file, text] of Object.entries(all)) writeFileSync(join(folder, file), text);
    return { [`node_modules/${name}/src/index.js`]: { bytesInOutput: 7 } };
  }

  it('the NOTICE is passed on beside the licence', () => {
    const inputs = made('@some/thing', { 'LICENSE.md': 'All may.\r\n', NOTICE: 'By somebody.' });
    expect(noticesOf(inputs, elsewhere)).toContain(
      '@some/thing 1.2.3\n\nLicense: MIT\n\nAll may.\n\nBy somebody.',
    );
  });

  it('that is nested in another, it is the inner one', () => {
    made('outer', { LICENSE: 'Outer.' });
    const inputs = made('outer/node_modules/inner', { LICENCE: 'Inner.' });
    const notices = noticesOf(inputs, elsewhere);
    expect(notices).toContain('Inner.');
    expect(notices).not.toContain('Outer.');
  });

  it('nothing of which is left in the bundle, nothing is said', () => {
    made('shaken', { LICENSE: 'Shaken.' });
    const inputs = { 'node_modules/shaken/index.js': { bytesInOutput: 0 } };
    expect(noticesOf(inputs, elsewhere)).not.toContain('shaken');
  });

  it('without a licence, bundling ends and says what to do', () => {
    expect(() => noticesOf(made('nobody-knows', {}), elsewhere)).toThrow(
      /nobody-knows is bundled and comes without a licence text: copy .* to .*licences.nobody-knows\.txt/,
    );
  });
});

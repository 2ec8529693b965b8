import { copyFileSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { buildFunctions } from '../infra/build-functions.ts';
import { bundlePage, bundlePrograms } from './bundles.ts';
import { writeDeclarations } from './declarations.ts';
import { manifest } from './manifest.ts';

/**
 * `npm run build`: writes the package `rushhour` as it is published into `dist/package`, or what `--out` names. `npm run package` makes the
 * archive of it.
 */
const root = join(import.meta.dirname, '..');
const { values } = parseArgs({ options: { out: { type: 'string', default: join(root, 'dist/package') } } });
const packageFolder = resolve(values.out);
const code = join(packageFolder, 'dist');

rmSync(packageFolder, { recursive: true, force: true });
mkdirSync(code, { recursive: true });
const notices = await bundlePrograms(root, code);
await bundlePage(root, code);
await buildFunctions(join(code, 'functions'));
writeDeclarations(root, join(code, 'types'));
writeFileSync(join(packageFolder, 'package.json'), `${JSON.stringify(manifest(root), null, 2)}\n`);
writeFileSync(join(packageFolder, 'NOTICES'), notices);
for (const file of ['README.md', 'README.zh-CN.md', 'README.ko.md', 'LICENSE', 'CHANGELOG.md'])
  copyFileSync(join(root, file), join(packageFolder, file));
copyFileSync(join(root, 'shared/fleet/fleet.schema.json'), join(packageFolder, 'fleet.schema.json'));
const cdk = dirname(createRequire(import.meta.url).resolve('aws-cdk/package.json'));
copyFileSync(join(cdk, 'lib/api/bootstrap/bootstrap-template.yaml'), join(code, 'bootstrap-template.yaml'));

import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Code } from 'aws-cdk-lib/aws-lambda';
import { asksPrometheus } from '../shared/fleet/asks-prometheus.ts';
import type { Fleet } from '../shared/fleet/fleet.ts';
import { version } from '../shared/version.ts';
import { builtFunctions } from './built-functions.ts';
import { languages, providers } from './files-of-their-own.ts';
import { functions } from './functions.ts';

let scratch: string | undefined;

/**
 * Lays the validated fleet beside every function, so that code and policy are deployed as one thing; and which version that is, for
 * whoever compares.
 * @returns each function's code by its name
 */
export function bundleFunctions(fleet: Fleet): Readonly<Record<string, Code>> {
  const built = builtFunctions();
  const assets = scratchFolder('assets-');
  const policy = JSON.stringify(fleet);
  return Object.fromEntries(
    Object.keys(functions).map((name) => {
      const directory = join(assets, name);
      mkdirSync(directory);
      for (const file of ['index.mjs', 'NOTICES'])
        copyFileSync(join(built, name, file), join(directory, file));
      layBeside(fleet, built, directory);
      writeFileSync(join(directory, 'fleet.json'), policy);
      writeFileSync(join(directory, 'rushhour.json'), JSON.stringify({ version }));
      return [name, Code.fromAsset(directory)];
    }),
  );
}

/** A provider of another kind, or the words of another language, only where the fleet needs it. */
function layBeside(fleet: Fleet, built: string, directory: string): void {
  const { groups, notify } = fleet;
  const needs = (name: (typeof providers)[number]) =>
    name === 'prometheus'
      ? asksPrometheus(fleet)
      : Object.values(groups).some((group) => group[name] !== undefined);
  const files = [
    ...providers
      .filter(needs)
      .map((name) => [`provider-${name}`, join('providers', name, 'provider.mjs')] as const),
    ...languages
      .filter((name) => notify.language === name)
      .map((name) => [`words-${name}`, join('words', name, 'words.mjs')] as const),
  ];
  if (files.length === 0) return;
  for (const [name, from] of files) copyFileSync(join(built, from), join(directory, `${name}.mjs`));
  const imports = Object.fromEntries(files.map(([name]) => [`#${name}`, `./${name}.mjs`]));
  writeFileSync(join(directory, 'package.json'), JSON.stringify({ type: 'module', imports }));
}

/** A folder until the process ends: by then the CDK has copied into the assembly what belongs there. */
function scratchFolder(prefix: string): string {
  scratch ??= makeScratch();
  return mkdtempSync(join(scratch, prefix));
}

function makeScratch(): string {
  const folder = mkdtempSync(join(tmpdir(), 'rushhour-bundles-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

import { readFileSync } from 'node:fs';
import { glob } from 'node:fs/promises';
import { posix } from 'node:path';
import { expect, test } from 'vitest';

/** What the files of one folder may import, besides each other. */
interface Room {
  readonly folder: string;
  readonly allowed: readonly { readonly target: string; readonly typesOnly: boolean }[];
  /** Its files may not even import each other: what they share is elsewhere. */
  readonly apart: boolean;
}

const page = 'docs/architecture.md';
const anyPackage = 'any package';

/** The table under "The rooms" is the rule, and not only tells of it. */
function readRooms(): Room[] {
  const [, table] = readFileSync(page, 'utf8').split('## The rooms\n')!;
  const rows = table!.split('\n## ')[0]!.match(/^\| `.+$/gm)!;
  return rows.map((row) => {
    const [folder, , may] = row.slice(2, -2).split(' | ');
    const [imports, apart] = may!.split('; ');
    if (apart !== undefined && apart !== 'never each other') throw new Error(`${page}: what is "${apart}"?`);
    return {
      folder: folder!.replaceAll('`', ''),
      allowed: imports === 'nothing' ? [] : imports!.split(', ').map(readRule),
      apart: apart !== undefined,
    };
  });
}

function readRule(words: string): Room['allowed'][number] {
  if (words === anyPackage) return { target: anyPackage, typesOnly: false };
  const [, types, target] = /^(types of )?`([^`]+)`$/.exec(words) ?? [];
  if (target === undefined) throw new Error(`${page}: what is "${words}"?`);
  return { target, typesOnly: types !== undefined };
}

const rooms = readRooms();

/** The most specific row counts. */
function roomOf(path: string): Room | undefined {
  const around = rooms.filter(({ folder }) => path.startsWith(`${folder}/`));
  return around.sort((one, other) => other.folder.length - one.folder.length)[0];
}

interface Import {
  readonly file: string;
  /** A path of this repository, or the name of a package. */
  readonly target: string;
  readonly isPackage: boolean;
  /** Nothing of it is left when types are stripped. */
  readonly typesOnly: boolean;
}

const imported = /^(?:import|export)\s+(type\s)?(?:[^'";]*?\sfrom\s+)?'([^']+)'|import\('([^']+)'\)/gms;

function importsOf(file: string): Import[] {
  return [...readFileSync(file, 'utf8').matchAll(imported)].map(([, type, from, lazy]) => {
    const named = from ?? lazy!;
    const isPackage = !named.startsWith('.');
    const target = isPackage ? named : posix.join(posix.dirname(file), named);
    return { file, target, isPackage, typesOnly: type !== undefined };
  });
}

function isAllowed(one: Import): boolean {
  const room = roomOf(one.file)!;
  const there = one.isPackage ? undefined : roomOf(one.target);
  if (there === room) return !room.apart;
  return room.allowed.some(
    (rule) => (one.typesOnly || !rule.typesOnly) && isMeant(rule.target, one, there?.folder),
  );
}

/** `shared/*`: all below it; `shared`: its own files; `infra/bundling.ts`: the one; `zod`: the package and its parts. */
function isMeant(rule: string, { target, isPackage }: Import, folder: string | undefined): boolean {
  if (rule === anyPackage) return isPackage;
  if (rule.endsWith('*')) return target.startsWith(rule.slice(0, -1));
  if (target === rule || folder === rule) return true;
  return isPackage && target.startsWith(`${rule}/`);
}

const everything = await Array.fromAsync(
  glob('*/**/*.ts', { exclude: ['**/node_modules', 'cdk.out', 'dist'] }),
);
const files = everything.filter((file) => !/^(packages\/[^/]+\/)?test\//.test(file));

test('every folder of code has its place in the table', () => {
  expect(files.filter((file) => !roomOf(file))).toEqual([]);
  expect(rooms.filter((room) => !files.some((file) => roomOf(file) === room))).toEqual([]);
});

test('every folder imports only what it may', () => {
  const wrong = files.flatMap(importsOf).filter((one) => !isAllowed(one));
  expect(wrong.map(({ file, target }) => `${file} imports ${target}`)).toEqual([]);
});

test('a package needs nothing around it, not even for its tests', () => {
  const inPackages = everything.filter((file) => file.startsWith('packages/'));
  const outwards = inPackages.flatMap(importsOf).filter(({ file, target, isPackage }) => {
    const own = file.split('/').slice(0, 2).join('/');
    return !isPackage && !target.startsWith(`${own}/`);
  });
  expect(inPackages.length).toBeGreaterThan(100);
  expect(outwards.map(({ file, target }) => `${file} imports ${target}`)).toEqual([]);
});

test('nobody may import what nobody imports', () => {
  const unused = rooms.flatMap(({ folder, allowed }) => {
    const here = files.filter((file) => roomOf(file)!.folder === folder).flatMap(importsOf);
    return allowed
      .filter(({ target }) => !here.some((one) => isMeant(target, one, roomOf(one.target)?.folder)))
      .map(({ target }) => `${folder} may import ${target}`);
  });
  expect(unused).toEqual([]);
});

test('the decision engine reads no clock, draws no random number and sees no environment', () => {
  const impure =
    /\bDate\.now\(|new Date\(\)|Math\.random\(|\bprocess\.|\bperformance\.|\bconsole\.|\bfetch\(/;
  const engine = files.filter((file) => /^shared\/(domain|objective)\//.test(file));
  expect(engine.length).toBeGreaterThan(20);
  expect(engine.filter((file) => impure.test(readFileSync(file, 'utf8')))).toEqual([]);
});

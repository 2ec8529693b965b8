import { globSync, readFileSync } from 'node:fs';
import { basename, posix } from 'node:path';
import { expect, it } from 'vitest';

/** How the code reads, where neither the compiler nor the linter holds it: Biome holds the length of functions. */

const all = globSync('*/**/*.{ts,css,html}', { exclude: ['**/node_modules', 'cdk.out', 'dist'] });
const code = all.filter((file) => file.endsWith('.ts') && !/^(packages\/[^/]+\/)?test\//.test(file));
const textOf = new Map(code.map((file) => [file, readFileSync(file, 'utf8')]));

const imported = /^(?:import|export)\s+(?:type\s)?(?:[^'";]*?\sfrom\s+)?'(\.[^']+)'|import\('(\.[^']+)'\)/gms;

/** What a file imports of this repository, types included. */
function importsOf(file: string): string[] {
  return [...textOf.get(file)!.matchAll(imported)]
    .map(([, from, lazy]) => posix.join(posix.dirname(file), from ?? lazy!))
    .filter((target) => textOf.has(target));
}

/** Sets of files of which each leads back to itself (Tarjan). */
function circles(): string[][] {
  const index = new Map<string, number>();
  const low = new Map<string, number>();
  const stack: string[] = [];
  const found: string[][] = [];
  const visit = (file: string): void => {
    index.set(file, index.size);
    low.set(file, index.get(file)!);
    stack.push(file);
    for (const next of importsOf(file)) {
      if (!index.has(next)) visit(next);
      if (stack.includes(next)) low.set(file, Math.min(low.get(file)!, low.get(next)!));
    }
    if (low.get(file) !== index.get(file)) return;
    const circle = stack.splice(stack.indexOf(file));
    if (circle.length > 1) found.push(circle);
  };
  for (const file of code) if (!index.has(file)) visit(file);
  return found;
}

it('no files import each other in a circle, not even for types', () => {
  expect(code.length).toBeGreaterThan(500);
  expect(circles()).toEqual([]);
});

it('no file is called by a word that says nothing', () => {
  expect(all.filter((file) => /\b(utils?|managers?|common|helpers?)\b/.test(basename(file)))).toEqual([]);
});

it('files are named in kebab-case', () => {
  const strange = all.filter(
    (file) => !/^[a-z0-9]+(-[a-z0-9]+)*(\.(test|d|config))?\.\w+$/.test(basename(file)),
  );
  expect(strange).toEqual([]);
});

it('nothing is called by a word that says nothing', () => {
  const declared =
    /\b(?:class|interface|type|function|const|let|enum)\s+(\w*(?:[Uu]tils?|[Mm]anager|[Hh]elpers?|[Cc]ommon)\b)/g;
  const found = [...textOf].flatMap(([file, text]) =>
    [...text.matchAll(declared)].map(([, name]) => `${file}: ${name}`),
  );
  expect(found).toEqual([]);
});

/**
 * Words that were ours alone and gave way to those of the field. Some live on as plain words (a refusal by AWS, a person is
 * told), so only those are listed that mean nothing else here.
 */
it('words that are gone stay gone: in code, tests, pages and the schema', () => {
  const gone = [
    'house(?:s|Group)?|openHouse|obstacles?|scenes?|letGo|sick(?:en)?|asItWasLeft|moods?|witness(?:es)?',
    'workforce|agenda|sabotage|takesJson|entrances?|doors?',
  ].join('|');
  const texts = globSync('{*.md,*.yaml,docs/*.md,*/**/*.{ts,css,html,json}}', {
    exclude: ['**/node_modules', 'cdk.out', 'dist', 'CHANGELOG.md', 'test/unit/tidy.test.ts'],
  });
  const found = texts.flatMap((file) =>
    [...readFileSync(file, 'utf8').matchAll(new RegExp(`\\b(?:${gone})\\b`, 'gi'))].map(
      ([word]) => `${file}: ${word}`,
    ),
  );
  expect(texts.length).toBeGreaterThan(700);
  expect(found).toEqual([]);
});

/** Two types of one name in one part of the repository would be two meanings of a word. */
it('World, Stage, Call and Invocation have one meaning each in the product', () => {
  const declared = /^(?:export )?(?:class|interface|type) (World|Stage|Call|Invocation)\b/gm;
  const own = all.filter((file) => file.endsWith('.ts') && !file.startsWith('packages/'));
  const found = own.flatMap((file) =>
    [...readFileSync(file, 'utf8').matchAll(declared)].map(([, word]) => `${word}: ${file}`),
  );
  expect(found.sort()).toEqual([
    'Invocation: shared/runtime/lambda.ts',
    'Stage: test/kit/stage.ts',
    'World: simulate/world/world.ts',
  ]);
});

it('constants are written in camelCase, like everything else that has a value', () => {
  const capitals = /^\s*(?:export )?(?:const|let) ([A-Z][A-Z0-9_]+)\b/gm;
  const tests = all.filter((file) => file.endsWith('.ts') && !textOf.has(file));
  const texts = [...textOf, ...tests.map((file) => [file, readFileSync(file, 'utf8')] as const)];
  const found = texts.flatMap(([file, text]) =>
    [...text.matchAll(capitals)].map(([, name]) => `${file}: ${name}`),
  );
  expect(found).toEqual([]);
});

/** A duration without its unit is taken for the wrong one sooner or later. AWS's own names, in capitals, are as they are. */
it('durations have their unit in their name', () => {
  const bare =
    /\b(?:const|let|readonly)\s+([a-z]\w*(?:[Tt]imeout|[Dd]elay|[Ii]nterval|[Dd]uration))\b\??:?\s*(?:number|=\s*[\d_]+\b)/g;
  const found = [...textOf].flatMap(([file, text]) =>
    [...text.matchAll(bare)].map(([, name]) => `${file}: ${name}`),
  );
  expect(found).toEqual([]);
});

/** The class says it in one line, and minifying does not change it. */
it('an error class of its own says its name as a field', () => {
  const classes = /\bclass (\w+) extends (?:Aggregate)?Error \{(?:\n(.*)|\})/g;
  const own = [...textOf].filter(([file]) => !file.startsWith('packages/'));
  const found = own.flatMap(([file, text]) =>
    [...text.matchAll(classes)]
      .filter(([, name, first]) => first !== `  override readonly name = '${name}';`)
      .map(([, name]) => `${file}: ${name}`),
  );
  expect(own.filter(([, text]) => /this\.name = /.test(text)).map(([file]) => file)).toEqual([]);
  expect(found).toEqual([]);
});

it('nothing is exported that no other file reads', () => {
  const tests = all.filter((file) => file.endsWith('.ts') && !textOf.has(file));
  const words = new Map<string, number>();
  for (const text of [...textOf.values(), ...tests.map((file) => readFileSync(file, 'utf8'))])
    for (const word of new Set(text.match(/\w+/g))) words.set(word, (words.get(word) ?? 0) + 1);
  const found = [...textOf].flatMap(([file, text]) =>
    [...text.matchAll(/^export (?:const|function|class|async function|abstract class) (\w+)/gm)]
      .map(([, name]) => name!)
      .filter((name) => words.get(name) === 1)
      .map((name) => `${file}: ${name}`),
  );
  // Lambda calls the functions; the bundler puts ours in the place of the SDK's own.
  const calledFromOutside = /^(functions\/|shared\/providers\/aws\/lambda-)/;
  expect(found.filter((each) => !calledFromOutside.test(each))).toEqual([]);
});

/** Processes take seconds each. The functions of the local cloud are some too, but that is the local cloud's affair. */
it('no test but an end-to-end one starts a process', () => {
  const others = all.filter((file) => /^test\/(?!e2e\/|kit\/).*\.ts$/.test(file));
  const starting = others.filter((file) =>
    /'node:child_process'|kit\/run-rushhour\.ts'/.test(readFileSync(file, 'utf8')),
  );
  expect(others.length).toBeGreaterThan(150);
  // This one names what it looks for.
  expect(starting.filter((file) => file !== 'test/unit/tidy.test.ts')).toEqual([]);
});

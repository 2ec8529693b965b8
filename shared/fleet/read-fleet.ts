import { dirname } from 'node:path';
import { type Document, isCollection, isScalar, LineCounter, parseDocument, visit } from 'yaml';
import { type Checked, checked, type Expectation } from './expectations.ts';
import { type Fleet, fleetOf } from './fleet.ts';
import { expectedAndFound } from './found.ts';
import { group } from './group.ts';
import { countryCalendar } from './holidays.ts';
import { icsCalendar } from './ics-calendar.ts';
import { type FleetProblem, InvalidFleet } from './invalid-fleet.ts';
import { Offsets } from './offsets.ts';
import { providerOf } from './provider-kind.ts';
import { scriptExpectations } from './script-expectations.ts';
import { Survey } from './survey.ts';
import { yamlMistake } from './yaml-mistake.ts';

/** Five hundred groups, each with everything, fit into it; what is larger is not a fleet file. */
const mostCharacters = 4_000_000;
/** How often aliases may be resolved: a few lines of YAML can otherwise stand for gigabytes. */
const mostAliases = 1000;

/** More than these are one mistake in many places. */
const mostTold = 100;
/** Values of a file that is judged as a whole, however many of them are wrong. */
const mostAtOnce = 20_000;

/**
 * Reads the text of a fleet file.
 * @param source the file's path, for the message
 * @param folder where the file lies, and the calendars that it names
 * @param provider who keeps a group's servers: what that one cannot do is a mistake
 * @param withScripts looks at the scripts that it names, too
 * @throws InvalidFleet with every mistake at once
 */
export function readFleet(
  text: string,
  source = 'fleet.yaml',
  { folder = dirname(source), withScripts = false, provider = providerOf } = {},
): Fleet {
  if (text.length > mostCharacters)
    throw new InvalidFleet(source, [problemAt(1, `expected at most ${mostCharacters} characters`)]);
  const lines = new LineCounter();
  // Keys that are there twice are found below: the library compares each with each.
  const document = parseDocument(text, { lineCounter: lines, uniqueKeys: false });
  const lineAt = (offset: number) => lines.linePos(offset).line;
  const syntax = syntaxProblems(document, text);
  const unreadable = syntax.length > 0 ? syntax : keyProblems(document, lineAt);
  if (unreadable.length > 0) throw invalid(source, unreadable);

  const value = plainValue(document);
  if (!value) throw new InvalidFleet(source, [tooManyAliases]);
  const schema = fleetOf({ country: countryCalendar, ics: (file) => icsCalendar(folder, file) }, provider);
  const fleet = checkedFleet(schema, value.of, withScripts ? folder : undefined);
  if (fleet.kind === 'valid') return fleet.value;
  const offsets = new Offsets(document);
  const placed = fleet.expectations.map((expectation) => ({
    path: expectation.path.join('.'),
    line: lineAt(offsets.of(expectation.path)),
    get message() {
      return expectedAndFound(expectation, value.of);
    },
  }));
  throw invalid(source, placed);
}

/** What CloudFormation or CDK would replace is reported once, without what else is wrong with it. */
function checkedFleet(
  schema: ReturnType<typeof fleetOf>,
  value: unknown,
  scriptFolder: string | undefined,
): Checked<Fleet> {
  const { excess, references, values } = new Survey(value);
  if (excess.length > 0) return { kind: 'invalid', expectations: excess };
  const told = new Set(references.map(({ path }) => path.join('.')));
  const isNew = ({ path }: Expectation) => !told.has(path.join('.'));
  if (values > mostAtOnce) {
    const some = [...references, ...mistakesGroupByGroup(value).filter(isNew)];
    if (some.length > mostTold) return { kind: 'invalid', expectations: some };
  }
  const fleet = checked(schema, value);
  const scripts = scriptFolder === undefined ? [] : scriptExpectations(value, scriptFolder);
  const mistakes = fleet.kind === 'invalid' ? fleet.expectations : [];
  const all = [...references, ...[...mistakes, ...scripts].filter(isNew)];
  return all.length > 0 ? { kind: 'invalid', expectations: all } : fleet;
}

/** Of a large file: what is wrong with its groups, one after the other, until there are more than are reported. */
function mistakesGroupByGroup(value: unknown): Expectation[] {
  const { groups } = value as { groups?: unknown };
  const found: Expectation[] = [];
  if (typeof groups !== 'object' || groups === null) return found;
  for (const [name, one] of Object.entries(groups)) {
    const read = checked(group, one);
    if (read.kind === 'valid') continue;
    for (const expectation of read.expectations)
      found.push({ ...expectation, path: ['groups', name, ...expectation.path] });
    if (found.length > mostTold) break;
  }
  return found;
}

function invalid(source: string, problems: readonly FleetProblem[]): InvalidFleet {
  const sorted = problems.toSorted((one, other) => one.line - other.line);
  const told = sorted.slice(0, mostTold).map(({ path, message, line, excerpt }) => ({
    path,
    message,
    line,
    ...(excerpt !== undefined && { excerpt }),
  }));
  return new InvalidFleet(source, told, sorted.length > told.length);
}

function problemAt(line: number, message: string): FleetProblem {
  return { path: '', line, message };
}

function syntaxProblems(document: Document, text: string): FleetProblem[] {
  if (document.errors.some(({ code }) => code === 'RESOURCE_EXHAUSTION'))
    return [problemAt(1, 'expected less nesting')];
  const mistake = yamlMistake(text, document.errors);
  if (!mistake) return [];
  const { line, column, message } = mistake;
  return [{ path: '', line, message, excerpt: excerpt(text.split(/\r?\n/)[line - 1] ?? '', column) }];
}

/** The line, and a caret below the column. Full-width characters take two columns of a terminal. */
function excerpt(line: string, column: number): string {
  const [start, most] = [Math.max(0, column - 60), 90];
  const before = line.slice(start, column - 1).replaceAll('\t', ' ');
  const width = [...before].reduce(
    (sum, one) => sum + (/[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uff00-\uff60]/.test(one) ? 2 : 1),
    0,
  );
  return `${line.slice(start, start + most).replaceAll('\t', ' ')}\n${' '.repeat(width)}^`;
}

/** A key that is there twice, and `__proto__`, which would be dropped in silence, or worse. */
function keyProblems(document: Document, lineAt: (offset: number) => number): FleetProblem[] {
  const problems: FleetProblem[] = [];
  let aliases = 0;
  visit(document, {
    Alias(_, alias) {
      // Each is looked for in the whole file; more are refused anyway.
      if (++aliases > mostAliases || alias.resolve(document)) return;
      const { source } = alias;
      problems.push({
        path: '',
        line: lineAt(alias.range?.[0] ?? 0),
        message: `expected an anchor &${source} above, which *${source} would repeat; text that begins with a * is put in quotes`,
      });
    },
    Map(_, { items }) {
      const seen = new Map<unknown, number>();
      for (const { key } of items) {
        if (isCollection(key))
          problems.push({ path: '', line: lineAt(key.range?.[0] ?? 0), message: noTemplate });
        if (!isScalar(key)) continue;
        const line = lineAt(key.range?.[0] ?? 0);
        const before = seen.get(key.value);
        const name = String(key.value);
        if (name === '__proto__') problems.push({ path: name, line, message: 'expected another key' });
        else if (before !== undefined)
          problems.push({ path: name, line, message: `expected this key once: it is in line ${before} too` });
        seen.set(key.value, before ?? line);
      }
    },
  });
  return problems;
}

/** As Jinja and Helm have them. */
const noTemplate = 'expected text for a key, found {…}: nothing fills in {{ templates }} here';

const tooManyAliases = problemAt(1, `expected aliases that are resolved at most ${mostAliases} times`);

/** undefined: too many aliases. */
function plainValue(document: Document): { of: unknown } | undefined {
  try {
    return { of: document.toJS({ maxAliasCount: mostAliases }) };
  } catch (error) {
    if (error instanceof ReferenceError) return undefined;
    throw error;
  }
}

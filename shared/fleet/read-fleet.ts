import {
  type Document,
  isAlias,
  isCollection,
  isMap,
  isScalar,
  LineCounter,
  parseDocument,
  visit,
} from 'yaml';
import { type Expectation, expectations } from './expectations.ts';
import { type Fleet, fleet } from './fleet.ts';
import { type FleetProblem, InvalidFleet } from './invalid-fleet.ts';

/** Five hundred groups, each with everything, fit into it; what is larger is not a fleet file. */
const mostCharacters = 4_000_000;
/** How often aliases may be resolved: a few lines of YAML can otherwise stand for gigabytes. */
const mostAliases = 1000;

/**
 * Reads the text of a fleet file.
 * @param source the file's name, for the message
 * @throws InvalidFleet with every mistake at once
 */
export function readFleet(text: string, source = 'fleet.yaml'): Fleet {
  const lines = new LineCounter();
  const document = parseDocument(text.slice(0, mostCharacters + 1), { lineCounter: lines });
  const lineAt = (offset: number) => lines.linePos(offset).line;
  const refuse = (problems: readonly FleetProblem[]): never => {
    throw new InvalidFleet(
      source,
      [...problems].sort((one, other) => one.line - other.line),
    );
  };
  if (text.length > mostCharacters)
    refuse([{ path: '', line: 1, message: `expected at most ${mostCharacters} characters` }]);
  const unreadable = [...syntaxProblems(document), ...keyProblems(document, lineAt)];
  if (unreadable.length > 0) refuse(unreadable);

  const value = plainValue(document) ?? refuse([tooManyAliases]);
  const problems = expectations(fleet, value.of).map((expectation) => ({
    path: expectation.path.join('.'),
    line: lineAt(offsetOf(document, expectation.path)),
    message: withFound(expectation, value.of),
  }));
  return problems.length > 0 ? refuse(problems) : fleet.parse(value.of);
}

function syntaxProblems(document: Document): FleetProblem[] {
  const tooDeep = document.errors.find(({ code }) => code === 'RESOURCE_EXHAUSTION');
  return (tooDeep ? [tooDeep] : document.errors).map(({ message, linePos }) => ({
    path: '',
    line: linePos?.[0].line ?? 1,
    message: tooDeep ? 'expected less nesting' : `expected YAML: ${message.replace(/ at line \d+.*$/s, '')}`,
  }));
}

/** `__proto__` as a key would be dropped in silence, or worse. */
function keyProblems(document: Document, lineAt: (offset: number) => number): FleetProblem[] {
  const problems: FleetProblem[] = [];
  visit(document, {
    Pair(_, { key }) {
      if (isScalar(key) && key.value === '__proto__')
        problems.push({
          path: '__proto__',
          line: lineAt(key.range?.[0] ?? 0),
          message: 'expected another key',
        });
    },
  });
  return problems;
}

const tooManyAliases: FleetProblem = {
  path: '',
  line: 1,
  message: `expected aliases that are resolved at most ${mostAliases} times`,
};

/** undefined: too many aliases. */
function plainValue(document: Document): { of: unknown } | undefined {
  try {
    return { of: document.toJS({ maxAliasCount: mostAliases }) };
  } catch (error) {
    if (error instanceof ReferenceError) return undefined;
    throw error;
  }
}

/** Where the value at this path begins, or else its key, or what it is missing in. */
function offsetOf(document: Document, path: readonly PropertyKey[]): number {
  let node: unknown = document.contents;
  let offset = 0;
  for (const segment of path) {
    if (isAlias(node)) node = node.resolve(document);
    if (!isCollection(node)) break;
    if (isMap(node)) {
      const pair = node.items.find(({ key }) => isScalar(key) && String(key.value) === segment);
      if (isScalar(pair?.key)) offset = pair.key.range?.[0] ?? offset;
      node = pair?.value;
    } else {
      node = node.get(segment, true);
      offset = (node as { range?: number[] } | undefined)?.range?.[0] ?? offset;
    }
  }
  return offset;
}

function withFound({ path, expected, about }: Expectation, value: unknown): string {
  if (about === 'key') return expected;
  let found = value;
  for (const segment of path) found = (found as Record<PropertyKey, unknown> | null | undefined)?.[segment];
  return `${expected}, found ${described(found)}`;
}

function described(value: unknown): string {
  if (value === undefined || value === null) return 'nothing';
  if (Array.isArray(value)) return value.length === 1 ? 'a list of one' : `a list of ${value.length}`;
  if (typeof value === 'object') return 'keys and values';
  const text = JSON.stringify(value);
  return text.length > 80 ? `${text.slice(0, 79)}…` : text;
}

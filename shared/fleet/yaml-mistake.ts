import type { YAMLError } from 'yaml';

/** Where the text of a file stops being YAML, and what was probably meant. */
export interface YamlMistake {
  /** From 1. */
  readonly line: number;
  readonly column: number;
  readonly message: string;
}

type Lines = readonly string[];
/** Looks at the line where the library stumbled and at those before it; undefined: it is something else. */
type Look = (lines: Lines, line: number, error: YAMLError) => YamlMistake | undefined;

/**
 * One mistake of writing makes the library stumble several times, mostly a line late and in words of its grammar: so only the
 * first is reported, in words for people.
 */
export function yamlMistake(text: string, errors: readonly YAMLError[]): YamlMistake | undefined {
  const [first] = errors.toSorted((one, other) => one.pos[0] - other.pos[0]);
  if (!first) return undefined;
  const { line = 1, col = 1 } = first.linePos?.[0] ?? {};
  const lines = text.split(/\r?\n/);
  for (const look of looks) {
    const mistake = look(lines, line, first);
    if (mistake) return mistake;
  }
  const message = `expected YAML: ${first.message.replace(/ at line \d+.*$/s, '')}`;
  return { line, column: col, message };
}

function tab(lines: Lines): YamlMistake | undefined {
  const all = lines.flatMap((text, index) => (/^ *\t/.test(text) ? [index + 1] : []));
  if (all.length === 0) return undefined;
  const more = all.length > 1 ? `, and in ${all.length - 1} more lines` : '';
  return {
    line: all[0]!,
    column: lines[all[0]! - 1]!.indexOf('\t') + 1,
    message: `expected spaces before the key, found a tab${more}: YAML is indented by spaces`,
  };
}

/** As Chinese and Japanese keyboards write them. */
function fullWidth(lines: Lines, last: number): YamlMistake | undefined {
  for (const [index, text] of lines.slice(0, last + 1).entries()) {
    const at = bare(text).search(/[：，]/);
    if (at < 0) continue;
    const [found, meant] = text[at] === '：' ? ['：', ': '] : ['，', ', '];
    return {
      line: index + 1,
      column: at + 1,
      message: `expected "${meant}", found the full-width "${found}"`,
    };
  }
  return undefined;
}

function bareStar(lines: Lines, line: number): YamlMistake | undefined {
  const text = lines[line - 1] ?? '';
  const found = /:\s+(\*(?:\/\d+)?(?:\s+[\d*/,A-Z-]+){3,5})/.exec(bare(text));
  if (!found) return undefined;
  const cron = found[1]!.replace(/,$/, '');
  const column = found.index + found[0].indexOf('*') + 1;
  return {
    line,
    column,
    message: `expected the cron in quotes, "${cron}": a * without them begins an alias`,
  };
}

function noSpaceAfterColon(lines: Lines, line: number): YamlMistake | undefined {
  for (const at of [line, line - 1]) {
    const found = /^(\s*[\w-]+):(?=[^\s:/])/.exec(lines[at - 1] ?? '');
    if (found)
      return {
        line: at,
        column: found[0].length + 1,
        message: `expected a space after "${found[1]!.trim()}:"`,
      };
  }
  return undefined;
}

/** A key whose indentation matches neither its neighbours' nor that of a key above. */
function indentation(lines: Lines, line: number, { code, message }: YAMLError): YamlMistake | undefined {
  if (code !== 'BAD_INDENT' && !/compact mappings|same column|Implicit keys/.test(message)) return undefined;
  for (const at of [line, line + 1]) {
    const text = lines[at - 1] ?? '';
    const before = lines.slice(0, at - 1).filter((one) => /^\s*[\w"'-]+:/.test(one));
    const previous = before.at(-1);
    if (previous === undefined || !/^\s*[\w"'-]+:(\s|$)/.test(text)) continue;
    const [is, was] = [indentOf(text), indentOf(previous)];
    const opens = /:\s*(#.*)?$/.test(previous);
    const known = new Set(before.map(indentOf).filter((one) => one <= was));
    const fits = is > was ? opens : known.has(is);
    if (!fits)
      return {
        line: at,
        column: is + 1,
        message: `expected ${was} spaces before this key, as before the one above it, found ${is}`,
      };
  }
  return undefined;
}

function indentOf(text: string): number {
  return text.length - text.trimStart().length;
}

/** What was opened and never closed, told where it was opened. */
function unclosed(lines: Lines, _line: number, { message }: YAMLError): YamlMistake | undefined {
  if (!/end with a [}\]]|Missing closing/.test(message)) return undefined;
  const open: { line: number; column: number; mark: string }[] = [];
  let quote: { line: number; column: number; mark: string } | undefined;
  for (const [index, text] of lines.entries()) {
    for (const [at, mark] of [...text].entries()) {
      const place = { line: index + 1, column: at + 1, mark };
      if (quote) quote = mark === quote.mark && text[at - 1] !== '\\' ? undefined : quote;
      else if (mark === '#' && (at === 0 || /\s/.test(text[at - 1]!))) break;
      else if ((mark === '"' || mark === "'") && !/\w/.test(text[at - 1] ?? '')) quote = place;
      else if (mark === '{' || mark === '[') open.push(place);
      else if (mark === '}' || mark === ']') open.pop();
    }
  }
  const left = quote ?? open.at(-1);
  if (!left) return undefined;
  const closing = { '{': '}', '[': ']' }[left.mark] ?? left.mark;
  return {
    line: left.line,
    column: left.column,
    message: `expected a ${closing} that closes this ${left.mark}`,
  };
}

const looks: readonly Look[] = [tab, fullWidth, bareStar, noSpaceAfterColon, unclosed, indentation];

/** What is in quotes or behind a # is text, and blanked out so that columns stay. */
function bare(text: string): string {
  return text.replaceAll(/"(?:[^"\\]|\\.)*"|'[^']*'|(?:^|\s)#.*$/g, (part) => ' '.repeat(part.length));
}

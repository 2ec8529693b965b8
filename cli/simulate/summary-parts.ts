import { table } from '../print.ts';
import { styled } from '../terminal.ts';

/** A piece of a summary, to be shown on a terminal or on a page. */
export type SummaryPart =
  | { readonly kind: 'remark' | 'group' | 'warning' | 'heading' | 'line'; readonly words: string }
  | {
      readonly kind: 'table';
      readonly rows: readonly (readonly string[])[];
      /** None: the first cell of a row names the others. */
      readonly headings?: readonly string[];
    };

/** For a terminal. */
export function partsAsText(parts: readonly SummaryPart[]): string {
  return parts.map(partAsText).join('\n');
}

function partAsText(part: SummaryPart): string {
  switch (part.kind) {
    case 'remark':
      return styled('dim', part.words);
    case 'group':
      return `\n${styled('bold', part.words)}`;
    case 'warning':
      return `  ${styled('yellow', part.words)}`;
    case 'heading':
      return `\n  ${styled('yellow', part.words)}`;
    case 'line':
      return `  ${part.words}`;
    case 'table':
      return tableAsText(part.rows, part.headings);
  }
}

function tableAsText(rows: readonly (readonly string[])[], headings: readonly string[] = []): string {
  const first = (cell: string) => (headings.length === 0 ? styled('dim', cell) : cell);
  const indented = rows.map(([cell = '', ...cells]) => [`  ${first(cell)}`, ...cells]);
  const [heading, ...others] = headings;
  return table(indented, heading === undefined ? [] : [`  ${heading}`, ...others]);
}

/** For a page. */
export function partsAsHtml(parts: readonly SummaryPart[]): string {
  return parts.map(partAsHtml).join('\n');
}

function partAsHtml(part: SummaryPart): string {
  switch (part.kind) {
    case 'group':
      return `<h2>${escaped(part.words)}</h2>`;
    case 'heading':
      return `<h3>${escaped(part.words)}</h3>`;
    case 'table':
      return tableAsHtml(part.rows, part.headings);
    default:
      return `<p class="${part.kind}">${escaped(part.words)}</p>`;
  }
}

function tableAsHtml(rows: readonly (readonly string[])[], headings: readonly string[] = []): string {
  const row = (name: 'td' | 'th', cells: readonly string[]) =>
    `<tr>${cells.map((cell) => `<${name}>${escaped(cell)}</${name}>`).join('')}</tr>`;
  const head = headings.length === 0 ? '' : row('th', headings);
  return `<table${head === '' ? ' class="facts"' : ''}>${head}${rows.map((cells) => row('td', cells)).join('\n')}</table>`;
}

export function escaped(words: string): string {
  return words.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);
}

import { styled } from '../terminal.ts';
import { fitted, widthOf } from '../text-width.ts';
import type { Row } from './row.ts';
import { chosenOf, type View } from './view.ts';

export interface Screen {
  readonly columns: number;
  readonly lines: number;
}

/** Lines besides the rows: title, headings, footer. */
const otherLines = 3;

/** Rows that fit on a screen. */
export function pageOf({ lines }: Screen): number {
  return Math.max(1, lines - otherLines);
}

const headings = ['GROUP', 'SERVERS', 'MIN–MAX', 'ALARMS', 'NEXT', 'NOW'] as const;
const colours = { fine: undefined, busy: 'yellow', wrong: 'red' } as const;
/** No column but the last takes more than this share of the screen. */
const widestShare = 0.25;

/**
 * The table as lines that fill the screen and do not wrap.
 * @param title what stands above it
 * @param rows those that the filter leaves
 */
export function tableFrame(title: string, rows: readonly Row[], view: View, screen: Screen): string[] {
  const page = pageOf(screen);
  const chosen = chosenOf(
    view,
    rows.map(({ name }) => name),
  );
  const place = rows.findIndex(({ name }) => name === chosen);
  const first = Math.max(0, Math.min(place - Math.floor(page / 2), rows.length - page));
  const shown = rows.slice(first, first + page);
  const cells = rows.map(({ name, servers, bounds, alarms, next, now }) => [
    name,
    servers,
    bounds,
    alarms,
    next,
    now,
  ]);
  const widths = widthsOf([headings, ...cells], screen.columns);
  const lines = shown.map((row, index) => {
    const text = lineOf(cells[first + index]!, widths, screen.columns);
    if (row.name === chosen) return styled('inverse', text.padEnd(screen.columns));
    const colour = colours[row.tone];
    return colour ? styled(colour, text) : text;
  });
  const empty = Array.from({ length: page - shown.length }, () => '');
  return [
    styled('bold', fitted(title, screen.columns)),
    styled('dim', lineOf(headings, widths, screen.columns)),
    ...lines,
    ...empty,
    styled('dim', fitted(footerOf(view, rows.length, first, shown.length), screen.columns)),
  ];
}

function widthsOf(rows: readonly (readonly string[])[], columns: number): number[] {
  const widest = Math.max(8, Math.floor(columns * widestShare));
  return headings.map((_, column) => Math.min(widest, Math.max(...rows.map((row) => widthOf(row[column]!)))));
}

function lineOf(cells: readonly string[], widths: readonly number[], columns: number): string {
  const padded = cells.map((cell, column) => {
    if (column === cells.length - 1) return cell;
    const text = fitted(cell, widths[column]!);
    return text + ' '.repeat(widths[column]! - widthOf(text));
  });
  return fitted(padded.join('  ').trimEnd(), columns);
}

function footerOf({ mode, filter }: View, rows: number, first: number, shown: number): string {
  if (mode === 'filter') return `/${filter}▏ Enter keeps the filter, Esc drops it`;
  const where = shown < rows ? `${first + 1}–${first + shown} of ${rows}; ` : '';
  const filtered = filter ? `only "${filter}" (Esc: all); ` : '';
  return `${where}${filtered}↑↓ choose  Enter explain  / filter  q quit`;
}

/** One group's explanation, from the line to which it was scrolled. */
export function explanationFrame(text: string, { scrolled }: View, screen: Screen): string[] {
  const page = Math.max(1, screen.lines - 1);
  const lines = text.split('\n').flatMap((line) => wrapped(line, screen.columns));
  const first = Math.min(scrolled, Math.max(0, lines.length - page));
  const shown = lines.slice(first, first + page);
  const empty = Array.from({ length: page - shown.length }, () => '');
  return [...shown, ...empty, styled('dim', fitted('↑↓ scroll  Esc back', screen.columns))];
}

/** Lines that fit; what goes on is indented. */
function wrapped(line: string, columns: number): string[] {
  const lines: string[] = [];
  let now = '';
  for (const word of line.split(/(?<= )/)) {
    if (now.trim() !== '' && widthOf(now + word.trimEnd()) > columns) {
      lines.push(now.trimEnd());
      now = '    ';
    }
    now += word;
  }
  return [...lines, now.trimEnd()];
}

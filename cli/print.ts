import { stripVTControlCharacters } from 'node:util';
import { type Command, Option } from 'commander';
import { shown, styled, write } from './terminal.ts';

export interface OutputOptions {
  readonly json?: boolean;
}

/** Adds `--json`. */
export function withJsonOption(command: Command): Command {
  return command.addOption(new Option('--json', 'print JSON for programs instead of a table for people'));
}

export function print(text: string): void {
  write(process.stdout, `${text}\n`);
}

export function printJson(value: unknown): void {
  print(JSON.stringify(value, null, 2));
}

/** Columns two spaces apart; the last one is as long as it is. A line break in a cell would begin a row that nobody wrote. */
export function table(rows: readonly (readonly string[])[], headings: readonly string[] = []): string {
  const cells = rows.map((row) => row.map((cell) => shown(cell).replaceAll('\n', '\\u000a')));
  const all = headings.length === 0 ? cells : [headings.map((heading) => styled('dim', heading)), ...cells];
  const widths = (all[0] ?? []).map((_, column) => Math.max(...all.map((row) => width(row[column] ?? ''))));
  const padded = (cell: string, column: number) => cell + ' '.repeat(widths[column]! - width(cell));
  return all.map((row) => row.map(padded).join('  ').trimEnd()).join('\n');
}

/** Columns on a terminal: Chinese, Japanese and Korean characters take two. */
function width(text: string): number {
  const wide = text.match(
    /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60]/g,
  );
  return stripVTControlCharacters(text).length + (wide?.length ?? 0);
}

import { type Command, Option } from 'commander';
import { dataText, type OutputFormat, outputFormats } from './output-format.ts';
import { shown, styled, write } from './terminal.ts';
import { widthOf } from './text-width.ts';

export interface OutputOptions {
  /** Data for programs is wanted, in whichever format. */
  readonly json?: boolean;
  readonly output?: OutputFormat;
}

/** Adds `--output`, and `--json` as its short form. */
export function withJsonOption(command: Command): Command {
  return command
    .addOption(
      new Option(
        '-o, --output <format>',
        'how to print: a table for people, json or yaml for programs',
      ).choices(outputFormats),
    )
    .addOption(new Option('--json', 'the same as -o json').conflicts('output'))
    .hook('preAction', (_, acting) => {
      const { output, json = false } = acting.opts<OutputOptions>();
      acting.setOptionValue('json', json || (output !== undefined && output !== 'table'));
    });
}

export function print(text: string): void {
  write(process.stdout, `${text}\n`);
}

/** Prints data for programs, in the format that was asked for. */
export function printData(value: unknown, { output }: OutputOptions): void {
  print(dataText(value, output === 'yaml' ? 'yaml' : 'json'));
}

/** Columns two spaces apart; the last one is as long as it is. A line break in a cell would begin a row that nobody wrote. */
export function table(rows: readonly (readonly string[])[], headings: readonly string[] = []): string {
  const cells = rows.map((row) => row.map((cell) => shown(cell).replaceAll('\n', '\\u000a')));
  const all = headings.length === 0 ? cells : [headings.map((heading) => styled('dim', heading)), ...cells];
  const widths = (all[0] ?? []).map((_, column) => Math.max(...all.map((row) => widthOf(row[column] ?? ''))));
  const padded = (cell: string, column: number) => cell + ' '.repeat(widths[column]! - widthOf(cell));
  return all.map((row) => row.map(padded).join('  ').trimEnd()).join('\n');
}

import { stringify } from 'yaml';

export const outputFormats = ['table', 'json', 'yaml'] as const;
export type OutputFormat = (typeof outputFormats)[number];
export type DataFormat = Exclude<OutputFormat, 'table'>;

/** A value as programs read it. What JSON leaves out, YAML does too. */
export function dataText(value: unknown, format: DataFormat): string {
  const json = JSON.stringify(value, null, 2);
  if (format === 'json') return json;
  // With --watch: one document after the other.
  return `---\n${stringify(JSON.parse(json), { lineWidth: 0 }).trimEnd()}`;
}

/** Commands whose `--json` names a file. */
const namingFiles: ReadonlySet<string> = new Set(['bench', 'start']);

/** The data format that a command line asks for, whether or not it can be understood; undefined: it is for people. */
export function dataFormatAsked([command = '', ...args]: readonly string[]): DataFormat | undefined {
  if (namingFiles.has(command)) return undefined;
  if (args.includes('--json')) return 'json';
  const place = args.findIndex((arg) => /^(-o|--output)(=|$)/.test(arg));
  const format = args[place]?.split('=')[1] ?? args[place + 1];
  return place >= 0 && (format === 'json' || format === 'yaml') ? format : undefined;
}

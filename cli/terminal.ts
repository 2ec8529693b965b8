import { randomInt } from 'node:crypto';
import { createInterface } from 'node:readline/promises';
import { styleText } from 'node:util';
import { visible } from '../shared/fleet/printable.ts';

/*
 * The one place through which the command prints. Names, reasons and errors come from files and from the cloud, and a
 * terminal obeys what it is sent: it can be made to hide lines, to move about, and to type. So whatever a terminal would
 * obey is shown instead, but for the colours that were set here, which carry a number that only this process knows.
 */

const secret = Array.from({ length: 4 }, () => randomInt(1000, 10_000)).join(';');
const ownColours = new RegExp(`(\\u001b\\[${secret};\\d+m)`);

type Style = Parameters<typeof styleText>[0];

/** Coloured on a terminal that wants it (`NO_COLOR`, `FORCE_COLOR` and `TERM=dumb` are heeded), plain elsewhere. */
export function styled(style: Style, text: string, stream: NodeJS.WriteStream = process.stdout): string {
  // One after the other: of several at once, Node 20 forgets to ask whether the stream is a terminal.
  const coloured = [style].flat().reduce((inner, one) => styleText(one, inner, { stream }), shown(text));
  return coloured.replaceAll(
    // biome-ignore lint/suspicious/noControlCharactersInRegex: the escape of a colour.
    /\u001b\[(\d+)m/g,
    `\u001b[${secret};$1m`,
  );
}

/** As `write` will show it, so that its width is known; colours are still marked. */
export function shown(text: string): string {
  return text
    .split(ownColours)
    .map((part, index) => (index % 2 === 1 ? part : visible(part)))
    .join('');
}

/** @param text lines of it, colours by `styled` */
export function write(stream: NodeJS.WriteStream, text: string): void {
  stream.write(forTerminal(text));
}

function forTerminal(text: string): string {
  return shown(text).replaceAll(`\u001b[${secret};`, '\u001b[');
}

/** On a terminal, says on a line of stderr that the next one replaces what is going on. No text: it is over. */
export function writeStatus(text = ''): void {
  const { stderr } = process;
  if (!stderr.isTTY) return;
  // A line that wraps could not be taken back.
  stderr.write(`\r\u001b[K${visible(text).slice(0, (stderr.columns || 80) - 1)}`);
}

/** On a terminal, begins anew at its top. */
export function clearScreen(): void {
  if (process.stdout.isTTY) process.stdout.write('\u001b[2J\u001b[H');
}

/** The whole terminal, without a cursor, until `leaveFullScreen` brings back what was there. */
export function enterFullScreen(): void {
  process.stdout.write('\u001b[?1049h\u001b[?25l');
}

export function leaveFullScreen(): void {
  process.stdout.write('\u001b[?25h\u001b[?1049l');
}

/** Draws over what is there, without a flicker. @param lines as many as the terminal has, none wider than it */
export function drawFrame(lines: readonly string[]): void {
  const drawn = lines.map((line) => `${forTerminal(line).replaceAll('\n', ' ')}\u001b[K`);
  process.stdout.write(`\u001b[H${drawn.join('\r\n')}\u001b[J`);
}

/** @returns what was typed on the line after the question */
export async function ask(question: string): Promise<string> {
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return await terminal.question(visible(question));
  } finally {
    terminal.close();
  }
}

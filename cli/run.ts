import { CommanderError } from 'commander';
import { commandLine } from './command-line.ts';
import { commands } from './commands.ts';
import { complain } from './complain.ts';
import { exitCodes } from './failure.ts';
import { dataFormatAsked, dataText } from './output-format.ts';
import { print } from './print.ts';

/**
 * Runs one command line, to its end.
 * @returns the exit code
 */
export async function run(args: readonly string[]): Promise<number> {
  try {
    const called = args.find((arg) => !arg.startsWith('-') && arg !== 'help');
    const program = await commandLine(called);
    if (args.length === 0) program.help({ error: true });
    await program.parseAsync(mistaken(called, args) ? [called] : args, { from: 'user' });
    return Number(process.exitCode ?? exitCodes.done);
  } catch (error) {
    const format = dataFormatAsked(args);
    if (!(error instanceof CommanderError)) return complain(error, format);
    if (error.exitCode === 0) return exitCodes.done;
    if (format) print(dataText({ error: misuse(error) }, format));
    return exitCodes.misused;
  }
}

/** Commander has told people already. */
function misuse({ code, message }: CommanderError): object {
  return { name: code, message: message.replace(/^error: /, ''), exitCode: exitCodes.misused };
}

/** Help about a command that there is not would be help about everything, and no word of the mistake. */
function mistaken(called: string | undefined, args: readonly string[]): called is string {
  const asksForHelp = args.some((arg) => arg === 'help' || arg === '--help' || arg === '-h');
  return asksForHelp && called !== undefined && !commands.some(({ name }) => name === called);
}

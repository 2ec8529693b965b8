#!/usr/bin/env node
import { CommanderError } from 'commander';
import { commandLine } from './command-line.ts';
import { commands } from './commands.ts';
import { complain } from './complain.ts';
import { exitCodes } from './failure.ts';

/** @returns the exit code */
async function run(args: readonly string[]): Promise<number> {
  try {
    const called = args.find((arg) => !arg.startsWith('-') && arg !== 'help');
    const program = await commandLine(called);
    if (args.length === 0) program.help({ error: true });
    await program.parseAsync(mistaken(called, args) ? [called] : args, { from: 'user' });
    return Number(process.exitCode ?? exitCodes.done);
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.done : exitCodes.misused;
    return complain(error);
  }
}

/** Help about a command that there is not would be help about everything, and no word of the mistake. */
function mistaken(called: string | undefined, args: readonly string[]): called is string {
  const asksForHelp = args.some((arg) => arg === 'help' || arg === '--help' || arg === '-h');
  return asksForHelp && called !== undefined && !commands.some(({ name }) => name === called);
}

// Whoever reads only the first lines has not made a mistake.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit(exitCodes.done);
});

process.exitCode = await run(process.argv.slice(2));

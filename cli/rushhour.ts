import { CommanderError } from 'commander';
import { commandLine } from './command-line.ts';
import { complain } from './complain.ts';
import { exitCodes } from './failure.ts';

/** @returns the exit code */
async function run(args: readonly string[]): Promise<number> {
  try {
    const program = await commandLine(args.find((arg) => !arg.startsWith('-') && arg !== 'help'));
    if (args.length === 0) program.help({ error: true });
    await program.parseAsync(args, { from: 'user' });
    return Number(process.exitCode ?? exitCodes.done);
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.done : exitCodes.misused;
    return complain(error);
  }
}

// Whoever reads only the first lines has not made a mistake.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit(exitCodes.done);
});

process.exitCode = await run(process.argv.slice(2));

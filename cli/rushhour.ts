import { Command, CommanderError } from 'commander';
import { commands } from './commands.ts';
import { complain } from './complain.ts';
import { exitCodes } from './failure.ts';

const after = `
Start with:
  $ rushhour validate            is fleet.yaml in order?
  $ rushhour plan                what will happen in the next 14 days?
  $ rushhour status              what is running, and why so much of it?

Region, profile and endpoint are taken as by every AWS tool: --region, --profile, --endpoint-url, or AWS_REGION,
AWS_PROFILE, AWS_ENDPOINT_URL. With the endpoint of \`npm run local\` everything works alike, without an account.

Exit codes: 0 done, or yes; 1 it failed, or no; 2 used wrongly.`;

/** Builds the command line; of the commands only the one that is called is defined in full. */
async function commandLine(args: readonly string[]): Promise<Command> {
  const program = new Command('rushhour')
    .description(
      'A serverless autoscaler for fleets of servers behind load balancers, that can always say why.',
    )
    .usage('COMMAND [options]')
    .showHelpAfterError()
    .exitOverride()
    .addHelpText('after', after)
    .helpCommand('help [COMMAND]', 'teach a command, with an example')
    .configureHelp({ helpWidth: 110 });
  const called = args.find((arg) => !arg.startsWith('-') && arg !== 'help');
  for (const { name, summary, heading, load } of commands) {
    const command = program.command(name).description(summary).helpGroup(heading);
    if (name === called) (await load()).define(command);
  }
  return program;
}

/** @returns the exit code */
async function run(args: readonly string[]): Promise<number> {
  try {
    const program = await commandLine(args);
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

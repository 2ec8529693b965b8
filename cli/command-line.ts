import type { Command } from 'commander';
import { version } from '../shared/version.ts';
import type { CommandModule } from './command-entry.ts';
import { commands } from './commands.ts';
import { RushhourCommand } from './rushhour-command.ts';
import { write } from './terminal.ts';

const after = `
Start with:
  $ rushhour validate            is fleet.yaml in order?
  $ rushhour plan                what will happen in the next 14 days?
  $ rushhour status              what is running, and why so much of it?

Region, profile and endpoint are taken as by every AWS tool: --region, --profile, --endpoint-url, or AWS_REGION,
AWS_PROFILE, AWS_ENDPOINT_URL. With the endpoint of \`rushhour local\` everything works the same, without an account.

Exit codes: 0 done, or yes; 1 it failed, or no; 2 wrong usage.`;

/**
 * Builds the command line.
 * @param called the one command that is defined in full; the others are only listed
 */
export async function commandLine(called: string | undefined): Promise<Command> {
  const program = new RushhourCommand('rushhour')
    .description(
      'A serverless autoscaler for fleets of servers behind load balancers, that can always say why.',
    )
    .usage('COMMAND [options]')
    .showHelpAfterError('\nUsage: rushhour COMMAND [options]\nrushhour help lists every command.')
    .version(version, '-V, --version', 'print the version')
    .exitOverride()
    .configureOutput({
      writeOut: (text) => write(process.stdout, text),
      writeErr: (text) => write(process.stderr, text),
    })
    .addHelpText('after', after)
    .helpCommand('help [COMMAND]', 'say how to use a command, with an example')
    .configureHelp({ helpWidth: 110 });
  for (const { name, summary, heading, load } of commands) {
    const command = program.command(name).description(summary).helpGroup(heading);
    if (name !== called) continue;
    const module = await load();
    module.define(command, commands);
    command.showHelpAfterError(reminderOf(name, module));
  }
  return program;
}

/** What follows a mistake: usage and examples. The whole help would push what is wrong off the screen. */
function reminderOf(name: string, { define }: CommandModule): string {
  const rehearsal = new RushhourCommand(name);
  define(rehearsal, commands);
  let help = '';
  rehearsal.configureOutput({ writeOut: (text) => (help += text) }).outputHelp();
  const [, usage] = /^Usage: (.*)/.exec(help)!;
  const examples = help.match(/^ {2}\$ .*$/gm) ?? [];
  return ['', `Usage: rushhour ${usage}`, ...examples, `rushhour help ${name} says more.`].join('\n');
}

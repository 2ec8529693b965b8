import { Argument, type Command } from 'commander';
import { parse } from 'yaml';
import type { CommandEntry } from '../command-entry.ts';
import { bashScript } from '../completion/bash.ts';
import { completableCommands } from '../completion/completable.ts';
import { fishScript } from '../completion/fish.ts';
import { zshScript } from '../completion/zsh.ts';
import { type FleetOptions, fleetText, takesFleet } from '../fleet-text.ts';
import { print } from '../print.ts';

const help = `
Prints a script by which your shell completes commands, options and the names of your groups. Put its line where your shell
starts:

  $ eval "$(rushhour completion bash)"       # ~/.bashrc
  $ source <(rushhour completion zsh)        # ~/.zshrc, after compinit
  $ rushhour completion fish | source        # ~/.config/fish/config.fish

The script holds the commands of this version: print it anew after an update. For groups it asks rushhour completion groups.`;

const scripts = { bash: bashScript, zsh: zshScript, fish: fishScript };
type What = keyof typeof scripts | 'groups';

export function define(command: Command, all: readonly CommandEntry[]): void {
  takesFleet(command)
    .addArgument(new Argument('<what>', 'a shell').choices([...Object.keys(scripts), 'groups']))
    .addHelpText('after', help)
    .action((what: What, options: FleetOptions) => complete(what, options, all));
}

async function complete(what: What, { fleet }: FleetOptions, all: readonly CommandEntry[]): Promise<void> {
  if (what === 'groups') print(groupNames(fleetText(fleet)).join('\n'));
  else print(scripts[what](await completableCommands(all)));
}

/** As far as they can be read: somebody presses a key while the file is being written. */
function groupNames(text: string): string[] {
  const groups: unknown = parse(text)?.groups;
  return typeof groups === 'object' && groups !== null ? Object.keys(groups) : [];
}

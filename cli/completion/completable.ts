import type { Command, Option } from 'commander';
import type { CommandEntry } from '../command-entry.ts';
import { RushhourCommand } from '../rushhour-command.ts';

/** What may follow: one of the fleet file's groups, a file, one of these words, or what nobody can complete. */
export type Follows = 'nothing' | 'group' | 'file' | 'word' | readonly string[];

export interface CompletableOption {
  /** Without its hyphens. */
  readonly long: string;
  readonly short: string | undefined;
  readonly description: string;
  readonly follows: Follows;
}

export interface CompletableCommand {
  readonly name: string;
  readonly summary: string;
  readonly options: readonly CompletableOption[];
  /** Its first argument. */
  readonly first: Follows;
}

/** Every command with its options, as shells complete them. */
export async function completableCommands(all: readonly CommandEntry[]): Promise<CompletableCommand[]> {
  return Promise.all(
    all.map(async ({ name, summary, load }) => {
      const command = new RushhourCommand(name);
      (await load()).define(command, all);
      return { name, summary, options: command.options.map(completableOption), first: firstOf(command) };
    }),
  );
}

function completableOption(option: Option): CompletableOption {
  const { long, short, description } = option;
  return {
    long: (long ?? '').replace(/^--/, ''),
    short: short?.replace(/^-/, ''),
    description,
    follows: followsOf(option),
  };
}

function followsOf({ argChoices, flags, long, required, optional }: Option): Follows {
  if (argChoices) return argChoices;
  if (!required && !optional) return 'nothing';
  return long === '--group' ? 'group' : kindOf(/<(\w+)>/.exec(flags)?.[1]);
}

function firstOf({ registeredArguments: [argument] }: Command): Follows {
  if (!argument) return 'nothing';
  return argument.argChoices ?? kindOf(argument.name());
}

function kindOf(name: string | undefined): Follows {
  return name === 'group' || name === 'file' ? name : 'word';
}

import type { Command } from 'commander';

/** A command's own module: its arguments, its options, what it does. */
export interface CommandModule {
  /** @param all every command there is, for one that speaks of them */
  define(command: Command, all: readonly CommandEntry[]): void;
}

export interface CommandEntry {
  readonly name: string;
  /** One line for the list of commands. */
  readonly summary: string;
  /** Heading under which it is listed. */
  readonly heading: string;
  /** Only the command that is called is loaded: the SDK takes longer to load than most commands to run. */
  load(): Promise<CommandModule>;
}

import type { Command } from 'commander';

/** A command's own module: its arguments, its options, what it does. */
export interface CommandModule {
  define(command: Command): void;
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

const before = 'Before a deploy:';

/** Every command, in the order of the help. */
export const commands: readonly CommandEntry[] = [
  {
    name: 'validate',
    summary: 'check the fleet file, with every mistake at once',
    heading: before,
    load: () => import('./commands/validate.ts'),
  },
  {
    name: 'plan',
    summary: 'show day by day what the windows will do',
    heading: before,
    load: () => import('./commands/plan.ts'),
  },
];

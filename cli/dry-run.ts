import { type Command, Option } from 'commander';

export interface DryRunOptions {
  readonly dryRun?: boolean;
}

/** Adds `--dry-run`. */
export function withDryRunOption(command: Command): Command {
  return command.addOption(new Option('--dry-run', 'say what would be done, and do nothing'));
}

import { setTimeout } from 'node:timers/promises';
import { type Command, InvalidArgumentError, Option } from 'commander';

export interface WatchOptions {
  /** Seconds. */
  readonly watch?: number;
}

const defaultSeconds = 10;

/** Adds `--watch`. */
export function takesWatch(command: Command): Command {
  return command.addOption(
    new Option('--watch [seconds]', 'again and again, until Ctrl-C')
      .preset(defaultSeconds)
      .argParser(readSeconds),
  );
}

function readSeconds(text: string | number): number {
  const seconds = Number(text);
  if (!(seconds >= 1 && seconds <= 3600)) throw new InvalidArgumentError('Expected 1 to 3600 seconds.');
  return seconds;
}

/** Shows once, or again and again on a cleared screen. */
export async function watched({ watch }: WatchOptions, show: () => Promise<void>): Promise<void> {
  for (;;) {
    if (watch !== undefined && process.stdout.isTTY) process.stdout.write('\u001b[2J\u001b[H');
    await show();
    if (watch === undefined) return;
    await setTimeout(watch * 1000);
  }
}

import { setTimeout } from 'node:timers/promises';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { complain } from './complain.ts';
import { clearScreen } from './terminal.ts';

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
      .argParser(readWatchSeconds),
  );
}

/** How often to look. @throws InvalidArgumentError */
export function readWatchSeconds(text: string | number): number {
  const seconds = Number(text);
  if (!(seconds >= 1 && seconds <= 3600)) throw new InvalidArgumentError('Expected 1 to 3600 seconds.');
  return seconds;
}

/**
 * Looks and prints once, or again and again on a cleared screen; what was seen last stays until there is more to see.
 * @param look returns what prints
 * @throws what the first look throws; later failures are reported, and tried again
 */
export async function watched({ watch }: WatchOptions, look: () => Promise<() => void>): Promise<void> {
  let print = await look();
  for (;;) {
    if (watch !== undefined) clearScreen();
    print();
    if (watch === undefined) return;
    await setTimeout(watch * 1000);
    print = await look().catch((error) => () => void complain(error));
  }
}

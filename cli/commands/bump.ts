import type { Command } from 'commander';
import { readChange } from '../read-change.ts';
import {
  requestByHand,
  type TimedRequestOptions,
  withForOption,
  withRequestOptions,
} from '../request-by-hand.ts';

const help = `
Adds servers, or takes some away, at once: people wait for no cooldown. With --for the change ends by itself, like a
window; without, it stays until alarms or people change it again. minSize and maxSize hold.

  $ rushhour bump business +2 --for 2h --reason "radio interview at 15:00"
  $ rushhour bump business -1 --reason "one too many after the sale"`;

export function define(command: Command): void {
  withForOption(withRequestOptions(command))
    .argument('<group>', 'the group')
    .argument('<change>', 'servers more or fewer, like +2 or -1', readChange)
    .addHelpText('after', help)
    .action((group: string, adjustment: number, options: TimedRequestOptions) =>
      requestByHand('bump', group, { adjustment, for: options.for }, options),
    );
}

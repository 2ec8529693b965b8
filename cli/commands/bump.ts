import type { Command } from 'commander';
import { requestByHand } from '../by-hand/request-by-hand.ts';
import { type TimedRequestOptions, withForOption, withRequestOptions } from '../by-hand/request-options.ts';
import { readChange } from '../read-change.ts';

const help = `
Adds servers, or takes some away, at once: people wait for no cooldown. With --for the change ends by itself, like a
window; without, it stays until alarms or people change it again. minSize and maxSize hold. It says beforehand what it will
do, and asks when that takes away more than a third of the servers.

  $ rushhour bump business +2 --for 2h --reason "radio interview at 15:00"
  business 3 → 5, max 10; ends 16:00; undo: rushhour undo business
  $ rushhour bump business -1 --reason "one too many after the sale"`;

export function define(command: Command): void {
  withForOption(withRequestOptions(command))
    .argument('<group>', 'the group')
    .argument('<change>', 'servers more or fewer, like +2 or -1', readChange)
    .addHelpText('after', help)
    .action((group: string, adjustment: number, options: TimedRequestOptions) =>
      requestByHand(group, { kind: 'adjust', adjustment, forSeconds: options.for }, options),
    );
}

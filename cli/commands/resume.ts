import type { Command } from 'commander';
import { requestByHand } from '../by-hand/request-by-hand.ts';
import { type RequestOptions, withRequestOptions } from '../by-hand/request-options.ts';

const help = `
Ends a pause. Alarms that are still in breach then act, and a window that is open then opens.

  $ rushhour resume business --reason "migration is done"`;

export function define(command: Command): void {
  withRequestOptions(command)
    .argument('<group>', 'the group')
    .addHelpText('after', help)
    .action((group: string, options: RequestOptions) => requestByHand(group, { kind: 'resume' }, options));
}

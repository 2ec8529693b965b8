import { type Command, InvalidArgumentError } from 'commander';
import { type RequestOptions, requestByHand, withRequestOptions } from '../request-by-hand.ts';

const help = `
Sets how many servers there shall be now. Inside a window it says what will be left once the window has closed: what the
window added is its own, and taken back first.

  $ rushhour set business 8 --reason "more for the evening"
  ✓ business 5 → 8: set by you (more for the evening); 6 once window 'lunch' is over`;

export function define(command: Command): void {
  withRequestOptions(command)
    .argument('<group>', 'the group')
    .argument('<servers>', 'how many', readServers)
    .addHelpText('after', help)
    .action((group: string, desiredCapacity: number, options: RequestOptions) =>
      requestByHand('bump', group, { desiredCapacity }, options),
    );
}

function readServers(text: string): number {
  if (!/^\d{1,5}$/.test(text)) throw new InvalidArgumentError('Expected a number of servers.');
  return Number(text);
}

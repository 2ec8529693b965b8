import { type Command, InvalidArgumentError } from 'commander';
import { requestByHand } from '../by-hand/request-by-hand.ts';
import { type RequestOptions, withRequestOptions } from '../by-hand/request-options.ts';

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
      requestByHand(group, { kind: 'set', desiredCapacity }, options),
    );
}

function readServers(text: string): number {
  if (!/^\d{1,5}$/.test(text)) throw new InvalidArgumentError('Expected a number of servers.');
  return Number(text);
}

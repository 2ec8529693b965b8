import { type Command, Option } from 'commander';
import { requestByHand } from '../by-hand/request-by-hand.ts';
import { type TimedRequestOptions, withForOption, withRequestOptions } from '../by-hand/request-options.ts';

const help = `
While a group is paused nothing changes its capacity, not even people; --direction in only keeps servers from being
taken away. Missed schedules are not replayed afterwards, but a window that is open then is opened.

  $ rushhour pause business --for 1h --reason "database migration"
  $ rushhour pause business --direction in --for 30m --reason "slow start after a release"`;

interface PauseOptions extends TimedRequestOptions {
  readonly direction: 'both' | 'out' | 'in';
}

export function define(command: Command): void {
  withForOption(withRequestOptions(command))
    .argument('<group>', 'the group')
    .addOption(
      new Option('--direction <direction>', 'which way nothing may go')
        .choices(['both', 'out', 'in'])
        .default('both'),
    )
    .addHelpText('after', help)
    .action((group: string, options: PauseOptions) =>
      requestByHand(group, { kind: 'pause', direction: options.direction, forSeconds: options.for }, options),
    );
}

import { type Command, InvalidArgumentError } from 'commander';
import { instanceId } from '../../shared/fleet/scalars.ts';
import { requestByHand } from '../by-hand/request-by-hand.ts';
import { type RequestOptions, withRequestOptions } from '../by-hand/request-options.ts';

const help = `
Attaches servers that are running to a group, and protects them from scale-in: desired capacity rises by their number,
and the group never falls below it. To keep them for good, write them into the fleet file under instances.

  $ rushhour adopt session i-0123456789abcdef0 --reason "holds the sessions of the old cluster"`;

export function define(command: Command): void {
  withRequestOptions(command)
    .argument('<group>', 'the group')
    .argument('<instances...>', 'ids of servers', readInstances)
    .addHelpText('after', help)
    .action((group: string, serverIds: readonly string[], options: RequestOptions) =>
      requestByHand(group, { kind: 'adopt', serverIds }, options),
    );
}

function readInstances(id: string, earlier: readonly string[] | undefined): readonly string[] {
  if (!instanceId.safeParse(id).success)
    throw new InvalidArgumentError('Expected an instance id like i-0123456789abcdef0.');
  return [...(earlier ?? []), id];
}

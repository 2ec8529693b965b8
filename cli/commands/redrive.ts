import type { Command } from 'commander';
import { type CloudOptions, openCloud, takesCloud } from '../cloud.ts';
import { type ConfirmOptions, confirm, takesYes } from '../confirm.ts';
import { DeadLetters } from '../dead-letters.ts';
import { exitCodes } from '../failure.ts';
import { invoke } from '../invoke.ts';
import { type OutputOptions, print, printJson, takesJson } from '../print.ts';
import { inProgress } from '../progress.ts';
import { type Redriven, redriveAll } from '../redrive-all.ts';
import { styled } from '../terminal.ts';

const help = `
Hands the events of the dead-letter queue to their functions once more, and removes those that succeed. An event
only says when to look, and one that comes too late is recorded and not obeyed. What a person asked for is done now, unless
it was done before.

  $ rushhour redrive
  ✓ lunch-on-schedule: done

Exit codes: 0 the queue is empty, 1 something stays in it.`;

type RedriveOptions = CloudOptions & OutputOptions & ConfirmOptions;

export function define(command: Command): void {
  takesYes(takesJson(takesCloud(command)))
    .addHelpText('after', help)
    .action(redrive);
}

async function redrive(options: RedriveOptions): Promise<void> {
  const { house } = await inProgress('logging in', openCloud(options));
  const queue = await DeadLetters.of(house.fleet);
  const count = await queue.count();
  if (count > 0) await confirm(`Hand ${count} ${count === 1 ? 'event' : 'events'} over once more?`, options);
  const results = await inProgress('handing over', redriveAll(house.fleet, queue, invoke));
  if (results.some(({ done }) => !done)) process.exitCode = exitCodes.failed;
  if (options.json) printJson({ events: results });
  else if (results.length === 0) print('The dead-letter queue is empty.');
  else for (const result of results) printResult(result);
}

function printResult({ function: name, done, message }: Redriven): void {
  print(`${done ? styled('green', '✓') : styled('red', '✗')} ${name ?? 'an event'}: ${message}`);
}

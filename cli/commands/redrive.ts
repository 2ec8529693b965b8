import type { Command } from 'commander';
import type { Fleet } from '../../shared/fleet/fleet.ts';
import { functionName, functionNames } from '../../shared/fleet/names.ts';
import { type CloudOptions, openCloud, takesCloud } from '../cloud.ts';
import { type ConfirmOptions, confirm, takesYes } from '../confirm.ts';
import { type DeadLetter, DeadLetters } from '../dead-letters.ts';
import { exitCodes } from '../failure.ts';
import { invoke } from '../invoke.ts';
import { type OutputOptions, print, printJson, styled, takesJson } from '../print.ts';
import { inProgress } from '../progress.ts';

const help = `
Hands the events of the dead-letter queue to their functions once more, and removes those that succeed. That is harmless:
an event only says when to look, and one that comes too late is recorded and not obeyed.

  $ rushhour redrive
  ✓ lunch-on-schedule: done

Exit codes: 0 the queue is empty, 1 something stays in it.`;

type RedriveOptions = CloudOptions & OutputOptions & ConfirmOptions;

interface Redriven {
  readonly function: string | undefined;
  readonly done: boolean;
  readonly message: string;
}

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
  const results = await inProgress('handing over', redriveAll(house.fleet, queue));
  if (results.some(({ done }) => !done)) process.exitCode = exitCodes.failed;
  if (options.json) printJson({ events: results });
  else if (results.length === 0) print('The dead-letter queue is empty.');
  else for (const result of results) printResult(result);
}

/** What fails stays hidden in the queue for minutes, so that each event is tried once. */
async function redriveAll(fleet: Fleet, queue: DeadLetters): Promise<Redriven[]> {
  const results: Redriven[] = [];
  for (let letters = await queue.take(); letters.length > 0; letters = await queue.take()) {
    for (const letter of letters) {
      const result = await redriveOne(fleet, letter);
      if (result.done) await queue.remove(letter);
      results.push(result);
    }
  }
  return results;
}

async function redriveOne(fleet: Fleet, { functionName: name, payload }: DeadLetter): Promise<Redriven> {
  const own = functionNames.find((each) => functionName(fleet, each) === name);
  if (own === undefined) {
    const message = `for ${name ?? 'nobody'}, which is no function of this fleet: look at it in the console of SQS`;
    return { function: name, done: false, message };
  }
  try {
    await invoke(fleet, own, Object(payload));
    return { function: name, done: true, message: 'done' };
  } catch (error) {
    return { function: name, done: false, message: (error as Error).message };
  }
}

function printResult({ function: name, done, message }: Redriven): void {
  print(`${done ? styled('green', '✓') : styled('red', '✗')} ${name ?? 'an event'}: ${message}`);
}

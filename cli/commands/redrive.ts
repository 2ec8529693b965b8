import type { Command } from 'commander';
import { openCloud } from '../cloud.ts';
import { type CloudOptions, takesCloud } from '../cloud-options.ts';
import { type ConfirmOptions, confirm, isSomebodyHere, saysYes, takesYes } from '../confirm.ts';
import { DeadLetters } from '../dead-letters.ts';
import { type DryRunOptions, withDryRunOption } from '../dry-run.ts';
import type { ExaminedLetter } from '../examine-dead-letter.ts';
import { exitCodes } from '../failure.ts';
import { invoke } from '../invoke.ts';
import { type OutputOptions, print, printData, table, withJsonOption } from '../print.ts';
import { inProgress } from '../progress.ts';
import { type Judge, lettersIn, type Redriven, redriveAll } from '../redrive-all.ts';
import { styled } from '../terminal.ts';

const help = `
Shows the events of the dead-letter queue, hands them to their functions once more, and removes those that succeed. An event
only says when to look, and one that comes too late is recorded and not obeyed. What a person asked for (bump, adopt) and what
a stack asks for (release) would be done now, unless it was done before: each of these is asked for, also with --yes.
A letter whose own parts disagree about where it comes from stays in the queue.

  $ rushhour redrive
  lunch-on-schedule  business
  lunch-bump         business  change capacity by 2  alice: sale at noon
  Hand 2 events over once more? [y/N] y
  lunch-bump, business: change capacity by 2 (alice: sale at noon)? [y/N] y
  ✓ lunch-on-schedule: done
  ✓ lunch-bump: done

Exit codes: 0 the queue is empty, 1 something stays in it.`;

type RedriveOptions = CloudOptions & OutputOptions & ConfirmOptions & DryRunOptions;

export function define(command: Command): void {
  takesYes(withDryRunOption(withJsonOption(takesCloud(command))))
    .addHelpText('after', help)
    .action(redrive);
}

async function redrive(options: RedriveOptions): Promise<void> {
  const { scaler } = await inProgress('logging in', openCloud(options));
  const queue = await DeadLetters.of(scaler.fleet);
  if (options.dryRun) {
    tellLetters(await lettersIn(scaler.fleet, queue), options);
    return;
  }
  const results = await redriveAll(scaler.fleet, queue, judgeFor(options), invoke);
  if (results.some(({ done }) => !done)) process.exitCode = exitCodes.failed;
  if (options.json) printData({ events: results }, options);
  else if (results.length === 0) print(empty);
  else for (const result of results) printResult(result);
}

/** Of a dry run. */
function tellLetters(letters: readonly ExaminedLetter[], options: OutputOptions): void {
  const events = letters.map(({ function: name, group, change, refusal }) => ({
    function: name,
    group,
    change,
    refusal,
  }));
  if (options.json) printData({ dryRun: true, events }, options);
  else print(letters.length === 0 ? empty : table(letters.map(rowOf)));
}

const empty = 'The dead-letter queue is empty.';

/** The person at the terminal. News is harmless, so `--yes` covers it; nobody but a person can say yes to a change. */
function judgeFor(options: RedriveOptions): Judge {
  return {
    async look(letters) {
      if (!options.json) print(table(letters.map(rowOf)));
      const { length } = letters;
      await confirm(`Hand ${length} ${length === 1 ? 'event' : 'events'} over once more?`, options);
    },
    async whyNot(letter) {
      if (!isSomebodyHere()) return 'it asks for a change, and nobody is here to say yes: use a terminal';
      const { function: name, group, change } = letter;
      const question = `${name}, ${group ?? 'no group'}: ${change} (${wordsOf(letter)})?`;
      return (await saysYes(question)) ? undefined : 'left as it is';
    },
  };
}

function rowOf(letter: ExaminedLetter): string[] {
  const { function: name, group, change, refusal } = letter;
  return [
    name,
    group ?? '',
    change ?? '',
    refusal === undefined ? wordsOf(letter) : `not handed over: ${refusal}`,
  ];
}

/** Whose ask it is by its own words, and who has put it into the queue by SQS's. */
function wordsOf({ change, owner, reason, letter: { senderId } }: ExaminedLetter): string {
  if (change === undefined) return '';
  const sender = senderId === undefined ? '' : `, sent by ${senderId}`;
  return `${owner ?? 'nobody named'}: ${reason ?? 'no reason'}${sender}`;
}

function printResult({ function: name, done, message }: Redriven): void {
  print(`${done ? styled('green', '✓') : styled('red', '✗')} ${name}: ${message}`);
}

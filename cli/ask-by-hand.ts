import { randomUUID } from 'node:crypto';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { type Answer, toldOf, wasDone } from '../shared/answer.ts';
import { parseDuration } from '../shared/fleet/parse-duration.ts';
import { operatorName } from '../shared/runtime/operator-name.ts';
import { type CloudOptions, openCloud, takesCloud } from './cloud.ts';
import { exitCodes } from './failure.ts';
import { invoke } from './invoke.ts';
import { requireGroup } from './load-fleet.ts';
import { type OutputOptions, print, printJson, styled, takesJson } from './print.ts';
import { inProgress } from './progress.ts';

export interface AskOptions extends CloudOptions, OutputOptions {
  readonly reason: string;
  readonly owner: string;
  readonly requestId?: string;
}

export interface TimedAskOptions extends AskOptions {
  readonly for?: string;
}

/** Adds what every change by hand carries: why, by whom, and an id that makes a repetition harmless. */
export function takesAsk(command: Command): Command {
  return takesJson(takesCloud(command))
    .addOption(
      new Option('--reason <text>', 'why; it is kept in the history')
        .argParser(readWords('a reason', 200))
        .makeOptionMandatory(),
    )
    .addOption(
      new Option('--owner <name>', 'who asks')
        .default(operatorName(), 'you')
        .argParser(readWords('a name', 100)),
    )
    .addOption(
      new Option('--request-id <id>', 'makes a retry harmless: one id is carried out at most once').argParser(
        readRequestId,
      ),
    );
}

/** Adds `--for`. */
export function takesFor(command: Command): Command {
  return command.addOption(
    new Option('--for <duration>', 'ends by itself after so long, like 30m or 2h').argParser(readDuration),
  );
}

/** What the functions would refuse is not worth asking for. */
function readWords(what: string, maxLength: number): (text: string) => string {
  return (text) => {
    const words = text.trim();
    if (words.length > 0 && words.length <= maxLength) return words;
    throw new InvalidArgumentError(`Expected ${what}, at most ${maxLength} characters.`);
  };
}

function readRequestId(text: string): string {
  if (!/^[\w.:-]{1,128}$/.test(text))
    throw new InvalidArgumentError('Expected at most 128 letters, digits, . : - and _');
  return text;
}

function readDuration(text: string): string {
  if (!parseDuration(text)) throw new InvalidArgumentError('Expected a duration like 90s, 30m, 2h, 1d.');
  return text;
}

/** Asks the deployed scaler for a change, and says what came of it: exit code 1 if it was refused. */
export async function askByHand(
  functionName: 'bump' | 'adopt',
  group: string,
  ask: Readonly<Record<string, unknown>>,
  options: AskOptions,
): Promise<void> {
  const { house } = await openCloud(options);
  requireGroup(house.fleet, group);
  const { reason, owner, requestId = randomUUID() } = options;
  const payload = { group, ...ask, reason, owner, requestId };
  const answer = await inProgress(`asking ${group}`, invoke<Answer>(house.fleet, functionName, payload));
  const done = wasDone(answer);
  if (!done) process.exitCode = exitCodes.failed;
  if (options.json) printJson({ ...answer, requestId });
  else {
    const mark = done ? styled('green', '✓') : styled('yellow', '–');
    for (const sentence of toldOf(answer)) print(`${mark} ${sentence}`);
  }
}

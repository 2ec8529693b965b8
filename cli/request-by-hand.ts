import { randomUUID } from 'node:crypto';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { type Answer, toldOf, wasDone } from '../shared/engine/answer.ts';
import { operatorName } from '../shared/runtime/operator-name.ts';
import { duration, owner, reason, requestId } from '../shared/runtime/scalars.ts';
import { type CloudOptions, openCloud, takesCloud } from './cloud.ts';
import { exitCodes } from './failure.ts';
import { invoke } from './invoke.ts';
import { requireGroup } from './load-fleet.ts';
import { type OutputOptions, print, printData, withJsonOption } from './print.ts';
import { inProgress } from './progress.ts';
import { styled } from './terminal.ts';

export interface RequestOptions extends CloudOptions, OutputOptions {
  readonly reason: string;
  readonly owner: string;
  readonly requestId?: string;
}

export interface TimedRequestOptions extends RequestOptions {
  readonly for?: string;
}

/** Adds what every change by hand carries: why, by whom, and an id that makes a repetition harmless. */
export function withRequestOptions(command: Command): Command {
  return withJsonOption(takesCloud(command))
    .addOption(
      new Option('--reason <text>', 'why; it is kept in the history')
        .argParser(accepted(reason))
        .makeOptionMandatory(),
    )
    .addOption(
      new Option('--owner <name>', 'who asks: what you say, which nobody checks')
        .default(operatorName(), 'you')
        .argParser(accepted(owner)),
    )
    .addOption(
      new Option('--request-id <id>', 'makes a retry harmless: one id is carried out at most once').argParser(
        accepted(requestId),
      ),
    );
}

/** Adds `--for`. */
export function withForOption(command: Command): Command {
  return command.addOption(
    new Option('--for <duration>', 'ends by itself after so long, like 30m or 2h').argParser(
      accepted(duration),
    ),
  );
}

/** What the functions would refuse is not worth asking for. */
function accepted(scalar: typeof reason | typeof duration): (text: string) => string {
  return (text) => {
    const { error } = scalar.safeParse(text);
    if (!error) return text;
    throw new InvalidArgumentError(`${error.issues[0]!.message.replace(/^e/, 'E')}.`);
  };
}

/** Asks the deployed scaler for a change, and says what came of it: exit code 1 if it was refused. */
export async function requestByHand(
  functionName: 'bump' | 'adopt',
  group: string,
  ask: Readonly<Record<string, unknown>>,
  options: RequestOptions,
): Promise<void> {
  const { scaler } = await openCloud(options);
  requireGroup(scaler.fleet, group);
  const { reason, owner, requestId = randomUUID() } = options;
  const payload = { group, ...ask, reason, owner, requestId };
  const answer = await inProgress(`asking ${group}`, invoke<Answer>(scaler.fleet, functionName, payload));
  const done = wasDone(answer);
  if (!done) process.exitCode = exitCodes.failed;
  if (options.json) printData({ ...answer, requestId }, options);
  else {
    const mark = done ? styled('green', '✓') : styled('yellow', '–');
    for (const sentence of toldOf(answer)) print(`${mark} ${sentence}`);
  }
}

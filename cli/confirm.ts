import { type Command, Option } from 'commander';
import { exitCodes, Failure } from './failure.ts';
import { ask } from './terminal.ts';

export interface ConfirmOptions {
  readonly yes?: boolean;
}

/** Adds `--yes`. */
export function takesYes(command: Command): Command {
  return command.addOption(new Option('--yes', 'do it without asking first'));
}

/** Asks back before something that is not easily undone. @throws Failure when the answer is no, or nobody is there */
export async function confirm(question: string, { yes }: ConfirmOptions): Promise<void> {
  if (yes) return;
  if (!isSomebodyHere())
    throw new Failure(question, {
      advice: 'Nobody is here to answer: say --yes',
      exitCode: exitCodes.misused,
    });
  if (!(await saysYes(question))) throw new Failure('Left as it is.');
}

/** Whether a question would be seen and could be answered. */
export function isSomebodyHere(): boolean {
  return process.stdin.isTTY && process.stderr.isTTY;
}

export async function saysYes(question: string): Promise<boolean> {
  return /^y(es)?$/i.test((await ask(`${question} [y/N] `)).trim());
}

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
  if (!process.stdin.isTTY || !process.stderr.isTTY)
    throw new Failure(question, {
      advice: 'Nobody is here to answer: say --yes',
      exitCode: exitCodes.misused,
    });
  const answer = await ask(`${question} [y/N] `);
  if (!/^y(es)?$/i.test(answer.trim())) throw new Failure('Left as it is.');
}

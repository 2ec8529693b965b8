import { type Command, InvalidArgumentError, Option } from 'commander';
import { parseDuration } from '../../shared/fleet/parse-duration.ts';
import { operatorName } from '../../shared/runtime/operator-name.ts';
import { duration, owner, reason, requestId } from '../../shared/runtime/scalars.ts';
import { type CloudOptions, takesCloud } from '../cloud-options.ts';
import { type ConfirmOptions, takesYes } from '../confirm.ts';
import { type DryRunOptions, withDryRunOption } from '../dry-run.ts';
import { type LanguageOptions, withLanguageOption } from '../language.ts';
import { type OutputOptions, withJsonOption } from '../print.ts';

export interface RequestOptions
  extends CloudOptions,
    OutputOptions,
    ConfirmOptions,
    DryRunOptions,
    LanguageOptions {
  readonly reason: string;
  readonly owner: string;
  readonly requestId?: string;
}

export interface TimedRequestOptions extends RequestOptions {
  /** Seconds. */
  readonly for?: number;
}

/** Adds what every change by hand carries: why, by whom, and an id that makes a repetition harmless. */
export function withRequestOptions(command: Command): Command {
  return withOwnerOptions(
    withJsonOption(takesCloud(command)).addOption(
      new Option('--reason <text>', 'why; it is kept in the history')
        .argParser(accepted(reason))
        .makeOptionMandatory(),
    ),
  );
}

/** The same but for the reason. */
export function withOwnerOptions(command: Command): Command {
  return withLanguageOption(takesYes(withDryRunOption(command)))
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
    new Option('--for <duration>', 'how long it lasts, like 30m or 2h; then it ends by itself').argParser(
      (text) => parseDuration(accepted(duration)(text))!,
    ),
  );
}

/** What the functions would refuse is not worth asking for. */
export function accepted(scalar: typeof reason | typeof duration): (text: string) => string {
  return (text) => {
    const { error } = scalar.safeParse(text);
    if (!error) return text;
    throw new InvalidArgumentError(`${error.issues[0]!.message.replace(/^e/, 'E')}.`);
  };
}

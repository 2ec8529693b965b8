import { type Argument, Command, type Option } from 'commander';

/** Commander's command, which says everything that is missing at once and not one thing a try. */
export class RushhourCommand extends Command {
  override createCommand(name?: string): RushhourCommand {
    return new RushhourCommand(name);
  }

  /** Commander calls it for the first argument that is missing. */
  protected missingArgument(): never {
    return this.#sayWhatIsMissing();
  }

  /** Commander calls it for the first mandatory option that is missing. */
  protected missingMandatoryOptionValue(): never {
    return this.#sayWhatIsMissing();
  }

  #sayWhatIsMissing(): never {
    const unknown = this.args.find((arg) => /^-[^\d]/.test(arg));
    if (unknown !== undefined) this.error(`error: unknown option '${unknown}'`);
    const missing = [
      ...this.registeredArguments.filter(
        (argument, place) => argument.required && this.args[place] === undefined,
      ),
      ...this.options.filter(
        (option) => option.mandatory && this.getOptionValue(option.attributeName()) === undefined,
      ),
    ];
    const lines = missing.map((one) => `  ${termOf(one)}  ${one.description}`);
    return this.error(['error: something is missing:', ...lines].join('\n'), {
      code: 'rushhour.missing',
    });
  }
}

function termOf(one: Argument | Option): string {
  if ('flags' in one) return one.flags;
  return `<${one.name()}${one.variadic ? '...' : ''}>`;
}

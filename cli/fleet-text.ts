import { readFileSync, statSync } from 'node:fs';
import { type Command, Option } from 'commander';
import { exitCodes, Failure } from './failure.ts';
import { nearestFleetFile } from './nearest-fleet-file.ts';

/** Five hundred groups take a tenth of it. */
const mostBytes = 16 * 1024 * 1024;

export interface FleetOptions {
  readonly fleet: string;
}

/** Adds `--fleet`. */
export function takesFleet(command: Command): Command {
  return command.addOption(
    new Option('--fleet <file>', 'the fleet file; - reads standard input')
      .env('FLEET')
      .default(nearestFleetFile(), 'fleet.yaml, here or in the nearest folder above'),
  );
}

/** How a fleet file is called in sentences. */
export function fleetTitle(file: string): string {
  return file === standardInput ? 'standard input' : file;
}

const standardInput = '-';
/** It can be read once only, and some commands read the fleet file twice. */
let textOfStandardInput: string | undefined;

/**
 * The text of a fleet file, of standard input for `-`.
 * @throws Failure when there is no such file
 */
export function fleetText(file: string): string {
  if (file !== standardInput) return textOf(file);
  if (process.stdin.isTTY)
    throw new Failure('--fleet - reads the fleet file from standard input, and that is a terminal.', {
      advice: 'Say --fleet FILE, or pipe it in: cat fleet.yaml | rushhour validate -',
      exitCode: exitCodes.misused,
    });
  textOfStandardInput ??= readFileSync(0, 'utf8');
  return textOfStandardInput;
}

function textOf(file: string): string {
  const refused = (what: string, cause?: unknown) =>
    new Failure(what, {
      advice: 'Go to the folder of your fleet file, or name it: --fleet FILE',
      exitCode: exitCodes.misused,
      cause,
    });
  try {
    const about = statSync(file);
    if (!about.isFile() && !about.isFIFO()) throw refused(`${file} is no file.`);
    if (about.size > mostBytes) throw refused(`${file} has more than 16 MiB, which is no fleet file.`);
    return readFileSync(file, 'utf8');
  } catch (cause) {
    if (cause instanceof Failure) throw cause;
    throw refused(`There is no ${file} to read.`, cause);
  }
}

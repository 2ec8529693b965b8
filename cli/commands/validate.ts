import { type Command, Option } from 'commander';
import type { Fleet } from '../../shared/fleet/fleet.ts';
import type { FleetWarning } from '../../shared/fleet/fleet-warning.ts';
import { InvalidFleet } from '../../shared/fleet/invalid-fleet.ts';
import { warnings } from '../../shared/fleet/warnings.ts';
import { calendarWarnings } from '../../shared/schedule/calendar-warnings.ts';
import { windowWarnings } from '../../shared/schedule/window-warnings.ts';
import { flappingWarnings } from '../../simulate/flapping-warnings.ts';
import { type CloudOptions, takesCloud } from '../cloud-options.ts';
import { exitCodes } from '../failure.ts';
import { fleetTitle } from '../fleet-text.ts';
import { loadFleet } from '../load-fleet.ts';
import { type OutputOptions, print, printData, withJsonOption } from '../print.ts';
import { daysOption } from '../simulate/days-option.ts';
import { styled } from '../terminal.ts';
import { isKept, type PromiseOfPast, promiseOfPast, promiseText } from '../tune/promise-of-past.ts';

const help = `
Every mistake is reported at once (of many, the first hundred), each with its line, its path, and what was expected and
found, also of the scripts that the file names; then what the file may say, but probably does not mean:

  $ rushhour validate shop.yaml
  error: shop.yaml has a mistake:
    shop.yaml:9 groups.shop.minSize: expected at most maxSize (4), found 40

With --from-cloudwatch GROUP it reads that group's load as well, and says what an objective can promise of it:

  $ rushhour validate --from-cloudwatch shop
  ✓ shop: by 28.0 days of its load an objective can promise 0.10 % unserved

Exit codes: 0 no mistake (warnings do not count), 1 mistakes, 2 no such file.`;

interface ValidateOptions extends CloudOptions, OutputOptions {
  readonly fromCloudwatch?: string;
  readonly days: number;
}

export function define(command: Command): void {
  withJsonOption(takesCloud(command))
    .addOption(
      new Option(
        '--from-cloudwatch <group>',
        "what can be promised of this group's load, by what CloudWatch has",
      ),
    )
    .addOption(daysOption())
    .argument('[file]', 'the fleet file, as --fleet')
    .addHelpText('after', help)
    .action(validate);
}

async function validate(file: string | undefined, given: ValidateOptions): Promise<void> {
  const options = file === undefined ? given : { ...given, fleet: file };
  if (options.json) {
    printData(await verdict(options), options);
    return;
  }
  const fleet = loadFleet(options, { withFiles: true });
  const count = Object.keys(fleet.groups).length;
  const holds = `fleet ${fleet.name}, ${count} ${count === 1 ? 'group' : 'groups'}, no mistake`;
  print(`${styled('green', '✓')} ${fleetTitle(options.fleet)}: ${holds}`);
  for (const { path, message } of await allWarnings(fleet))
    print(`${styled('yellow', '!')} ${path}: ${message}`);
  const group = options.fromCloudwatch;
  if (group === undefined) return;
  const promise = await promiseIn(fleet, group, options);
  const mark = isKept(promise) ? styled('green', '✓') : styled('yellow', '!');
  print(`${mark} ${group}: ${promiseText(promise)}`);
}

/** The SDK is loaded only where CloudWatch is read: most of the time a file is checked, and nothing else. */
async function promiseIn(fleet: Fleet, group: string, options: ValidateOptions): Promise<PromiseOfPast> {
  const { readLoadHistory } = await import('../simulate/load-source.ts');
  return promiseOfPast(fleet, group, await readLoadHistory(fleet, { ...options, scale: 'none' }));
}

async function verdict(options: ValidateOptions): Promise<object> {
  try {
    const fleet = loadFleet(options, { withFiles: true });
    const groups = Object.keys(fleet.groups);
    const group = options.fromCloudwatch;
    const promise = group !== undefined && (await promiseIn(fleet, group, options));
    const warned = await allWarnings(fleet);
    return {
      valid: true,
      fleet: fleet.name,
      groups,
      problems: [],
      warnings: warned,
      ...(promise && { promise }),
    };
  } catch (error) {
    if (!(error instanceof InvalidFleet)) throw error;
    process.exitCode = exitCodes.failed;
    const { problems, more } = error;
    return { valid: false, problems, ...(more && { more }), warnings: [] };
  }
}

async function allWarnings(fleet: Fleet): Promise<FleetWarning[]> {
  const now = Date.now();
  const ofCalendars = calendarWarnings(fleet, now).map(({ path, message }) => ({ path, message }));
  return [
    ...warnings(fleet),
    ...windowWarnings(fleet, now),
    ...ofCalendars,
    ...(await flappingWarnings(fleet)),
  ];
}

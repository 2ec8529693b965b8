import { writeFileSync } from 'node:fs';
import { basename } from 'node:path';
import { AutoScalingClient } from '@aws-sdk/client-auto-scaling';
import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { EC2Client } from '@aws-sdk/client-ec2';
import { ElasticLoadBalancingV2Client } from '@aws-sdk/client-elastic-load-balancing-v2';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { fleetName } from '../../shared/fleet/fleet-keys.ts';
import { timeZone as timeZoneFormat } from '../../shared/fleet/scalars.ts';
import { type CloudSelection, settleCloud } from '../cloud-settings.ts';
import { exitCodes, Failure } from '../failure.ts';
import { assertFree, writeNative } from '../native/native-file.ts';
import { readNative } from '../native/read-native.ts';
import { paced } from '../paced.ts';
import { type OutputOptions, print, printData, withJsonOption } from '../print.ts';
import { requireProfile } from '../profile.ts';
import { inProgress } from '../progress.ts';
import { settingToBlame } from '../setting-to-blame.ts';
import { fleetText, remarkText } from '../take-over/fleet-text.ts';
import { fromAutoScaling } from '../take-over/from-auto-scaling.ts';
import { keyFor } from '../take-over/names.ts';
import type { NativeGroup } from '../take-over/native-group.ts';
import { swapSteps } from '../take-over/swap-steps.ts';
import type { TakenOver } from '../take-over/taken-over.ts';
import { styled, write } from '../terminal.ts';

const help = `
Writes a fleet file of scaling groups that exist, from what they have: sizes, scheduled actions as windows, policies as alarms, targets
and a forecast, protected servers, load balancer. It says what could not be carried over, and which native rules to remove when. Nothing in the
account is changed, and the groups begin with mode: observe. What was read is kept in a file, for rushhour remove --restore.

  $ rushhour take-over web-asg worker-asg --out fleet.yaml
  $ rushhour take-over web-asg > fleet.yaml`;

interface TakeOverOptions extends CloudSelection, OutputOptions {
  readonly out?: string;
  readonly keep: string;
  readonly name?: string;
  readonly timeZone?: string;
}

export function define(command: Command): void {
  withJsonOption(command)
    .argument('<groups...>', 'names of scaling groups, as the account has them')
    .addOption(new Option('--out <file>', 'write the fleet file there; default: standard output'))
    .addOption(new Option('--keep <file>', 'keep there what the groups have now').default('taken-over.json'))
    .addOption(
      new Option('--name <name>', "the fleet's name; default: that of the folder").argParser(readName),
    )
    .addOption(
      new Option(
        '--time-zone <zone>',
        "the fleet's time zone; default: that of the scheduled actions",
      ).argParser(readZone),
    )
    .addOption(new Option('--region <region>', 'AWS region; default: AWS_REGION, or that of the profile'))
    .addOption(new Option('--profile <name>', 'profile of ~/.aws; default: AWS_PROFILE'))
    .addOption(new Option('--endpoint-url <url>', "another cloud's address; default: AWS_ENDPOINT_URL"))
    .addHelpText('after', help)
    .action(takeOver);
}

function readName(text: string): string {
  const { error } = fleetName.safeParse(text);
  if (error) throw new InvalidArgumentError(`${error.issues[0]!.message}.`);
  return text;
}

function readZone(text: string): string {
  const { error } = timeZoneFormat.safeParse(text);
  if (error) throw new InvalidArgumentError(`${error.issues[0]!.message}.`);
  return text;
}

async function takeOver(groups: readonly string[], options: TakeOverOptions): Promise<void> {
  if (options.out !== undefined) assertFree(options.out, '--out');
  assertFree(options.keep, '--keep');
  const { account, region, natives } = await readAccount([...new Set(groups)], options);
  const taken = natives.map((native) => fromAutoScaling(native, Date.now()));
  writeNative(options.keep, { account, region, takenAt: new Date().toISOString(), groups: natives });
  tell(taken, options, swapSteps(natives));
}

async function readAccount(
  groups: readonly string[],
  options: TakeOverOptions,
): Promise<{ account: string; region: string; natives: NativeGroup[] }> {
  const settings = settleCloud(options);
  await requireProfile(settings);
  const sts = new STSClient({ maxAttempts: 2 });
  const { Account = '' } = await sts.send(new GetCallerIdentityCommand({})).catch((error) => {
    throw settingToBlame(error, settings) ?? error;
  });
  const clients = {
    autoScaling: paced(new AutoScalingClient()),
    cloudWatch: paced(new CloudWatchClient()),
    ec2: paced(new EC2Client()),
    balancing: paced(new ElasticLoadBalancingV2Client()),
  };
  const natives = await inProgress(`reading ${groups.join(', ')}`, readNative(clients, groups));
  return { account: Account, region: await sts.config.region(), natives };
}

/** The fleet file goes to a file or to standard output; what people should know to standard error. */
function tell(taken: readonly TakenOver[], options: TakeOverOptions, steps: readonly string[]): void {
  const name = options.name ?? usualName();
  const text = fleetText({ name, timeZone: options.timeZone, groups: taken });
  if (options.json) {
    printData({ fleet: text, groups: taken, steps, kept: options.keep }, options);
    return;
  }
  if (options.out === undefined) print(text.trimEnd());
  else writeNew(options.out, text);
  const say = (line: string) => write(process.stderr, `${line}\n`);
  for (const { key, remarks } of taken) {
    for (const remark of remarks) {
      const sign =
        remark.kind === 'lost' ? styled('red', '✗', process.stderr) : styled('yellow', '!', process.stderr);
      say(`${sign} ${key}: ${remarkText(remark)}`);
    }
  }
  for (const step of steps) say(step);
}

function writeNew(file: string, text: string): void {
  try {
    writeFileSync(file, text, { flag: 'wx' });
  } catch (cause) {
    throw new Failure(`${file} cannot be written (${(cause as NodeJS.ErrnoException).code}).`, {
      advice: 'Name another: --out FILE',
      exitCode: exitCodes.misused,
      cause,
    });
  }
}

function usualName(): string {
  const name = keyFor(basename(process.cwd()), 'fleet');
  return fleetName.safeParse(name).success ? name : 'fleet';
}

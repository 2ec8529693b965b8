import { readFileSync, writeFileSync } from 'node:fs';
import { basename } from 'node:path';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { fleetName } from '../../shared/fleet/fleet-keys.ts';
import { timeZone as timeZoneFormat } from '../../shared/fleet/scalars.ts';
import type { CloudSelection } from '../cloud-settings.ts';
import { exitCodes, Failure } from '../failure.ts';
import { assertFree, writeNative } from '../native/native-file.ts';
import { readAccount } from '../native/read-account.ts';
import { readCluster } from '../native/read-cluster.ts';
import { readAlibaba, readTencent } from '../native/read-printed.ts';
import { type OutputOptions, print, printData, withJsonOption } from '../print.ts';
import { fleetText, remarkText } from '../take-over/fleet-text.ts';
import { fromAlibaba } from '../take-over/from-alibaba.ts';
import { fromAutoScaling } from '../take-over/from-auto-scaling.ts';
import { fromHpa } from '../take-over/from-hpa.ts';
import { fromKeda } from '../take-over/from-keda.ts';
import { fromService } from '../take-over/from-service.ts';
import { fromTencent } from '../take-over/from-tencent.ts';
import { type Manifest, scalersIn, UnknownManifest } from '../take-over/kubernetes-manifests.ts';
import { keyFor } from '../take-over/names.ts';
import { swapSteps } from '../take-over/swap-steps.ts';
import type { TakenOver } from '../take-over/taken-over.ts';
import { styled, write } from '../terminal.ts';

const help = `
Writes a fleet file of scaling groups that exist, from what they have: sizes, scheduled actions as windows, policies as alarms, targets
and a forecast, protected servers, load balancer. It says what could not be carried over, and which native rules to remove when. Nothing in the
account is changed, and the groups begin with mode: observe. What was read is kept in a file, for rushhour remove --restore.

  $ rushhour take-over web-asg worker-asg --out fleet.yaml
  $ rushhour take-over ecs:shop/web --out fleet.yaml

A service of ECS is named ecs:CLUSTER/SERVICE, one of another region than that of the fleet ecs:REGION/CLUSTER/SERVICE.

From files it needs no account. Workloads of Kubernetes and groups of Tencent and Alibaba Cloud stay what they are:

  $ kubectl get hpa,scaledobject -o yaml > scalers.yaml
  $ rushhour take-over --from-hpa scalers.yaml --cluster shop --out fleet.yaml
  $ rushhour take-over --from-cluster shop --namespace web --out fleet.yaml
  $ for each in AutoScalingGroups AutoScalingInstances ScalingPolicies ScheduledActions; do tccli as Describe$each > tencent/$each.json; done
  $ rushhour take-over --from-tencent tencent
  $ for each in ScalingGroups ScalingInstances ScalingRules ScheduledTasks Alarms; do aliyun ess Describe$each --PageSize 50 > alibaba/$each.json; done
  $ rushhour take-over --from-alibaba alibaba`;

interface TakeOverOptions extends CloudSelection, OutputOptions {
  readonly out?: string;
  readonly keep: string;
  readonly name?: string;
  readonly timeZone?: string;
  readonly fromHpa?: string;
  readonly fromTencent?: string;
  readonly fromAlibaba?: string;
  readonly fromCluster?: string;
  readonly namespace?: string;
  readonly cluster?: string;
  readonly credentials?: string;
}

export function define(command: Command): void {
  withJsonOption(command)
    .argument(
      '[groups...]',
      'names of scaling groups, as the account or the files have them, and ecs:CLUSTER/SERVICE',
    )
    .addOption(
      new Option(
        '--from-hpa <file>',
        'a manifest of Kubernetes: HorizontalPodAutoscaler or ScaledObject',
      ).conflicts(['fromTencent', 'fromAlibaba']),
    )
    .addOption(
      new Option('--from-tencent <folder>', "what Tencent's command line printed, as .json").conflicts(
        'fromAlibaba',
      ),
    )
    .addOption(new Option('--from-alibaba <folder>', "what Alibaba's command line printed, as .json"))
    .addOption(
      new Option(
        '--from-cluster <name>',
        'of EKS: its HorizontalPodAutoscalers and ScaledObjects, as they are now',
      ).conflicts(['fromHpa', 'fromTencent', 'fromAlibaba']),
    )
    .addOption(new Option('--namespace <name>', 'of --from-cluster; default: all'))
    .addOption(new Option('--cluster <name>', 'of EKS, in which the workloads of --from-hpa are'))
    .addOption(
      new Option('--credentials <name>', 'of the secret that holds those of Tencent or Alibaba Cloud'),
    )
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
  const fromFiles = (await takenFromCluster(options)) ?? (await takenFromFiles(options, Date.now()));
  if (fromFiles) return tell(selected(fromFiles, groups), options, []);
  if (groups.length === 0)
    throw new Failure('Which groups?', {
      advice:
        'Name scaling groups of the account, or say --from-hpa, --from-cluster, --from-tencent or --from-alibaba.',
      exitCode: exitCodes.misused,
    });
  assertFree(options.keep, '--keep');
  const { account, region, natives, services } = await readAccount([...new Set(groups)], options);
  const taken = [
    ...natives.map((native) => fromAutoScaling(native, Date.now())),
    ...services.map((native) => fromService(native, Date.now())),
  ];
  const takenAt = new Date().toISOString();
  writeNative(options.keep, { account, region, takenAt, groups: natives, services });
  tell(taken, options, swapSteps(natives, services), true);
}

/** @returns undefined when no cluster was named @throws Failure when it cannot be read, or nothing scales in it */
async function takenFromCluster(options: TakeOverOptions): Promise<TakenOver[] | undefined> {
  const { fromCluster: cluster, namespace } = options;
  if (cluster === undefined) return undefined;
  return takenFromManifests(() => readCluster(cluster, namespace, options), cluster);
}

async function takenFromManifests(
  read: () => Promise<readonly Manifest[]>,
  cluster: string | undefined,
): Promise<TakenOver[]> {
  try {
    return (await read()).map((scaler) => takenFrom(scaler, cluster));
  } catch (cause) {
    if (!(cause instanceof UnknownManifest)) throw cause;
    throw new Failure(cause.message, { exitCode: exitCodes.misused, cause });
  }
}

function takenFrom(scaler: Manifest, cluster: string | undefined): TakenOver {
  return scaler.kind === 'ScaledObject' ? fromKeda(scaler, cluster) : fromHpa(scaler, cluster);
}

/** @returns undefined when no file was named @throws Failure for one that cannot be taken over */
async function takenFromFiles(options: TakeOverOptions, now: number): Promise<TakenOver[] | undefined> {
  const { fromHpa: manifest, fromTencent: tencent, fromAlibaba: alibaba, cluster, credentials } = options;
  if (tencent !== undefined) return fromTencent(readTencent(tencent), now, credentials);
  if (alibaba !== undefined) return fromAlibaba(readAlibaba(alibaba), now, credentials);
  if (manifest === undefined) return undefined;
  return takenFromManifests(async () => scalersIn(readText(manifest), manifest), cluster);
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    throw new Failure(`There is no ${file} to read.`, { exitCode: exitCodes.misused, cause });
  }
}

/** Those that were named, by the name that they have in the files or in the fleet file; or all. */
function selected(taken: readonly TakenOver[], names: readonly string[]): readonly TakenOver[] {
  if (names.length === 0) return taken;
  const keys = new Set(names.map((name) => keyFor(name, name)));
  const some = taken.filter(({ key }) => keys.has(key));
  if (some.length === keys.size) return some;
  throw new Failure(`The files do not have all of ${names.join(', ')}.`, {
    advice: `They have ${taken.map(({ key }) => key).join(', ')}.`,
    exitCode: exitCodes.misused,
  });
}

/** The fleet file goes to a file or to standard output; what people should know to standard error. */
function tell(
  taken: readonly TakenOver[],
  options: TakeOverOptions,
  steps: readonly string[],
  isKept = false,
): void {
  const name = options.name ?? usualName();
  const text = fleetText({ name, timeZone: options.timeZone, groups: taken });
  if (options.json) {
    const kept = isKept ? options.keep : undefined;
    printData({ fleet: text, groups: taken, steps, kept }, options);
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

import { randomUUID } from 'node:crypto';
import { AutoScalingClient } from '@aws-sdk/client-auto-scaling';
import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { type Command, Option } from 'commander';
import type { Scaler, ScalerGroup } from '../../shared/engine/scaler.ts';
import { ecsGroupName } from '../../shared/fleet/ecs.ts';
import { type FleetInCloud, openCloud } from '../cloud.ts';
import { type CloudOptions, takesCloud } from '../cloud-options.ts';
import { type ConfirmOptions, confirm, takesYes } from '../confirm.ts';
import { type DryRunOptions, withDryRunOption } from '../dry-run.ts';
import { exitCodes, Failure } from '../failure.ts';
import { invoke } from '../invoke.ts';
import { type NativeFile, readNativeFile } from '../native/native-file.ts';
import { restoredOf, restoreNative } from '../native/restore-native.ts';
import { restoreService, serviceRestoredOf } from '../native/restore-service.ts';
import { serviceClients } from '../native/service-clients.ts';
import { paced } from '../paced.ts';
import { type OutputOptions, print, printData, withJsonOption } from '../print.ts';
import { inProgress } from '../progress.ts';
import { deleteStacks, stacksOf } from '../remove/fleet-stacks.ts';
import { type GroupToLeave, type Removal, removalOf } from '../remove/removal.ts';
import type { NativeGroup } from '../take-over/native-group.ts';
import type { NativeService } from '../take-over/native-service.ts';
import { styled } from '../terminal.ts';

const help = `
Says what stays and what goes, asks, and removes the fleet: groups that it has made go with their servers, groups that were there before
keep theirs. With --restore they first get their own policies, alarms and scheduled actions back, from the file that take-over has kept.
The ledger and the history stay.

  $ rushhour remove --dry-run
  $ rushhour remove --restore taken-over.json`;

interface RemoveOptions extends CloudOptions, ConfirmOptions, DryRunOptions, OutputOptions {
  readonly restore?: string;
}

export function define(command: Command): void {
  takesYes(withDryRunOption(withJsonOption(takesCloud(command))))
    .addOption(new Option('--restore <file>', 'give groups back what take-over has kept of them'))
    .addHelpText('after', help)
    .action(remove);
}

async function remove(options: RemoveOptions): Promise<void> {
  const kept = options.restore === undefined ? undefined : readNativeFile(options.restore);
  const cloud = await inProgress('logging in', openCloud(options));
  if (kept) assertSameAccount(kept, cloud);
  const { scaler } = cloud;
  const client = paced(new CloudFormationClient());
  const rounds = await stacksOf(client, scaler.fleet);
  const groups = await inProgress('looking at the groups', groupsToLeave(scaler, kept));
  const removal = removalOf(scaler.fleet, groups, rounds.flat());
  if (!options.json) tell(removal);
  if (options.dryRun) return options.json ? printData({ ...removal, done: false }, options) : undefined;
  const isAnothers = rounds.length === 0;
  if (isAnothers && removal.comesBack.length === 0) throw notOurs(scaler);
  await confirm(isAnothers ? 'Give back what was kept?' : `Remove the fleet ${scaler.fleet.name}?`, options);
  const done = (what: string) => options.json || print(`${styled('green', '✓')} ${what}`);
  if (kept)
    for (const name of await giveBack(scaler, groups, kept, !isAnothers))
      done(`${name} has its own rules back`);
  for (const round of rounds) {
    await inProgress(`deleting ${round.join(', ')}`, deleteStacks(client, round));
    for (const stack of round) done(`${stack} is gone`);
  }
  if (isAnothers) throw notOurs(scaler);
  if (options.json) printData({ ...removal, done: true }, options);
}

/** Its parts are in a stack of somebody's app, which makes them again. */
function notOurs({ fleet }: Scaler): Failure {
  return new Failure(`There is no stack of the fleet ${fleet.name} alone.`, {
    advice:
      'If it is part of a stack of your app, take RushhourFleet out of the app and deploy that. Otherwise it is not deployed here.',
    exitCode: exitCodes.failed,
  });
}

function assertSameAccount(kept: NativeFile, { account, region }: FleetInCloud): void {
  if (kept.account === account && kept.region === region) return;
  throw new Failure(
    `What was kept is of account ${kept.account} in ${kept.region}, and this is ${account} in ${region}.`,
    {
      advice: 'Say --region and --profile as at take-over.',
      exitCode: exitCodes.misused,
    },
  );
}

async function groupsToLeave(scaler: Scaler, kept: NativeFile | undefined): Promise<GroupToLeave[]> {
  const { ports } = scaler;
  const all = [...scaler.groups.values()];
  const there = await ports.groups.describe(all.map(({ scalingGroup }) => scalingGroup));
  const ledgers = await ports.ledger.read(all.map(({ name }) => name)).catch(() => new Map());
  const groups: GroupToLeave[] = [];
  for (const { name, scalingGroup, config } of all) {
    const servers = there.get(scalingGroup)?.servers;
    const ledger = ledgers.get(name);
    const ours = new Set([...config.instances, ...(ledger?.adopted ?? []), ...(ledger?.adoptedByHand ?? [])]);
    const native = kept && nativeOf(kept, scalingGroup);
    const isMade = config.launch !== undefined;
    groups.push({
      name,
      scalingGroup,
      isMade,
      servers: servers?.length,
      adopted: (servers ?? []).filter(({ id }) => ours.has(id)).map(({ id }) => id),
      nativeRules: isMade || !servers ? [] : ((await ports.rivals?.nativeScaling(scalingGroup)) ?? []),
      restores: native && whatComesBack(native, ports.clock.now()),
    });
  }
  return groups;
}

/** What was kept of a group, by its name at its provider. */
function nativeOf(
  { groups, services }: NativeFile,
  scalingGroup: string,
): NativeGroup | NativeService | undefined {
  return (
    groups.find(({ group }) => group.AutoScalingGroupName === scalingGroup) ??
    services.find((service) => ecsGroupName(service) === scalingGroup)
  );
}

function whatComesBack(native: NativeGroup | NativeService, now: number): string[] {
  return 'group' in native ? restoredOf(native, now) : serviceRestoredOf(native, now);
}

function tell({ goes, stays, comesBack, then }: Removal): void {
  const list = (title: string, lines: readonly string[]) => {
    if (lines.length > 0) print(`${styled('bold', title)}\n${lines.map((line) => `  ${line}`).join('\n')}`);
  };
  list('Goes:', goes);
  list('Comes back:', comesBack);
  list('Stays:', stays);
  list('Afterwards:', then);
}

/** So long a group is paused: until its stacks are gone, and no longer if they are not. */
const pauseSeconds = 2 * 3600;

/**
 * From here on the native rules scale; the scaler leaves these groups alone for as long as it still runs.
 * @returns the groups that have them back, by their names at their provider
 */
async function giveBack(
  scaler: Scaler,
  groups: readonly GroupToLeave[],
  kept: NativeFile,
  pauses: boolean,
): Promise<string[]> {
  const clients = { autoScaling: paced(new AutoScalingClient()), cloudWatch: paced(new CloudWatchClient()) };
  const restored: string[] = [];
  for (const { name, scalingGroup, servers } of groups) {
    const native = nativeOf(kept, scalingGroup);
    if (!native || servers === undefined) continue;
    if (pauses) await pauseFor(scaler, scaler.groups.get(name)!);
    const now = scaler.ports.clock.now();
    const isBack = await ('group' in native
      ? restoreNative(clients, native, now)
      : restoreService(serviceClients(native.region), native, now));
    if (isBack) restored.push(scalingGroup);
  }
  return restored;
}

async function pauseFor({ fleet }: Scaler, { name, config }: ScalerGroup): Promise<void> {
  if (config.mode === 'observe') return;
  const request = {
    group: name,
    pause: 'both',
    for: pauseSeconds,
    reason: 'rushhour remove',
    requestId: randomUUID(),
  };
  await inProgress(`pausing ${name}`, invoke(fleet, 'bump', request));
}

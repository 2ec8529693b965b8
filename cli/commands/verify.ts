import { randomUUID } from 'node:crypto';
import type { Command } from 'commander';
import type { Answer } from '../../shared/engine/answer.ts';
import type { Scaler, ScalerGroup } from '../../shared/engine/scaler.ts';
import { operatorName } from '../../shared/runtime/operator-name.ts';
import { foresee } from '../by-hand/foresee.ts';
import { groupsOf, openCloud } from '../cloud.ts';
import { type CloudOptions, takesCloud } from '../cloud-options.ts';
import { type DryRunOptions, withDryRunOption } from '../dry-run.ts';
import { exitCodes, Failure } from '../failure.ts';
import { invoke } from '../invoke.ts';
import { type OutputOptions, print, printData, withJsonOption } from '../print.ts';
import { inProgress } from '../progress.ts';
import { styled } from '../terminal.ts';
import { awaitRest, followTrial, type Trial } from '../trial.ts';

const help = `
Proves that the group can grow: waits until no server comes or goes, asks for one more, waits until it is in service and
healthy at the load balancer, says how long each phase took, and gives it back. If this command is cut off, the server is
given back within two hours.

  $ rushhour verify business
  ✓ launched after 4 s
  ✓ in service after 95 s
  ✓ healthy after 112 s

Exit codes: 0 it works, 1 it does not, or the group has no room for one more.`;

/** Longer than any deadline; after it, what was borrowed is given back by the scaler itself. */
const borrowedForSeconds = 2 * 3600;

type VerifyOptions = CloudOptions & OutputOptions & DryRunOptions;

export function define(command: Command): void {
  withDryRunOption(withJsonOption(takesCloud(command)))
    .argument('<group>', 'the group')
    .addHelpText('after', help)
    .action(verify);
}

async function verify(name: string, options: VerifyOptions): Promise<void> {
  const { scaler } = await inProgress('logging in', openCloud(options));
  const group = groupsOf(scaler, name)[0]!;
  const requestId = `verify-${randomUUID()}`;
  if (options.dryRun) {
    const request = { kind: 'adjust', adjustment: 1, forSeconds: borrowedForSeconds } as const;
    await foresee({ scaler, group, request, ...by(requestId) }, options);
    return;
  }
  const before = await inProgress(`waiting until ${name} is at rest`, awaitRest(scaler.ports, group));
  await borrow(scaler, group, requestId);
  const say = options.json ? () => {} : sayPhase;
  const following = followTrial(scaler.ports, group, before, say);
  const trial = await inProgress(`waiting for one more server of ${name}`, following).finally(() =>
    giveBack(scaler, group, requestId),
  );
  if (trial.failure) process.exitCode = exitCodes.failed;
  if (options.json) printData({ group: name, ...trial }, options);
  else printTrial(name, trial);
}

/** @throws Failure when there is no room */
async function borrow({ fleet }: Scaler, group: ScalerGroup, requestId: string): Promise<void> {
  const ask = { group: group.name, adjustment: 1, for: borrowedForSeconds, ...by(requestId) };
  const { decisions } = await invoke<Answer>(fleet, 'bump', ask);
  if (decisions.some(({ reason }) => reason === 'ManualChange')) return;
  throw new Failure(decisions.at(-1)?.message ?? `${group.name} cannot grow now.`, {
    advice: explain(group.name),
  });
}

async function giveBack({ fleet }: Scaler, { name: group }: ScalerGroup, requestId: string): Promise<void> {
  const ask = { group, adjustment: -1, ...by(`${requestId}-back`) };
  await inProgress('giving it back', invoke<Answer>(fleet, 'bump', ask));
}

function by(requestId: string): { reason: string; owner: string; requestId: string } {
  return { reason: 'rushhour verify', owner: operatorName(), requestId };
}

function explain(group: string): string {
  return `rushhour explain ${group} says what holds it.`;
}

function sayPhase(phase: string, seconds: number): void {
  print(`${styled('green', '✓')} ${phase} after ${seconds} s`);
}

function printTrial(name: string, { failure, serverId }: Trial): void {
  if (failure === undefined) print(`${name} can grow: ${serverId} came and was given back.`);
  else {
    print(`${styled('red', '✗')} ${failure}`);
    print(`${name} cannot grow: what was asked for was given back. ${explain(name)}`);
  }
}

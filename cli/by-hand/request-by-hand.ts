import { randomUUID } from 'node:crypto';
import type { ManualRequest } from '../../shared/domain/trigger.ts';
import { type Answer, toldOf, wasDone } from '../../shared/engine/answer.ts';
import { groupsOf, openCloud } from '../cloud.ts';
import { exitCodes } from '../failure.ts';
import { invoke } from '../invoke.ts';
import { speakerFor } from '../language.ts';
import { print, printData } from '../print.ts';
import { inProgress } from '../progress.ts';
import { styled } from '../terminal.ts';
import { type ByHand, foresee } from './foresee.ts';
import type { RequestOptions } from './request-options.ts';

/** Logs in, and carries out what a person asks for. */
export async function requestByHand(
  name: string,
  request: ManualRequest,
  options: RequestOptions,
): Promise<void> {
  const { scaler } = await inProgress('logging in', openCloud(options));
  const group = groupsOf(scaler, name)[0]!;
  const { reason, owner, requestId = randomUUID() } = options;
  await carryOutByHand({ scaler, group, request, reason, owner, requestId }, options);
}

/**
 * Says what a request will do, asks back where it takes much away, asks the deployed scaler for it, and says what came of it:
 * exit code 1 if it was refused.
 */
export async function carryOutByHand(
  byHand: ByHand,
  options: Pick<RequestOptions, 'dryRun' | 'yes' | 'json' | 'output' | 'lang'>,
): Promise<void> {
  if ((await foresee(byHand, options)) === 'enough') return;
  const { scaler, group, request, reason, owner, requestId } = byHand;
  const payload = { group: group.name, ...payloadOf(request), reason, owner, requestId };
  const functionName = request.kind === 'adopt' ? 'adopt' : 'bump';
  const asked = invoke<Answer>(scaler.fleet, functionName, payload);
  const answer = await inProgress(`asking ${group.name}`, asked);
  const done = wasDone(answer);
  if (!done) process.exitCode = exitCodes.failed;
  if (options.json) printData({ ...answer, requestId }, options);
  else {
    const mark = done ? styled('green', '✓') : styled('yellow', '–');
    const { message } = speakerFor(options, scaler.fleet);
    const now = scaler.ports.clock.now();
    for (const each of toldOf(answer)) print(`${mark} ${message(group.name, each, now)}`);
  }
}

/** A request as the functions `bump` and `adopt` take it. */
function payloadOf(request: ManualRequest): object {
  switch (request.kind) {
    case 'adjust':
      return { adjustment: request.adjustment, for: request.forSeconds };
    case 'set':
      return { desiredCapacity: request.desiredCapacity };
    case 'pause':
      return { pause: request.direction, for: request.forSeconds };
    case 'resume':
      return { resume: true };
    case 'adopt':
      return { instances: request.serverIds };
  }
}

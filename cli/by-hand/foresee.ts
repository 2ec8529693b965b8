import type { ManualRequest } from '../../shared/domain/trigger.ts';
import { wasDone } from '../../shared/engine/answer.ts';
import { type Preview, preview } from '../../shared/engine/preview.ts';
import type { Scaler, ScalerGroup } from '../../shared/engine/scaler.ts';
import { sizesOf } from '../../shared/engine/sizes-of.ts';
import { confirm } from '../confirm.ts';
import { exitCodes } from '../failure.ts';
import { speakerFor } from '../language.ts';
import { print, printData } from '../print.ts';
import { inProgress } from '../progress.ts';
import { styled, write } from '../terminal.ts';
import { isUndo } from './last-change.ts';
import type { RequestOptions } from './request-options.ts';

/** What somebody asks for by hand, of which group, why and in whose name. */
export interface ByHand {
  readonly scaler: Scaler;
  readonly group: ScalerGroup;
  readonly request: ManualRequest;
  readonly reason: string;
  readonly owner: string;
  readonly requestId: string;
}

/** Taking away a larger share of the servers needs a confirmation. */
const unaskedShare = 1 / 3;

/**
 * Says what a request will do before it is done.
 * @returns `enough` when that is all that was wanted
 * @throws Failure when it takes much away and nobody says yes
 */
export async function foresee(
  byHand: ByHand,
  options: Pick<RequestOptions, 'dryRun' | 'yes' | 'json' | 'output' | 'lang'>,
): Promise<'enough' | 'go on'> {
  const { scaler, group, request, reason, owner, requestId } = byHand;
  const trigger = { kind: 'manual', requestId, request, reason, owner } as const;
  const looking = inProgress(`looking at ${group.name}`, preview(scaler, group, trigger));
  if (options.dryRun) {
    tell(byHand, await looking, options);
    return 'enough';
  }
  // Who may ask for a change may not be allowed to look.
  const seen = await looking.catch((error: Error) => error);
  if (seen instanceof Error) say(styled('yellow', `! what it will do cannot be seen: ${seen.message}`));
  else if (seen.decision.act && !options.json) say(sentenceOf(byHand, seen));
  const question = whatToAsk(byHand, seen);
  if (question) await confirm(question, options);
  return 'go on';
}

/** Beside the result, which programs read. */
function say(line: string): void {
  write(process.stderr, `${line}\n`);
}

/** Of a dry run. */
function tell(
  byHand: ByHand,
  seen: Preview,
  options: Pick<RequestOptions, 'json' | 'output' | 'lang'>,
): void {
  const { decision } = seen;
  const { scaler, group } = byHand;
  const { from, to, reason, why } = decision;
  const now = scaler.ports.clock.now();
  const english = scaler.english.message(group.name, decision, now);
  if (!wasDone({ decisions: [{ ...decision, message: english }] })) process.exitCode = exitCodes.failed;
  if (options.json)
    printData({ dryRun: true, group: byHand.group.name, from, to, reason, why, message: english }, options);
  else {
    print(
      `${styled('cyan', 'would:')} ${speakerFor(options, scaler.fleet).message(group.name, decision, now)}`,
    );
    if (decision.act) print(`       ${sentenceOf(byHand, seen)}`);
  }
}

/** `business 3 → 5, max 10; ends 16:00; undo: rushhour undo business` */
function sentenceOf(
  { scaler, group, request, requestId }: ByHand,
  { decision, scalingGroup }: Preview,
): string {
  const { from, to } = decision;
  const now = scaler.ports.clock.now();
  const { minSize, maxSize } = sizesOf(group.config, scalingGroup);
  const bound = to > from ? `max ${maxSize}` : `min ${minSize}`;
  const forSeconds = 'forSeconds' in request ? request.forSeconds : undefined;
  const end = forSeconds === undefined ? [] : [`ends ${scaler.english.time(now + forSeconds * 1000, now)}`];
  // Asked once more, undo takes back what was before.
  const undo = request.kind === 'adopt' || isUndo(requestId) ? [] : [`undo: rushhour undo ${group.name}`];
  return [`${group.name} ${from} → ${to}, ${bound}`, ...end, ...undo].join('; ');
}

/** @returns undefined when nothing much is taken away */
function whatToAsk({ group, request }: ByHand, seen: Preview | Error): string | undefined {
  if (seen instanceof Error) {
    const mayTake = request.kind === 'set' || (request.kind === 'adjust' && request.adjustment < 0);
    return mayTake ? `Change ${group.name} without having seen it?` : undefined;
  }
  const { from, to, act } = seen.decision;
  const taken = from - to;
  if (!act || taken <= from * unaskedShare) return undefined;
  return `Take away ${taken} of the ${from} servers of ${group.name}?`;
}

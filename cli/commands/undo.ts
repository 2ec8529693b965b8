import { type Command, Option } from 'commander';
import type { Activity } from '../../shared/domain/activity.ts';
import type { Scaler } from '../../shared/engine/scaler.ts';
import { reason } from '../../shared/runtime/scalars.ts';
import type { Speaker } from '../../shared/sentences/speaker.ts';
import { dayMs } from '../../shared/units.ts';
import { lastChangeByHand, oppositeOf, undoIdOf } from '../by-hand/last-change.ts';
import { carryOutByHand } from '../by-hand/request-by-hand.ts';
import { accepted, type RequestOptions, withOwnerOptions } from '../by-hand/request-options.ts';
import { groupsOf, openCloud } from '../cloud.ts';
import { takesCloud } from '../cloud-options.ts';
import { Failure } from '../failure.ts';
import { speakerFor } from '../language.ts';
import { withJsonOption } from '../print.ts';
import { inProgress } from '../progress.ts';
import { styled, write } from '../terminal.ts';

const help = `
Takes back the last change that somebody made by hand to a group: a bump, a set, a pause. It asks for the opposite, so what
alarms, windows and others have done meanwhile stays. Asked once more, it takes back the change before that one.

  $ rushhour undo business
  taking back, of 14:02: business 3 → 5: +2 by you (radio interview)
  business 5 → 3, min 3
  ✓ business 5 → 3: −2 by you (undo: +2 by you (radio interview))`;

interface UndoOptions extends Omit<RequestOptions, 'reason'> {
  readonly reason?: string;
}

export function define(command: Command): void {
  withOwnerOptions(withJsonOption(takesCloud(command)))
    .addOption(new Option('--reason <text>', 'why; default: what is taken back').argParser(accepted(reason)))
    .argument('<group>', 'the group')
    .addHelpText('after', help)
    .action(undo);
}

/** Older ones are history: to take one of those back, set the capacity. */
const lookBackMs = 7 * dayMs;
const reasonAtMost = 200;

async function undo(name: string, options: UndoOptions): Promise<void> {
  const { scaler } = await inProgress('logging in', openCloud(options));
  const group = groupsOf(scaler, name)[0]!;
  const now = scaler.ports.clock.now();
  const [activities, ledgers] = await inProgress(
    'reading',
    Promise.all([readActivities(scaler, name, now - lookBackMs), scaler.ports.ledger.read([name])]),
  );
  const last = lastChangeByHand(activities);
  if (!last)
    throw new Failure(
      `Nobody has changed ${name} by hand in the last 7 days, or it was taken back already.`,
      {
        advice: `rushhour history ${name} shows what was done.`,
      },
    );
  const { startedAt } = last;
  const { message: said, time } = speakerFor(options, scaler.fleet);
  const message = said(name, last, startedAt);
  const later = activities.slice(0, activities.indexOf(last));
  const request = oppositeOf(last, ledgers.get(name), later, now);
  if (request.kind === 'not undoable')
    throw new Failure(`${request.message}. It was: ${message}`, {
      ...(request.advice && { advice: request.advice }),
    });
  if (!options.json)
    write(
      process.stderr,
      `${styled('dim', `taking back, of ${time(startedAt, now)}: ${message}`, process.stderr)}\n`,
    );
  const why = options.reason ?? `undo: ${whatOf(last, scaler.english)}`.slice(0, reasonAtMost);
  const requestId = options.requestId ?? undoIdOf(last);
  await carryOutByHand({ scaler, group, request, reason: why, owner: options.owner, requestId }, options);
}

/** `+2 by you (radio interview)`, without what will be later. */
function whatOf({ group, why, startedAt }: Activity, speaker: Speaker): string {
  return speaker
    .of(group)
    .sentence(why.key === 'manualChange' ? { ...why, later: undefined } : why, startedAt);
}

async function readActivities({ ports }: Scaler, group: string, since: number): Promise<Activity[]> {
  const found: Activity[] = [];
  let next: string | undefined;
  do {
    const page = await ports.activities.query(group, { since, limit: 200, next });
    found.push(...page.activities);
    next = page.next;
  } while (next !== undefined);
  return found;
}

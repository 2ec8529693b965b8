import type { Answer } from '../../shared/engine/answer.ts';
import { minuteMs } from '../../shared/units.ts';
import type { Checker } from './checker.ts';
import type { FunctionRun } from './function-run.ts';

/** Steps that only carry on what others have begun: no answer to a person. */
const carriesOn = new Set(['ActivityRetried', 'ActivityMoved', 'ActivityEnded']);
const lateAfterMs = 5 * minuteMs;
const skewMs = 5_000;

/** A function that reports success has done what it was asked for, or says why not. */
export function checkAnswer(checker: Checker, invocation: FunctionRun, answer: object | undefined): void {
  const { functionName, payload } = invocation;
  checkLosses(checker, invocation);
  checkRefused(checker, invocation);
  if (functionName === 'bump' || functionName === 'adopt')
    checkPerson(checker, invocation, answer as Partial<Answer>);
  if (functionName !== 'on-schedule') return;
  const { group, window, at } = payload as { group: string; window: string; at: string };
  if (invocation.startedAt - Date.parse(at) < lateAfterMs + skewMs) return;
  const rows = checker.world.ports.activities.of(group);
  const recorded = rows.some(({ reason, by }) => reason === 'StaleEvent' && by === window);
  if (!recorded) checker.violate(8, `${invocation.id} came too late, and the history does not say so`);
}

function checkPerson(checker: Checker, { payload, id }: FunctionRun, { decisions }: Partial<Answer>): void {
  const { group, requestId } = payload as { group: string; requestId: string };
  const seen = checker.ledgerOf(group)?.seen.some(([request]) => request === requestId);
  if (!seen && carriesOn.has(decisions?.at(-1)?.reason ?? 'ActivityMoved'))
    checker.violate(8, `${id} reports success, and nobody has answered the request`);
}

/** Servers that could not join or leave are told of as an activity that has failed: for this alone no function fails. */
function checkRefused(checker: Checker, { id, refused }: FunctionRun): void {
  for (const { group, ids } of refused) {
    const told = [...checker.pastOf(group).opened.values()].some(
      ({ statusCode, attach, detach }) =>
        statusCode === 'Failed' && ids.every((server) => (attach ?? detach ?? []).includes(server)),
    );
    if (!told)
      checker.violate(8, `${id} reports success though ${ids} were refused, and no activity has failed`);
  }
}

/** Servers that a group has lost, and a function was told of, are in the history. */
function checkLosses(checker: Checker, { id, scaler, told }: FunctionRun): void {
  for (const [scalingGroup, servers] of told.losses) {
    const { name } = scaler.byScalingGroup.get(scalingGroup)!;
    const rows = checker.world.ports.activities
      .of(name)
      .flatMap(({ why }) => (why.key === 'serversLost' ? [why] : []));
    const named = new Set(rows.flatMap(({ ids }) => ids));
    // A row names a few, and counts the others.
    const unnamed = rows.reduce((sum, { more }) => sum + more, 0);
    const missing = servers.filter((server) => !named.has(server));
    if (missing.length > unnamed)
      checker.violate(6, `${id} knows that ${name} has lost ${missing.join(', ')}, and the history does not`);
  }
}

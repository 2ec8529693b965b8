import { hourMs } from '../units.ts';
import type { Activity } from './activity.ts';
import type { Act, Decision, Need } from './decision.ts';
import type { DecisionContext } from './decision-context.ts';
import { isOfWindow } from './grants.ts';
import type { Grant, Ledger, Lost } from './ledger.ts';
import type { ReasonCode } from './reason.ts';
import type { Sentence } from './sentence.ts';
import type { Cause } from './trigger.ts';

const none: readonly never[] = [];

/** What a step has to say beyond what every decision says. */
interface Said {
  readonly reason: ReasonCode;
  readonly why: Sentence;
  readonly to?: number;
  readonly cause?: Cause | undefined;
  /** Gets the next version if it is not the one that was read. */
  readonly ledger?: Ledger;
  readonly act?: Act;
  readonly activities?: readonly Activity[];
  readonly forgets?: readonly Activity[];
}

export function decided(context: DecisionContext, said: Said): Decision {
  const { group, before, now } = context;
  const ledger = said.ledger ?? context.before;
  return {
    from: group.desired,
    to: said.to ?? group.desired,
    reason: said.reason,
    why: said.why,
    cause: said.cause,
    blockers: context.blockers,
    ledger: ledger === before ? before : nextVersion(context, ledger, now),
    act: said.act,
    activities: said.activities ?? none,
    forgets: said.forgets ?? none,
    needs: none,
  };
}

/** The decision cannot be taken before these were looked up. */
export function undecided(context: DecisionContext, need: Need): Decision {
  const why = { key: 'lookUpFirst', need } as const;
  return { ...decided(context, { reason: 'AtGoal', why }), needs: [need] };
}

/** How long a grant that was given back is remembered, so that a late look does not open its occurrence again. */
const graceForLateLooksMs = hourMs;
const seenAtMost = 32;

/** Every write also drops what nobody looks at any more. */
function nextVersion(context: DecisionContext, ledger: Ledger, now: number): Ledger {
  const { policy, observation } = context;
  // An end that is moved after its window has closed does not open it again, not even an hour later.
  const isOver = (grant: Grant) =>
    now > grant.until + graceForLateLooksMs &&
    !observation.windows.some((window) => isOfWindow(grant, window));
  return {
    ...ledger,
    version: context.before.version + 1,
    grants: ledger.grants.filter((grant) => grant.servers !== 0 || !grant.releasing || !isOver(grant)),
    changes: ledger.changes.filter(([at]) => at >= now - policy.changesKeptMs),
    warming: ledger.warming.filter(([warmAt]) => warmAt > now),
    lost: ledger.lost && lostLately(ledger.lost, now),
    seen: ledger.seen.slice(-seenAtMost),
  };
}

/** A server that is lost is looked for during an hour, and must be known for longer, or it would be noted again. */
const lossesKeptMs = 2 * hourMs;

function lostLately({ servers, wantedBack: announced = [], ...rest }: Lost, now: number): Lost | undefined {
  const kept = servers.filter(([, at]) => at > now - lossesKeptMs);
  const wantedBack = announced.filter(([, at]) => at > now - lossesKeptMs);
  if (kept.length === 0 && wantedBack.length === 0 && !rest.short) return undefined;
  return { ...rest, servers: kept, ...(wantedBack.length > 0 ? { wantedBack } : {}) };
}

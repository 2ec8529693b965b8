import type { CapacityRequest } from './capacity-request.ts';
import { change } from './change.ts';
import type { Decision } from './decision.ts';
import { type DecisionContext, pairsIn } from './decision-context.ts';
import { boostOf, isBump, isOfWindow, partyOf, windowKey, withGrant, withReleased } from './grants.ts';
import { goalWith, heldBy } from './layers.ts';
import type { Grant, Ledger } from './ledger.ts';
import type { OpenWindow } from './observation.ts';
import { decided, undecided } from './outcome.ts';
import { remark } from './remark.ts';
import { leastAllowed } from './scale-in-gate.ts';
import type { Party, Sentence } from './sentence.ts';

/**
 * What a window or a timed bump granted is given back once it has closed: that share and nothing else, and as far as those
 * that stay can carry the load.
 */
export function closeGrants(context: DecisionContext): Decision | undefined {
  const { grants } = context.ledger;
  if (grants.length === 0) return undefined;
  const { unanswered } = pairsIn(context);
  for (let at = 0; at < grants.length; at++) {
    const grant = grants[at]!;
    if (!isClosed(context, grant, at) || (grant.releasing && grant.servers === 0)) continue;
    // A window that may not open yet asks for more than all of this: see `inherit`.
    if (grant.servers > 0 && unanswered.length > 0) continue;
    const decision = giveBack({ ...context, ledger: heldWithout(context, grant) }, grant);
    if (decision) return decision;
  }
  return undefined;
}

/** A look whose clock is behind must not close what another has just opened. */
function isClosed(context: DecisionContext, grant: Grant, at: number): boolean {
  const { now } = context;
  if (grant.releasing) return true;
  const window = pairsIn(context).windows[at];
  if (!window && isBump(grant)) return now >= grant.until;
  return window ? now >= window.end : now >= grant.start;
}

/** Moving the end of an open window in the fleet file moves the end of its grant. */
export function followEnds(context: DecisionContext): Decision | undefined {
  const { ledger } = context;
  if (ledger.grants.length === 0) return undefined;
  const moved = firstMoved(ledger.grants, pairsIn(context).windows);
  if (!moved) return undefined;
  const grants = ledger.grants.map((grant) =>
    isOfWindow(grant, moved) ? { ...grant, until: moved.end } : grant,
  );
  return decided(context, {
    reason: 'WindowOpened',
    why: { key: 'windowEndMoved', window: moved.name, until: moved.end },
    cause: 'schedule',
    ledger: { ...ledger, grants },
  });
}

function firstMoved(
  grants: readonly Grant[],
  windows: readonly (OpenWindow | undefined)[],
): OpenWindow | undefined {
  for (let at = 0; at < grants.length; at++) {
    const { releasing, until } = grants[at]!;
    const window = windows[at];
    if (window && !releasing && window.end !== until) return window;
  }
  return undefined;
}

/** What a floor then holds up, only the floor can let go of: it is remembered by its name. */
function heldWithout({ layers, ledger }: DecisionContext, { servers }: Grant): Ledger {
  const { own, granted, floor } = layers;
  return floor && floor.servers > own + granted - servers ? { ...ledger, heldBy: floor.holder } : ledger;
}

function giveBack(context: DecisionContext, grant: Grant): Decision | undefined {
  const { layers, group, ledger } = context;
  const others = layers.granted - grant.servers;
  const without = goalWith(layers, layers.own, others);
  const share = group.desired - grant.servers;
  const goal = grant.servers < 0 ? Math.min(without, share) : Math.max(without, share);
  // What was taken below the minimum comes back by the minimum, not by this share.
  const givesNothing =
    grant.servers < 0 ? goal <= group.desired || goal < layers.minimum : goal >= group.desired;
  if (givesNothing) return closed(context, grant, 0);
  const request: CapacityRequest = {
    ...closing(grant),
    to: goal,
    why: closingSentence(grant, goal - group.desired),
    ledger,
  };
  const least = goal < group.desired ? leastAllowed(context, request) : undefined;
  if (least?.kind === 'unknown') return undecided(context, least.need);
  const to = least?.servers ?? goal;
  const left = Math.max(0, to - goal);
  const decision =
    to !== group.desired &&
    change(context, {
      ...request,
      to,
      why: closingSentence(grant, to - group.desired),
      ledger: withReleased(ledger, grant.key, left),
    });
  if (decision) return decision;
  return grant.releasing ? undefined : closed(context, grant, grant.servers);
}

function closing(grant: Grant): Pick<CapacityRequest, 'reason' | 'cause' | 'by' | 'asker' | 'ended'> {
  const who = { by: grant.name, asker: partyOf(grant), ended: true } as const;
  return isBump(grant)
    ? { reason: 'ManualGrantEnded', cause: 'manual', ...who }
    : { reason: 'WindowClosed', cause: 'schedule', ...who };
}

function closingSentence(grant: Grant, change: number): Sentence {
  return { key: 'grantEnded', grant: partyOf(grant), change };
}

/** The ledger learns that the window has closed; capacity does not change for it, or not yet. */
function closed(context: DecisionContext, grant: Grant, left: number): Decision {
  const { ledger } = context;
  const party = partyOf(grant);
  return decided(context, {
    reason: closing(grant).reason,
    why:
      left === 0
        ? { key: 'grantEndedWithNothing', grant: party }
        : { key: 'grantEndedAndWaits', grant: party, servers: left },
    cause: closing(grant).cause,
    ledger: withReleased(ledger, grant.key, left),
  });
}

/** A window that is open and has no grant yet gets one, fixed for this occurrence: what it asks for, as far as there is room. */
export function openWindows(context: DecisionContext): Decision | undefined {
  if (context.observation.windows.length === 0) return undefined;
  for (const window of pairsIn(context).unanswered) {
    const decision = open(context, window);
    if (decision) return decision;
  }
  return undefined;
}

function open(context: DecisionContext, window: OpenWindow): Decision | undefined {
  const { layers, group } = context;
  const asked = boostOf(window, layers.own);
  const { servers: inherited, from, base, ledger } = inherit(context, asked);
  // Of what the group owns and was granted; what floors, a leader or the load hold up besides takes no room.
  const others = layers.own + layers.granted - inherited;
  const servers = Math.min(asked, Math.max(0, layers.maximum.servers - others));
  const granted = withGrant(ledger, {
    key: windowKey(window),
    name: window.name,
    servers,
    base,
    start: window.start,
    until: window.end,
  });
  const owned = others + servers;
  const to = owned < heldBy(layers) ? 0 : Math.min(owned + layers.lifted, layers.maximum.servers);
  const asker = { kind: 'window', name: window.name } as const;
  const request = { reason: 'WindowOpened', cause: 'schedule', by: window.name, asker } as const;
  if (to > group.desired) {
    const there = servers - inherited - (to - group.desired);
    const why: Sentence = {
      key: 'windowOpened',
      window: window.name,
      added: servers,
      inherited: inherited > 0 ? { servers: inherited, from } : undefined,
      there: there > 0 ? there : undefined,
      asked: servers < asked ? asked : undefined,
    };
    return change(context, { ...request, to, why, ledger: granted });
  }
  if (asked === 0) return openedForNothing(context, window, granted);
  const full = servers === 0;
  const opened = { window: window.name, asked };
  const enough: Sentence = full
    ? { key: 'windowOpenedAtMaximum', ...opened, maximum: layers.maximum.servers }
    : { key: 'windowOpenedWithEnough', ...opened };
  const why: Sentence =
    inherited > 0 ? { key: 'windowTookOver', ...opened, servers: inherited, from, granted: servers } : enough;
  const reason = full ? 'AtMaximum' : 'WindowOpened';
  const row = remark(context, { ...request, reason, why, statusCode: full ? 'Cancelled' : 'Successful' });
  return decided(context, { reason, why, cause: 'schedule', ledger: granted, activities: [row] });
}

/** A percentage of nothing is nothing, and no maximum is to blame. */
function openedForNothing(context: DecisionContext, { name, boost }: OpenWindow, ledger: Ledger): Decision {
  const percent = boost?.value ?? 0;
  const why = { key: 'windowAddsNothing', window: name, percent, own: context.layers.own } as const;
  const said = { reason: 'WindowOpened', cause: 'schedule', why } as const;
  return decided(context, { ...said, ledger, activities: [remark(context, { ...said, by: name })] });
}

interface Inheritance {
  readonly ledger: Ledger;
  readonly servers: number;
  readonly from: readonly Party[];
  /** Base and `lifted` that alarms may not take while the heir is open: they have added what is more since the first of the line opened. */
  readonly base: number;
}

/**
 * What one window gives back when another opens goes to that one: servers that serve are not terminated to launch as many
 * that boot, and windows that follow one another leave no hole between them.
 */
function inherit(context: DecisionContext, asked: number): Inheritance {
  let { ledger } = context;
  let base = ledger.base + (ledger.lifted ?? 0);
  let servers = 0;
  const from: Party[] = [];
  for (const [at, grant] of context.ledger.grants.entries()) {
    const taken = Math.min(grant.servers, asked - servers);
    if (taken <= 0 || !isClosed(context, grant, at)) continue;
    servers += taken;
    from.push(partyOf(grant));
    base = Math.min(base, grant.base);
    ledger = withReleased(ledger, grant.key, grant.servers - taken);
  }
  return { ledger, servers, from, base };
}

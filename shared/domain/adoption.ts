import { hourMs, minuteMs } from '../units.ts';
import { change } from './change.ts';
import { lateAtMostMs } from './correct-late-description.ts';
import type { Decision } from './decision.ts';
import { activityId, type DecisionContext } from './decision-context.ts';
import { fleetFileAsks } from './fleet-file-asks.ts';
import type { Ledger, OpenActivity } from './ledger.ts';
import type { Server } from './observation.ts';
import { decided } from './outcome.ts';
import { groupIsUntouchable } from './pause.ts';
import { type Manual, personal, withSeen } from './person.ts';
import { inOneCall, releaseServers } from './release.ts';
import { remark } from './remark.ts';
import { isInService } from './servers.ts';

/** Its record keeps a server that cannot be attached from being tried every minute. */
const attachRule = '(attach)';
const betweenTriesMs = hourMs;
/** Each of several that were refused together is first tried by itself. */
const betweenFirstTriesMs = minuteMs;

/** Servers of the fleet file that are not in the group are attached, and protected once they serve. */
export function adoptServers(context: DecisionContext): Decision | undefined {
  const { policy, ledger, group } = context;
  if (areAllAtHome(context)) return undefined;
  const here = new Set(group.servers.map(({ id }) => id));
  const missing = policy.instances.filter((id) => !here.has(id));
  // A group that is about to be deleted lets its servers go with launches suspended: they are not to come back.
  const closed =
    group.suspended.includes('launching') || ledger.rules[attachRule]?.openActivityId !== undefined;
  return (
    (missing.length > 0 && !closed && attach(context, missing)) ||
    releaseServers(context) ||
    remember(context, here) ||
    protect(context)
  );
}

/** What nearly every look finds: those of the fleet file and no others are adopted, in the group, and protected. */
function areAllAtHome({ policy: { instances }, ledger, group }: DecisionContext): boolean {
  const { adopted, adoptedByHand } = ledger;
  if (adoptedByHand.length > 0 || adopted.length !== instances.length) return false;
  if (instances.length === 0) return true;
  let found = 0;
  for (const server of group.servers) {
    if (!instances.includes(server.id)) continue;
    if (!adopted.includes(server.id) || isBare(server)) return false;
    found++;
  }
  return found === instances.length;
}

function isBare(server: Server): boolean {
  return isInService(server) && !server.protectedFromScaleIn;
}

/**
 * Those that nobody has tried yet together, at once; those that could not be attached one by one, for one that may not join keeps
 * out those that are asked for with it.
 */
function attach(context: DecisionContext, missing: readonly string[]): Decision | undefined {
  const { ledger, now } = context;
  const { ids: refused = [], tries = 0 } = ledger.notAdopted ?? {};
  const fresh = missing.filter((id) => !refused.includes(id));
  const again = missing.filter((id) => refused.includes(id));
  const soon = again.length > 1 && tries <= again.length ? betweenFirstTriesMs : betweenTriesMs;
  const waits = now < (ledger.rules[attachRule]?.lastCompletedAt ?? 0) + soon;
  if (fresh.length === 0 && waits) return undefined;
  const serverIds = fresh.length > 0 ? fresh.slice(0, inOneCall) : [again[tries % again.length]!];
  return change(context, {
    ...attaching(context, serverIds),
    cause: 'manual',
    by: fleetFileAsks,
    asker: { kind: 'fleetFile' },
    why: { key: 'serversJoin', ids: serverIds },
    rule: attachRule,
    quiet: fresh.length === 0 ? true : undefined,
  });
}

/** The ledger knows which servers of the fleet file could not be attached. */
export function withRefused(ledger: Ledger, { by, attach: ids }: OpenActivity): Ledger {
  if (by !== fleetFileAsks || !ids) return ledger;
  const { ids: before = [], tries = 0 } = ledger.notAdopted ?? {};
  return { ...ledger, notAdopted: { ids: [...new Set([...before, ...ids])], tries: tries + 1 } };
}

/**
 * What has joined for the fleet file is adopted from here on: if the file ceases to name it before anybody looks, it is let go.
 * One that has joined after all is reported again if it is refused another time.
 */
export function withAttached(ledger: Ledger, { by, attach: ids = [] }: OpenActivity): Ledger {
  const adopted = by === fleetFileAsks ? [...new Set([...ledger.adopted, ...ids])] : ledger.adopted;
  const { notAdopted } = ledger;
  const left = notAdopted?.ids.filter((id) => !ids.includes(id)) ?? [];
  return {
    ...ledger,
    adopted,
    notAdopted: notAdopted && left.length > 0 ? { ...notAdopted, ids: left } : undefined,
  };
}

/**
 * An attach that comes to nothing: those of its servers that are in the group all the same were attached before, perhaps by a
 * call whose caller has died. They are adopted, or nobody would let them go if the file has ceased to name them.
 */
export function withJoined(context: DecisionContext, activity: OpenActivity): DecisionContext {
  const { ledger, group } = context;
  const joined = activity.attach?.filter((id) => group.servers.some((server) => server.id === id)) ?? [];
  if (joined.length === 0) return context;
  return { ...context, ledger: withAttached(ledger, { ...activity, attach: joined }) };
}

export function adoptByHand(
  context: DecisionContext,
  trigger: Manual,
  serverIds: readonly string[],
): Decision | undefined {
  const { ledger, group } = context;
  const missing = serverIds.filter((id) => !group.servers.some((server) => server.id === id));
  const adoptedByHand = [...new Set([...ledger.adoptedByHand, ...serverIds])];
  const seen = withSeen({ ...ledger, adoptedByHand }, context, trigger);
  const { owner, reason } = trigger;
  const why = { key: 'serversAdoptedByHand', ids: serverIds, owner, reason } as const;
  if (missing.length > 0) {
    const request = attaching({ ...context, ledger: seen }, missing);
    return change(context, { ...request, ...personal(trigger), why });
  }
  const already = { ...why, already: true } as const;
  const said = { reason: 'ServersAdopted', why: already, cause: 'manual' } as const;
  const id = activityId(context, trigger.requestId);
  const row = remark(context, { ...said, by: owner, activityId: id });
  return decided(context, { ...said, ledger: seen, forgets: [row] });
}

function attaching({ ledger, group }: DecisionContext, missing: readonly string[]) {
  const to = group.desired + missing.length;
  return { to, reason: 'ServersAdopted', ledger, attach: missing } as const;
}

/**
 * The ledger names the adopted servers that are in the group: they may have been attached by somebody else, and those that
 * the file no longer names wait to be let go.
 */
function remember(context: DecisionContext, here: ReadonlySet<string>): Decision | undefined {
  const { policy, ledger, now } = context;
  const waiting = ledger.adopted.filter((id) => !policy.instances.includes(id));
  // A description that is late does not show yet what was attached just now: nobody is forgotten for that.
  const mayBeLate = ledger.changes.some(([at]) => now - at <= lateAtMostMs);
  const isKept = (id: string) => here.has(id) || (mayBeLate && ledger.adopted.includes(id));
  const adopted = [...policy.instances, ...waiting].filter(isKept);
  const same = adopted.length === ledger.adopted.length && adopted.every((id) => ledger.adopted.includes(id));
  if (same) return undefined;
  const next: Ledger = { ...ledger, adopted };
  const why = { key: 'serversKept', servers: adopted.length } as const;
  return decided(context, { reason: 'ServersAdopted', why, ledger: next });
}

function protect(context: DecisionContext): Decision | undefined {
  const { ledger, group } = context;
  if (groupIsUntouchable(context)) return undefined;
  const ours = (id: string) => ledger.adopted.includes(id) || ledger.adoptedByHand.includes(id);
  const bare = group.servers.filter((server) => isBare(server) && ours(server.id));
  if (bare.length === 0) return undefined;
  const serverIds = bare.map(({ id }) => id);
  const why = { key: 'serversProtected', ids: serverIds } as const;
  return decided(context, { reason: 'ServersAdopted', why, act: { kind: 'protect', serverIds } });
}

import { hourMs } from '../units.ts';
import type { Activity } from './activity.ts';
import type { Decision } from './decision.ts';
import type { DecisionContext } from './decision-context.ts';
import type { Ledger, Lost } from './ledger.ts';
import type { Instant, LossCause, LostServer } from './observation.ts';
import { decided, undecided } from './outcome.ts';
import { remark } from './remark.ts';
import { inServiceCapacity, isPresent, shortId } from './servers.ts';

/** Losses older than this are not asked for. */
export const lossesWithinMs = hourMs;
/** The ledger is one item; who loses more than this within two hours has other worries than a row too many. */
const rememberedAtMost = 300;
/** So many within the hour, and people hear of it: a server that dies now and then is what the group is for. */
const newsFrom = 3;
/** A row that names more is no longer read. */
const namedAtMost = 5;

const why: Readonly<Record<LossCause, string>> = {
  terminated: 'stopped or terminated from outside',
  unhealthy: 'failed a health check',
  interrupted: 'interrupted by the cloud, as Spot servers are',
  replaced: 'replaced by its group',
  byHand: 'taken out by somebody through its group',
  unknown: 'its group does not say why',
};

/**
 * Deaths and replacements are in the history, each with its cause, as the group's own activities tell it. Looked up only where
 * the servers show that something else than our own changes moves them. Last of all steps: no change of capacity waits for it.
 */
export function noteLostServers(context: DecisionContext): Decision | undefined {
  const { observation, ledger } = context;
  if (!isDisturbed(context)) return ledger.lost?.short ? whole(context, ledger.lost) : undefined;
  if (observation.lost === undefined) return undecided(context, 'lost');
  const known = new Set((ledger.lost?.servers ?? []).map(([id]) => id));
  const fresh = (observation.lost ?? []).filter(({ server }) => !known.has(shortId(server)));
  return fresh.length === 0 ? undefined : noted(context, fresh);
}

/** Servers come, go or are unwell without an activity that has asked for it, or one of them was heard to be gone. */
function isDisturbed({ group, ledger, trigger }: DecisionContext): boolean {
  const under = (out: boolean) =>
    ledger.open.some(({ from, to, endedAt }) => endedAt === undefined && (out ? to > from : to < from));
  const [goesOut, goesIn] = [under(true), under(false)];
  if (trigger.kind === 'instance' && trigger.isGone && !goesIn) return true;
  let present = 0;
  for (const server of group.servers) {
    if (server.lifecycle === 'unhealthy') return true;
    if (server.lifecycle === 'pending' && !goesOut) return true;
    if (server.lifecycle === 'leaving' && !goesIn) return true;
    if (isPresent(server)) present += server.weight;
  }
  return present < group.desired && !goesOut;
}

/** One row for each cause: a zone that fails takes many at once. Their ids make a row that is written again the same row. */
function noted(context: DecisionContext, fresh: readonly LostServer[]): Decision {
  const { ledger, now, policy } = context;
  const servers = [
    ...(ledger.lost?.servers ?? []),
    ...fresh.map(({ server, at, cause }) => [shortId(server), at, cause] as const),
  ].slice(-rememberedAtMost);
  const withinHour = servers.filter(([, at]) => at > now - hourMs).length;
  const isNews = withinHour >= newsFrom && (ledger.lost?.toldAt ?? 0) <= now - hourMs;
  const rows = [...Map.groupBy(fresh, ({ cause }) => cause).values()].map((same) => rowOf(context, same));
  if (isNews) rows.push(newsOf(context, withinHour));
  const lost: Lost = { servers, short: true, toldAt: isNews ? now : ledger.lost?.toldAt };
  const message = rows.length === 1 ? rows[0]!.message : `${policy.name} lost ${fresh.length} servers`;
  const said = { reason: 'ServersLost', message, cause: 'external' } as const;
  // On record before the commit, after which nobody would write them any more.
  return decided(context, { ...said, ledger: { ...ledger, lost }, forgets: rows });
}

function rowOf(context: DecisionContext, same: readonly LostServer[]): Activity {
  const { policy } = context;
  const [first] = same;
  const { server, at, cause, message } = first!;
  const rest = same.length - namedAtMost;
  const names = same.slice(0, namedAtMost).map((each) => each.server);
  const who = rest > 0 ? `${names.join(', ')} and ${rest} more` : names.join(', ');
  const row = remark(context, {
    reason: 'ServersLost',
    cause: 'external',
    message: `${policy.name} lost ${who}: ${why[cause]}`,
    activityId: `${policy.name}-lost-${shortId(server)}-${new Date(at).toISOString()}`,
  });
  return { ...row, startedAt: at, statusMessage: message };
}

/** People hear of many, once an hour, and not of each. */
function newsOf(context: DecisionContext, servers: number): Activity {
  const { policy } = context;
  const message = `${policy.name} has lost ${servers} servers within an hour: rushhour history ${policy.name} says why`;
  return remark(context, { reason: 'ServersLost', cause: 'external', message, statusCode: 'Failed' });
}

/** As many serve as are desired: the others were replaced. */
function whole(context: DecisionContext, { servers, toldAt }: Lost): Decision | undefined {
  const { ledger, group, policy } = context;
  if (inServiceCapacity(group) < group.desired) return undefined;
  const lost = { servers, toldAt };
  const message = `${policy.name} is whole again: ${group.desired} in service`;
  const said = { reason: 'ServersReplaced', message, cause: 'external' } as const;
  return decided(context, { ...said, ledger: { ...ledger, lost }, activities: [remark(context, said)] });
}

/** "…0abc (11:04, failed a health check); replaced": those that a group has lost within the hour; undefined: none. */
export function lostLately(
  { lost }: Pick<Ledger, 'lost'>,
  now: Instant,
  formatTime: (at: Instant, now: Instant) => string,
): string | undefined {
  const latest = (lost?.servers ?? []).filter(([, at]) => at > now - hourMs);
  if (latest.length === 0) return undefined;
  const named = latest
    .slice(-namedAtMost)
    .map(([id, at, cause]) => `…${id} (${formatTime(at, now)}, ${why[cause]})`);
  const earlier = latest.length > namedAtMost ? [`${latest.length - namedAtMost} before them`] : [];
  return `${[...named, ...earlier].join(', ')}; ${lost?.short ? 'not all are replaced yet' : 'replaced'}`;
}

import { hourMs } from '../units.ts';
import type { Activity } from './activity.ts';
import type { Decision } from './decision.ts';
import type { DecisionContext } from './decision-context.ts';
import type { Ledger, Lost } from './ledger.ts';
import type { Instant, LostServer } from './observation.ts';
import { decided, undecided } from './outcome.ts';
import { remark } from './remark.ts';
import type { Sentence } from './sentence.ts';
import { inServiceCapacity, isPresent, shortId } from './servers.ts';

/** Losses older than this are not asked for. */
export const lossesWithinMs = hourMs;
/** The ledger is one item; who loses more than this within two hours has other worries than a row too many. */
const rememberedAtMost = 300;
/** So many within the hour, and people hear of it: a server that dies now and then is what the group is for. */
const newsFrom = 3;
/** A row that names more is no longer read. */
const namedAtMost = 5;

/**
 * Deaths and replacements are in the history, each with its cause, as the group's own activities tell it. Looked up only where
 * the servers show that something else than our own changes moves them. Last of all steps: no change of capacity waits for it.
 */
export function noteLostServers(context: DecisionContext): Decision | undefined {
  const { observation, ledger } = context;
  const announced = rememberWantedBack(context);
  if (announced) return announced;
  if (!isDisturbed(context)) return ledger.lost?.short ? whole(context, ledger.lost) : undefined;
  if (observation.lost === undefined) return undecided(context, 'lost');
  const known = new Set((ledger.lost?.servers ?? []).map(([id]) => id));
  const fresh = (observation.lost ?? []).filter(({ server }) => !known.has(shortId(server)));
  if (fresh.length === 0) return undefined;
  return noted(context, withAnnouncedCause(fresh, ledger.lost?.wantedBack));
}

/**
 * EC2 announces that it takes a Spot server back, and two minutes later Auto Scaling only finds it terminated: who remembers the
 * announcement can say why.
 * @see https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/spot-instance-termination-notices.html
 */
function rememberWantedBack(context: DecisionContext): Decision | undefined {
  const { ledger, trigger } = context;
  if (trigger.kind !== 'instance' || trigger.wantedBack === undefined) return undefined;
  const { servers = [], wantedBack = [], ...rest } = ledger.lost ?? {};
  const id = shortId(trigger.wantedBack);
  if (wantedBack.some(([known]) => known === id)) return undefined;
  const all = [...wantedBack, [id, trigger.at] as const].slice(-rememberedAtMost);
  const why: Sentence = { key: 'serverWantedBack', id: trigger.wantedBack };
  const said = { reason: 'ServersLost', why, cause: 'external' } as const;
  return decided(context, { ...said, ledger: { ...ledger, lost: { ...rest, servers, wantedBack: all } } });
}

/** With the cause that was announced, where the provider has only seen that the server is gone. */
function withAnnouncedCause(lost: readonly LostServer[], wantedBack: Lost['wantedBack'] = []): LostServer[] {
  const announced = new Set(wantedBack.map(([id]) => id));
  const isExplained = ({ server, cause }: LostServer) => cause !== 'byHand' && announced.has(shortId(server));
  return lost.map((each) => (isExplained(each) ? { ...each, cause: 'interrupted' } : each));
}

/** Servers come, go or are unwell without an activity that has asked for it, or one of them was heard to be gone. */
function isDisturbed({ group, ledger, trigger }: DecisionContext): boolean {
  let [goesOut, goesIn] = [false, false];
  for (const { from, to, endedAt } of ledger.open) {
    goesOut ||= endedAt === undefined && to > from;
    goesIn ||= endedAt === undefined && to < from;
  }
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
  const { ledger, now } = context;
  const servers = [
    ...(ledger.lost?.servers ?? []),
    ...fresh.map(({ server, at, cause }) => [shortId(server), at, cause] as const),
  ].slice(-rememberedAtMost);
  const withinHour = servers.filter(([, at]) => at > now - hourMs).length;
  const isNews = withinHour >= newsFrom && (ledger.lost?.toldAt ?? 0) <= now - hourMs;
  const rows = [...Map.groupBy(fresh, ({ cause }) => cause).values()].map((same) => rowOf(context, same));
  if (isNews) rows.push(newsOf(context, withinHour));
  const lost: Lost = { ...ledger.lost, servers, short: true, toldAt: isNews ? now : ledger.lost?.toldAt };
  const why: Sentence =
    rows.length === 1 ? rows[0]!.why : { key: 'serversLostAtOnce', servers: fresh.length };
  const said = { reason: 'ServersLost', why, cause: 'external' } as const;
  // On record before the commit, after which nobody would write them any more.
  return decided(context, { ...said, ledger: { ...ledger, lost }, forgets: rows });
}

function rowOf(context: DecisionContext, same: readonly LostServer[]): Activity {
  const { policy } = context;
  const [first] = same;
  const { at, cause, message } = first!;
  const ids = same.slice(0, namedAtMost).map((each) => each.server);
  const row = remark(context, {
    reason: 'ServersLost',
    cause: 'external',
    why: { key: 'serversLost', ids, more: same.length - ids.length, cause },
    activityId: idOf(policy.name, same),
  });
  return { ...row, startedAt: at, detail: { key: 'providerSays', says: message } };
}

/** One more server makes another row: who has seen fewer, and is slower, must not write over it. */
function idOf(group: string, same: readonly LostServer[]): string {
  const { server, at } = same[0]!;
  const id = `${group}-lost-${shortId(server)}-${new Date(at).toISOString()}`;
  return same.length === 1 ? id : `${id}-${same.length}-${shortId(same.at(-1)!.server)}`;
}

/** People hear of many, once an hour, and not of each. */
function newsOf(context: DecisionContext, servers: number): Activity {
  const why = { key: 'serversLostWithinHour', servers, group: context.policy.name } as const;
  return remark(context, { reason: 'ServersLost', cause: 'external', why, statusCode: 'Failed' });
}

/** As many serve as are desired: the others were replaced. */
function whole(context: DecisionContext, { short: _, ...lost }: Lost): Decision | undefined {
  const { ledger, group } = context;
  if (inServiceCapacity(group) < group.desired) return undefined;
  const why = { key: 'serversReplaced', servers: group.desired } as const;
  const said = { reason: 'ServersReplaced', why, cause: 'external' } as const;
  return decided(context, { ...said, ledger: { ...ledger, lost }, activities: [remark(context, said)] });
}

/** "…0abc (11:04, failed a health check); replaced": those that a group has lost within the hour; undefined: none. */
export function lostLately({ lost }: Pick<Ledger, 'lost'>, now: Instant): Sentence | undefined {
  const all = (lost?.servers ?? []).filter(([, at]) => at > now - hourMs);
  if (all.length === 0) return undefined;
  const latest = all.slice(-namedAtMost).map(([id, at, cause]) => ({ id, at, cause }));
  return { key: 'lostLately', latest, earlier: all.length - latest.length, replaced: !lost?.short };
}

import { stabilized } from './behavior.ts';
import type { Blocker } from './decision.ts';
import type { Ledger } from './ledger.ts';
import type { Instant, Observation, ScalingGroup } from './observation.ts';
import type { CompiledTarget, Policy } from './policy.ts';
import type { ReasonCode } from './reason.ts';
import type { Sentence } from './sentence.ts';
import { inServiceCapacity, leftSince } from './servers.ts';
import { type Readiness, recommend } from './target-tracking.ts';

/** What a look at the targets or at the forecast has taught. */
export interface Tracking {
  /** The same object as before if `tracked` and the recommendations stay. */
  readonly ledger: Ledger;
  /** What the load needs in all, of which what is lifted is a part; undefined: nobody knows, or nobody asks. */
  readonly needed?: number | undefined;
  /** Something is unknown: it may be the one that asks for most. */
  readonly missing: boolean;
  /** The load was measured, and is not believed. */
  readonly doubted?: boolean | undefined;
  /** Whether it may scale in, not only forbid it. */
  readonly mayScaleIn: boolean;
  /** Who asks for most and why, or what is missing. */
  readonly by: string;
  readonly why: Sentence;
  /** Why capacity stays although the load points elsewhere. */
  readonly note?: Blocker | undefined;
}

const nothing: Sentence = { key: 'atGoal' };
const noForecast: Sentence = { key: 'noForecast' };

/** What the load needs, with the change that it leads to. */
export function withChange(why: Sentence, change: number): Sentence {
  return why.key === 'metricNeeds' || why.key === 'forecastNeeds' ? { ...why, change } : why;
}

/** Works out `tracked`. Without targets and objective there is nothing to track. */
export function track(
  policy: Policy,
  ledger: Ledger,
  observation: Observation,
  group: ScalingGroup,
  now: Instant,
): Tracking {
  if (policy.forecast === 'tracks') return trackForecast(ledger, observation, group);
  if (policy.targets.length > 0) return trackTargets(policy, ledger, observation, group, now);
  const rest = ledger.tracked === undefined ? ledger : { ...ledger, tracked: undefined, recommendations: [] };
  return { ledger: rest, missing: false, mayScaleIn: false, by: '', why: nothing };
}

/** A forecast has its own error bar and its own patience. While it cannot tell, what was tracked stays. */
function trackForecast(ledger: Ledger, { forecast }: Observation, { desired }: ScalingGroup): Tracking {
  const said = { by: 'objective', why: forecast?.why ?? noForecast };
  if (forecast?.need === undefined)
    return { ...said, ledger, missing: true, mayScaleIn: false, doubted: forecast?.doubted };
  const { need, keep = need } = forecast;
  const holds = need === desired;
  const servers = holds ? Math.min(keep, desired) : Math.max(need, keep);
  const note = holds && keep < desired ? stays('WithinTolerance', 'forecast', said.by, said.why) : undefined;
  const mayScaleIn = !holds && servers < desired;
  const next = withTracked(ledger, servers, 'forecast');
  return { ...said, ledger: next, needed: servers, missing: false, mayScaleIn, note };
}

interface Wish {
  readonly servers: number;
  readonly withinTolerance: boolean;
  readonly by: string;
  readonly why: Sentence;
}

function trackTargets(
  policy: Policy,
  ledger: Ledger,
  observation: Observation,
  group: ScalingGroup,
  now: Instant,
): Tracking {
  const { largest, unknown } = wishes(policy, ledger, observation, group, now);
  const mayScaleIn = policy.targets.some(({ disableScaleIn }) => !disableScaleIn);
  if (unknown !== undefined && (largest === undefined || largest.servers <= group.desired)) {
    return {
      ledger,
      missing: true,
      mayScaleIn: false,
      by: unknown,
      why: { key: 'metricUnknown', metric: unknown },
    };
  }
  const { servers: recommended, by, why, withinTolerance } = largest!;
  const known = withFirstRecommendation(ledger, group.desired, now);
  const servers = stabilized(known.recommendations, recommended, group.desired, policy.behavior, now);
  const next = withTracked(withRecommendation(policy, known, recommended, now), servers, 'metric');
  const note = noteOf({
    by,
    why,
    recommended,
    servers,
    mayScaleIn,
    withinTolerance,
    desired: group.desired,
  });
  return { ledger: next, needed: servers, missing: unknown !== undefined, mayScaleIn, by, why, note };
}

interface Stay {
  readonly by: string;
  readonly why: Sentence;
  readonly recommended: number;
  /** After stabilization. */
  readonly servers: number;
  readonly mayScaleIn: boolean;
  readonly withinTolerance: boolean;
  readonly desired: number;
}

function noteOf({ by, why, recommended, servers, mayScaleIn, withinTolerance, desired }: Stay) {
  if (servers !== recommended) return stays('Stabilizing', 'metric', by, { key: 'stabilized', why, servers });
  if (servers < desired && !mayScaleIn)
    return stays('ScalingDisabled', 'metric', by, { key: 'scaleInDisabled', why });
  return withinTolerance ? stays('WithinTolerance', 'metric', by, why) : undefined;
}

function stays(code: ReasonCode, cause: 'metric' | 'forecast', by: string, why: Sentence): Blocker {
  return { code, why, by, cause };
}

/** The target that asks for most, and one that cannot tell. */
function wishes(
  policy: Policy,
  ledger: Ledger,
  { metrics }: Observation,
  group: ScalingGroup,
  now: Instant,
): { largest: Wish | undefined; unknown: string | undefined } {
  const { desired } = group;
  const warm = warmCapacity(ledger, group, now);
  const arriving = arrivingCapacity(policy, ledger, group, now);
  const { scaleUp, scaleDown } = policy.behavior;
  const { tolerance: down, headroom } = scaleDown;
  const tolerances = { up: scaleUp.tolerance, down, headroom };
  let largest: Wish | undefined;
  let unknown: string | undefined;
  const wishOf = (target: CompiledTarget, value: number): Wish | undefined => {
    const idle = value > target.targetValue ? arriving : 0;
    const readiness: Readiness = { desired, warm: Math.max(0, warm - idle) };
    const wish = recommend(target, value, readiness, tolerances);
    if (!wish) return undefined;
    const { name, targetValue } = target;
    const why: Sentence = {
      key: 'metricNeeds',
      metric: name,
      value: Math.round(value * 10) / 10,
      target: targetValue,
      servers: wish.servers,
      spare: wish.spares ? down : undefined,
    };
    return { ...wish, by: name, why };
  };
  for (const target of policy.targets) {
    const reading = metrics[target.metricKey];
    const range = reading?.known ? asOfNow(target, reading, warm, ledger.changes) : undefined;
    const most = range && wishOf(target, range.most);
    const wish =
      range && most && most.servers > desired ? outOrStay(wishOf(target, range.least), desired) : most;
    if (!wish) unknown = target.name;
    else if (wish.servers > (largest?.servers ?? -1)) largest = wish;
  }
  return { largest, unknown };
}

/** A scale-out goes by the least that the load may be; where that asks for fewer than there are, nobody knows, and it stays. */
function outOrStay(least: Wish | undefined, desired: number): Wish | undefined {
  return least && least.servers < desired ? { ...least, servers: desired, withinTolerance: true } : least;
}

/**
 * An average over servers of which some have left since is that load on those that stay: no scale-in counts twice. Of a period in
 * which some left nobody knows how much of it they carried: all of it at most, nothing at least. To take the most for certain
 * would call for a server as soon as one has left.
 */
function asOfNow(
  { perServer, periodSeconds }: CompiledTarget,
  { value, at }: { value: number; at: Instant },
  warm: number,
  changes: Ledger['changes'],
): { readonly least: number; readonly most: number } {
  if (!perServer || warm === 0) return { least: value, most: value };
  const onThoseThatStay = (left: number) => (value * (warm + left)) / warm;
  const end = at + periodSeconds * 1000 - 1;
  return { least: onThoseThatStay(leftSince(changes, end)), most: onThoseThatStay(leftSince(changes, at)) };
}

function warmCapacity({ warming }: Ledger, group: ScalingGroup, now: Instant): number {
  let warm = inServiceCapacity(group);
  for (const [warmAt, servers] of warming) if (warmAt > now) warm -= servers;
  return Math.max(0, Math.min(warm, group.desired));
}

/**
 * Units in service of a scale-out that is not complete: they boot, or are not healthy at the load balancer yet. What the
 * others suffer has been answered by them, and must not be asked for once more in their name.
 */
function arrivingCapacity({ graceMs }: Policy, { open }: Ledger, group: ScalingGroup, now: Instant): number {
  let before = Number.POSITIVE_INFINITY;
  for (const { from, to, startedAt, endedAt } of open) {
    if (to > from && endedAt === undefined && now < startedAt + graceMs) before = Math.min(before, from);
  }
  return Math.max(0, inServiceCapacity(group) - before);
}

/** The load is carried by what is lifted too: `tracked` is what it needs besides, so that together they are what it needs. */
function withTracked(ledger: Ledger, needed: number, by: 'metric' | 'forecast'): Ledger {
  const servers = Math.max(0, needed - (ledger.lifted ?? 0));
  if (ledger.tracked?.servers === servers && ledger.tracked.by === by) return ledger;
  return { ...ledger, tracked: { servers, by } };
}

/**
 * Without history, what is there counts as recommended: at first contact, and when a ledger was lost, a low load is
 * no reason yet to scale in.
 * @see https://github.com/kubernetes/kubernetes/blob/master/pkg/controller/podautoscaler/horizontal.go `recordInitialRecommendation`
 */
function withFirstRecommendation(ledger: Ledger, desired: number, now: Instant): Ledger {
  return ledger.recommendations.length > 0 ? ledger : { ...ledger, recommendations: [[now, desired]] };
}

function withRecommendation(policy: Policy, ledger: Ledger, servers: number, now: Instant): Ledger {
  const { recommendations } = ledger;
  if (recommendations.at(-1)?.[1] === servers) return ledger;
  const { scaleUp, scaleDown } = policy.behavior;
  const windowMs = 1000 * Math.max(scaleUp.stabilizationWindowSeconds, scaleDown.stabilizationWindowSeconds);
  const stillSeen = recommendations.filter((_, at) => (recommendations[at + 1]?.[0] ?? now) > now - windowMs);
  return { ...ledger, recommendations: [...stillSeen, [now, servers]] };
}

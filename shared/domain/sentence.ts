import type { ActivityStatus } from './activity-status.ts';

/**
 * What the engine says, as data: which sentence it is, and its parameters. The reader makes the words, in the
 * reader's language (`shared/sentences`).
 *
 * To add a sentence: add its parameters to `SentenceParameters`; the compiler then asks for it in `shared/sentences/en.ts`,
 * `zh.ts` and `ko.ts`, and for samples in `test/kit/sample-sentences.ts`; run `npm run reasons` for docs/reasons.md.
 * Parameters are JSON, for the ledger and the history hold them: numbers, names, other sentences; a moment is epoch
 * milliseconds, a change of capacity has its sign. What is not there is left out or undefined.
 */
export type Sentence = {
  readonly [K in SentenceKey]: { readonly key: K } & Readonly<SentenceParameters[K]>;
}[SentenceKey];

export type SentenceKey = keyof SentenceParameters;

/** Who asks for servers, or bounds them. */
export type Party =
  | { readonly kind: NamedParty; readonly name: string }
  | { readonly kind: 'forecast' | 'minSize' | 'maxSize' | 'fleetFile' | 'goal' };

/** `leader` is the group that is followed; `metric` a target's; `other` an alarm rule, a person: said by its name alone. */
type NamedParty = 'window' | 'bump' | 'leader' | 'metric' | 'other';

type Ids = readonly string[];
/** Epoch milliseconds. */
type Instant = number;
type None = Readonly<Record<never, never>>;
type LossCause = 'terminated' | 'unhealthy' | 'interrupted' | 'replaced' | 'byHand' | 'unknown';

/** The metric of a rule, and its value. */
export interface Moved {
  readonly metric: string;
  readonly value: number;
}

export interface SentenceParameters {
  // Why capacity changes. `change` has its sign.
  firstContact: { servers: number };
  initialCapacity: None;
  /** Of what was `added`, some are `inherited` from other windows that close, and some `there` already; `asked` if more was asked for. */
  windowOpened: {
    window: string;
    added: number;
    inherited?: { servers: number; from: readonly Party[] } | undefined;
    there?: number | undefined;
    asked?: number | undefined;
  };
  windowOpenedAtMaximum: { window: string; asked: number; maximum: number };
  windowOpenedWithEnough: { window: string; asked: number };
  windowTookOver: { window: string; asked: number; servers: number; from: readonly Party[]; granted: number };
  /** A percentage that rounds to 0 servers. */
  windowAddsNothing: { window: string; percent: number; own: number };
  windowEndMoved: { window: string; until: Instant };
  grantEnded: { grant: Party; change: number };
  grantEndedWithNothing: { grant: Party };
  grantEndedAndWaits: { grant: Party; servers: number };
  /** `moved`: the value that moved it, where it is known. */
  alarmScales: {
    rule: string;
    moved?: Moved | undefined;
    change: number;
    asked?: number | undefined;
  };
  /** `spare`: the share of the target that must stay free. */
  metricNeeds: {
    metric: string;
    value: number;
    target: number;
    servers: number;
    spare?: number | undefined;
    change?: number | undefined;
  };
  floorEnded: { holder: Party; change: number };
  askedForLess: { servers: number; change: number };
  floorIs: { holder: Party; servers: number; change?: number | undefined };
  minimumIs: { servers: number; change?: number | undefined };
  maximumIs: { holder: Party; servers: number; change?: number | undefined };
  limitIsGone: { holder: Party; change: number };
  askedBefore: { servers: number; change: number };
  /** Without an `adjustment` the capacity was set. `wanted` is what was asked for and is out of bounds. */
  manualChange: {
    owner: string;
    reason: string;
    adjustment?: number | undefined;
    until?: Instant | undefined;
    wanted?: number | undefined;
    later?: Later | undefined;
  };
  externalChange: { bound?: 'minSize' | 'maxSize' | undefined; size?: number | undefined };
  serversJoin: { ids: Ids };
  serversLeave: { ids: Ids };
  serversAdoptedByHand: { ids: Ids; owner: string; reason: string; already?: boolean | undefined };
  serversKept: { servers: number };
  serversProtected: { ids: Ids };
  unhealthyAreReplaced: { replaced: boolean };
  adoptedServersHealth: { unhealthy: Ids; recovered: Ids };
  targetsHealth: { unhealthy: Ids; recovered: Ids; watched: number };
  rolloutFailed: { says: string; rolledBack: boolean };
  alarmsAreStale: { rules: Ids; behind?: string | undefined };
  alarmsAreRight: None;
  paused: {
    direction: 'both' | 'out' | 'in';
    owner: string;
    reason: string;
    until?: Instant | undefined;
  };
  resumed: { owner: string; reason: string };
  pauseEnded: { owner: string; reason: string };
  /** `more` than are named. */
  serversLost: { ids: Ids; more: number; cause: LossCause };
  serversLostAtOnce: { servers: number };
  serverWantedBack: { id: string };
  serversLostWithinHour: { servers: number; group: string };
  serversReplaced: { servers: number };
  serversMissing: { servers: number };
  /** Within the hour: the latest, and how many before them. */
  lostLately: {
    latest: readonly { readonly id: string; readonly at: Instant; readonly cause: LossCause }[];
    earlier: number;
    replaced: boolean;
  };
  groupMissing: { long: boolean };
  groupFound: None;
  eventTooLate: { window: string; edge: 'start' | 'end'; at: Instant; minutes: number };
  requestIsKnown: { requestId: string };
  lookUpFirst: { need: string };

  // What becomes of an activity.
  activityBegan: { from: number; to: number; why: Sentence };
  activityRetried: { from: number; to: number };
  activityEnded: {
    from: number;
    to: number;
    status: ActivityStatus;
    why: Sentence;
    detail?: Sentence | undefined;
  };
  activitiesForgotten: { ended: readonly { to: number; status: ActivityStatus }[] };
  launchesFail: { kind: 'capacity' | 'quota' | 'image' | 'other'; says: string };
  launchesStillFail: { to: number; failure: Sentence };
  launchesSucceed: None;
  serversWereThere: None;
  serversWereGone: None;
  someWereGone: { ids: Ids };
  groupIsUntouchable: None;
  setByOthers: { servers: number };
  outOfBounds: { servers: number; minSize: number; maxSize: number };
  couldNotBeSet: { servers: number };
  superseded: { desired: number };
  readyTooFew: { ready: number; to: number; why?: Sentence | undefined };
  stillLeaving: None;
  keptByProtection: { servers: number };
  notFollowed: { activities: number };
  groupGone: None;
  groupDeleted: None;
  scalerDeleted: None;
  /** In the provider's words; `doctor`: it knows what to do. */
  providerSays: { says: string; doctor?: boolean | undefined };
  refusedTimes: { times: number };

  // Why capacity stays.
  atGoal: None;
  /** Without `to`, a rule whose step is not known yet. `ended`: it is a grant that has ended and gives back. */
  /** `moved`: the value that moved a rule, where it is known. */
  asksBut: {
    who: Party;
    moved?: Moved | undefined;
    to?: number | undefined;
    ended?: boolean | undefined;
    but: Sentence;
  };
  observesOnly: { from: number; to: number; why: Sentence };
  groupDeploying: None;
  processSuspended: { process: 'launching' | 'terminating' };
  groupMaximum: { servers: number };
  activitiesAreOpen: { activities: number };
  bumpsAreOpen: { bumps: number };
  launchesHeld: { failure: Sentence; retryAt: Instant };
  minSizeIs: { servers: number };
  activityIsOpen: None;
  coolingDown: { until: Instant };
  episodeAnswered: None;
  /** A whole period was not above the threshold, or not below it. */
  episodeOver: { rule: string; metric: string; above: boolean; threshold: number };
  scaleInIsOpen: { rule: string };
  warmingUp: { until: Instant };
  serversComing: None;
  earlierScaleOutBrings: None;
  keptUntil: { servers: number; grant?: Party | undefined };
  allProtected: None;
  leastIs: { servers: number };
  thereAlready: { later?: Later | undefined };
  notPaused: { owner: string };
  metricUnknown: { metric: string; rule?: string | undefined; why?: 'missing' | 'failed' | undefined };
  newerDataNeeded: None;
  noStepFits: { metric: string; value: number };
  leaderUnknown: { group: string };
  ruleInAlarm: { rule: string; moved?: Moved | undefined };
  ruleHasNoData: { rule: string };
  ruleHasNoAlarm: { rule: string };
  ruleCannotAsk: { rule: string };
  refreshing: { status: string };
  behaviorDisabled: { direction: 'scaleUp' | 'scaleDown' };
  behaviorLimits: { direction: 'scaleUp' | 'scaleDown'; servers: number };
  wouldTrip: { metric: string; value: number; rule: string; threshold: number };
  fewAreHealthy: { healthy: number; inService: number };
  busyAsBefore: { metric: string; from: number; to: number; cpu: number };
  stabilized: { why: Sentence; servers: number };
  scaleInDisabled: { why: Sentence };

  // What layers and rules say.
  ownCapacity: { servers: number; base: number };
  grantAdds: { grant: Party; servers: number; until: Instant };
  grantIsReleasing: { grant: Party; servers: number };
  loadNeeds: { servers: number; lifted: number };
  stepsOnTop: { servers: number };
  goalIs: { servers: number };
  /** `now`: the value that its alarm is red for, where it is known. */
  ruleAsks: { rule: string; now?: number | undefined; servers?: number | undefined };
  ruleInAlarmBut: { rule: string; now?: number | undefined; but: Sentence };
  /** The newest period breaches, as `breaching` of `periods` do: it acts about then if that stays so. */
  ruleNears: {
    rule: string;
    metric: string;
    value: number;
    above: boolean;
    threshold: number;
    breaching: number;
    periods: number;
    at: Instant;
    change: number;
  };
  /** It is in ALARM and changes nothing. */
  ruleStays: {
    rule: string;
    now?: number | undefined;
    servers: number;
    because?: Sentence | undefined;
  };
  ruleIsDeaf: { rule: string; watches: string; behind?: string | undefined };
  /** `stays`: what it would ask for is what there is, because of a bound. */
  ruleWaits: {
    rule: string;
    state: 'OK' | 'ALARM' | 'INSUFFICIENT_DATA';
    since: Instant;
    condition: Condition;
    servers?: number | undefined;
    stays?: boolean | undefined;
    because?: Sentence | undefined;
  };
  targetIs: {
    metric: string;
    target: number;
    /** undefined: unknown */
    value?: number | undefined;
    servers?: number | undefined;
    /** Another target asks for more. */
    outvoted?: boolean | undefined;
    but?: Sentence | undefined;
  };
  leaderUnseen: { group: string };
  leaderHas: { group: string; inService: number; desired: number; ratio: number; servers: number };
  noForecast: None;
  /** `metricsOff`: of the scaling group that publishes none. */
  loadUnknown: { metricsOff?: string | undefined };
  /** It was measured and is not believed. Loads are in servers. */
  loadDoubted: {
    why: 'negative' | 'asBusy' | 'unhealthy' | 'neverSoLow' | 'noBusier' | 'neverSoHigh';
    from: number;
    to: number;
  };
  forecastStandsBack: { forecast: Sentence };
  forecastNeeds: ForecastNumbers;
  windowAdds: {
    add?: number | undefined;
    percent?: number | undefined;
    minSize?: number | undefined;
    maxSize?: number | undefined;
    lowerMinSizeTo?: number | undefined;
  };

  // News that is no activity.
  serverReplaced: { server: string };
  adoptedServerStops: { server: string; state: string };
  targetsFailing: { failing: boolean };
  groupUnreached: { scalingGroup: string };
  scalesByOtherRules: { scalingGroup: string };
  otherRulesFight: { rules: Ids };
  otherRulesStay: { rules: Ids };
}

/** How many there will be once a floor lets go, or grants are over. */
export interface Later {
  readonly servers: number;
  readonly floor?: Party | undefined;
  readonly grants?: readonly Party[] | undefined;
}

/** "cpu is above 70 (now 41.2)"; without `now` it is unknown. */
export interface Condition {
  readonly metric: string;
  readonly above: boolean;
  readonly inclusive: boolean;
  readonly threshold: number;
  readonly now?: number | undefined;
}

/** Loads are in servers, shares from 0 to 1. */
export interface ForecastNumbers {
  readonly servers: number;
  readonly expects: number;
  readonly error: number;
  readonly at: Instant;
  readonly lastServerUse: number;
  readonly price: number;
  /** Negative: overspent. */
  readonly budgetLeft: number;
  /** 0: it has not begun. */
  readonly budgetDays: number;
  /** Days of history, while there is no season yet. */
  readonly unseasonedDays?: number | undefined;
  readonly strained?: boolean | undefined;
  /** A share that was promised, and the least that the past could have kept: it is larger. */
  readonly promise?: { readonly promised: number; readonly promisable: number } | undefined;
  /** How long launches take, in minutes, and of how many that is learnt. */
  readonly boot?: { readonly minutes: number; readonly launches: number } | undefined;
  readonly change?: number | undefined;
}

import type { Condition, ForecastNumbers, Later } from '../domain/sentence.ts';
import type { Catalogue, Words } from './catalogue.ts';
import { unit } from './unit.ts';

const causes = { missing: 'no datapoint', failed: 'it cannot be read' } as const;
const losses = {
  terminated: 'stopped or terminated from outside',
  unhealthy: 'failed a health check',
  interrupted: 'interrupted by the cloud, as Spot servers are',
  replaced: 'replaced by its group',
  byHand: 'taken out by somebody through its group',
  unknown: 'its group does not say why',
} as const;
const processes = { launching: 'Launching', terminating: 'Terminating' } as const;

/** What the engine says, in English: the language of the log and of events. */
export const english: Catalogue = {
  language: 'en',
  units: {
    server: { one: 'server', many: 'servers', count: '' },
    task: { one: 'task', many: 'tasks', count: '' },
    pod: { one: 'pod', many: 'pods', count: '' },
  },
  servers: (count, { plural, number }) =>
    `${number(count)} ${plural(count, { one: `${unit.one}`, other: `${unit.many}` })}`,
  counted: (count, { plural }) => plural(count, { one: unit.one, other: unit.many }),
  sentences: {
    firstContact: ({ servers }, words) => `first contact, with ${words.servers(servers)}`,
    initialCapacity: () => 'first contact, and its initial capacity applies',
    windowOpened({ window, added, inherited, there, asked }, { signed, parties, plural }) {
      const parts = [
        signed(added),
        inherited && `${inherited.servers} from ${parties(inherited.from)}`,
        there && `${there} of them there already`,
        asked && `${asked} ${plural(asked, { one: 'was', other: 'were' })} asked for`,
      ];
      return `window '${window}' opened (${parts.filter(Boolean).join(', ')})`;
    },
    windowOpenedAtMaximum: ({ window, asked, maximum }, { signed }) =>
      `window '${window}' opened (${signed(asked)}), but the maximum is ${maximum}`,
    windowOpenedWithEnough: ({ window, asked }, { signed }) =>
      `window '${window}' opened (${signed(asked)}), but there are enough already`,
    windowTookOver: ({ window, asked, servers, from, granted }, { signed, parties }) =>
      `window '${window}' opened (${signed(asked)}) and takes over ${servers} from ${parties(from)}${
        granted < asked ? `, ${asked} were asked for` : ''
      }`,
    windowAddsNothing: ({ window, percent, own }, words) =>
      `window '${window}' opened (+${words.percent(percent / 100)} of ${own} is 0)`,
    windowEndMoved: ({ window, until }, { time }) => `window '${window}' is open until ${time(until)} now`,
    grantEnded: ({ grant, change }, { party, signed }) =>
      `${party(grant)} ${ends(grant)} (${signed(change)})`,
    grantEndedWithNothing: ({ grant }, { party }) =>
      `${party(grant)} ${ends(grant)}, with nothing to give back`,
    grantEndedAndWaits: ({ grant, servers }, { party, signed, plural }) =>
      `${party(grant)} ${ends(grant)}, and its ${signed(servers)} ${plural(servers, { one: 'waits', other: 'wait' })} to be given back`,
    alarmScales: ({ rule, moved, change, asked }, { number, signed, plural }) =>
      `alarm '${rule}'${moved ? `, ${moved.metric} ${number(moved.value)}` : ''} (${signed(change)}${
        asked === undefined ? '' : `, ${asked} ${plural(asked, { one: 'was', other: 'were' })} asked for`
      })`,
    metricNeeds: ({ metric, value, target, servers, spare, change }, words) =>
      `${metric} is ${words.number(value)} (target ${words.number(target)}), which needs ${servers}${spare === undefined ? '' : ` with ${words.percent(spare)} to spare`}${by(change, words)}`,
    floorEnded: ({ holder, change }, words) =>
      `${words.party(holder)} no longer holds it up${by(change, words)}`,
    askedForLess: ({ servers, change }, words) =>
      `no more than ${servers} ${words.plural(servers, { one: 'is', other: 'are' })} asked for${by(change, words)}`,
    floorIs: ({ holder, servers, change }, words) =>
      `${words.party(holder)} asks for at least ${servers}${by(change, words)}`,
    minimumIs: ({ servers, change }, words) => `the minimum is ${servers}${by(change, words)}`,
    maximumIs: ({ holder, servers, change }, words) =>
      `${words.party(holder)} allows at most ${servers}${by(change, words)}`,
    limitIsGone: ({ holder, change }, words) =>
      `${words.party(holder)} no longer limits it${by(change, words)}`,
    askedBefore: ({ servers, change }, words) =>
      `${servers} ${words.plural(servers, { one: 'was', other: 'were' })} asked for before${by(change, words)}`,
    manualChange({ owner, reason, adjustment, until, wanted, later }, words) {
      const what = adjustment === undefined ? 'set' : words.signed(adjustment);
      const end = until === undefined ? '' : ` until ${words.time(until)}`;
      const clamped = wanted === undefined ? '' : `, ${words.number(wanted)} is out of bounds`;
      return `${what} by ${owner} (${reason})${end}${clamped}${afterwards(later, words)}`;
    },
    externalChange: ({ bound, size }) =>
      bound ? `changed from outside, where ${bound} is ${size}` : 'changed from outside',
    serversJoin: ({ ids }, { list, plural }) =>
      `${list(ids)} of the fleet file ${plural(ids.length, { one: 'joins', other: 'join' })}`,
    serversLeave: ({ ids }, { list, plural }) =>
      `${list(ids)} ${are(ids, plural)} no longer in the fleet file`,
    serversAdoptedByHand: ({ ids, owner, reason, already }, { list }) =>
      `${list(ids)} adopted by ${owner} (${reason})${already ? '; already in the group' : ''}`,
    serversKept: ({ servers }, words) =>
      `${words.servers(servers)} of the fleet file ${words.plural(servers, { one: 'is', other: 'are' })} in the group`,
    serversProtected: ({ ids }, { list, plural }) =>
      `${list(ids)} ${are(ids, plural)} protected from scale-in`,
    unhealthyAreReplaced: ({ replaced }) =>
      replaced
        ? `unhealthy ${unit.many} are replaced again`
        : `unhealthy ${unit.many} are reported, and not replaced`,
    adoptedServersHealth: ({ unhealthy, recovered }, { list, plural }) =>
      news(
        unhealthy.length > 0 &&
          `${list(unhealthy)} ${plural(unhealthy.length, { one: 'fails its health check', other: 'fail their health check' })}, and nobody replaces ${plural(unhealthy.length, { one: 'it', other: 'them' })}`,
        recovered.length > 0 && `${list(recovered)} ${are(recovered, plural)} healthy again`,
      ) || `an unhealthy ${unit.one} is no longer in the group`,
    targetsHealth: ({ unhealthy, recovered, watched }, { list, plural, number }) =>
      news(
        unhealthy.length > 0 &&
          `${list(unhealthy)} ${plural(unhealthy.length, { one: 'fails', other: 'fail' })} the health check of the load balancer; no activity waits for ${plural(unhealthy.length, { one: 'it', other: 'them' })}`,
        recovered.length > 0 && `${list(recovered)} ${are(recovered, plural)} healthy again`,
      ) ||
      (watched === 0
        ? 'none of its targets is unhealthy any more'
        : `${number(watched)} unhealthy ${plural(watched, { one: 'target is', other: 'targets are' })} looked at again`),
    rolloutFailed: ({ says, rolledBack }) =>
      `its rollout has failed, and ${rolledBack ? 'what ran before comes back' : `no new ${unit.many} start until another rollout`}: ${says}`,
    alarmsAreStale: ({ rules, behind = 'no load balancer' }, { list, plural }) =>
      `${list(rules)} ${plural(rules.length, { one: 'watches', other: 'watch' })} a load balancer that the target group has left for ${behind}: name it in the fleet file and deploy`,
    alarmsAreRight: () => 'its alarms watch its load balancer again',
    paused({ direction, owner, reason, until }, { time }) {
      const what = direction === 'both' ? 'it is' : `scale-${direction} is`;
      return `${what} paused by ${owner} until ${until === undefined ? 'somebody resumes it' : time(until)} (${reason})`;
    },
    resumed: ({ owner, reason }) => `resumed by ${owner} (${reason})`,
    pauseEnded: ({ owner, reason }) => `no longer paused: the pause by ${owner} (${reason}) has ended`,
    serversLost: ({ ids, more, cause }, { list, number }) =>
      `lost ${list(more > 0 ? [...ids, `${number(more)} more`] : ids)}: ${losses[cause]}`,
    serversLostAtOnce: ({ servers }, words) => `lost ${words.servers(servers)}`,
    serverWantedBack: ({ id }) =>
      `the cloud takes ${id} back within minutes, as it does with Spot ${unit.many}`,
    serversLostWithinHour: ({ servers, group }, words) =>
      `lost ${words.servers(servers)} within an hour: rushhour history ${group} says why`,
    serversReplaced: ({ servers }, { number }) => `whole again: ${number(servers)} in service`,
    serversMissing: ({ servers }, words) =>
      `${words.servers(servers)} ${words.plural(servers, { one: 'is', other: 'are' })} missing; the group replaces what it has lost`,
    lostLately({ latest, earlier, replaced }, { list, number, time }) {
      const named = latest.map(({ id, at, cause }) => `…${id} (${time(at)}, ${losses[cause]})`);
      const all = earlier > 0 ? [...named, `${number(earlier)} before them`] : named;
      return `${list(all)}; ${replaced ? 'replaced' : 'not all are replaced yet'}`;
    },
    groupMissing: ({ long }) =>
      `its scaling group does not exist${long ? ': is it deployed, and is its name right?' : ''}`,
    groupFound: () => 'its scaling group is there again',
    eventTooLate: ({ window, edge, at, minutes }, words) =>
      `the ${edge} of window '${window}' at ${words.time(at)} was announced ${words.minutes(minutes)} late, and is ignored`,
    requestIsKnown: ({ requestId }) => `request ${requestId} was carried out before`,
    lookUpFirst: ({ need }) => `${need} must be looked up first`,

    activityBegan: ({ from, to, why }, { sentence }) => `${from} → ${to} is under way: ${sentence(why)}`,
    activityRetried: ({ from, to }) => `${from} → ${to} is tried again, for nothing has happened yet`,
    activityEnded: ({ from, to, status, why, detail }, { sentence }) =>
      `${from} → ${to} ${ended[status]}: ${sentence(why)}${detail ? `; ${sentence(detail)}` : ''}`,
    activitiesForgotten: (says, { list }) =>
      list(says.ended.map(({ to, status }) => `the change to ${to} ${ended[status]}`)),
    launchesFail: ({ kind, says }) => `launches fail (${kind}): ${says}`,
    launchesStillFail: ({ to, failure }, { sentence }) => `not all ${to} have come yet: ${sentence(failure)}`,
    launchesSucceed: () => 'launches succeed again',
    serversWereThere: () => `its ${unit.many} were in the group already`,
    serversWereGone: () => `its ${unit.many} were gone already`,
    someWereGone: ({ ids }, { list, plural }) =>
      `${list(ids)} ${plural(ids.length, { one: 'was', other: 'were' })} gone already; the others are asked for again`,
    groupIsUntouchable: () => 'nothing may touch the group now',
    setByOthers: ({ servers }) => `somebody set ${servers} instead`,
    outOfBounds: ({ servers, minSize, maxSize }) => `${servers} is outside ${minSize}…${maxSize} now`,
    couldNotBeSet: ({ servers }) => `${servers} could not be set`,
    superseded: ({ desired }) => `superseded: desired is ${desired}`,
    readyTooFew: ({ ready, to, why }, { sentence, plural }) =>
      `${ready} of ${to} ${plural(ready, { one: 'was', other: 'were' })} ready at the deadline${why ? `; ${sentence(why)}` : ''}`,
    keptByProtection: ({ servers }, { plural }) =>
      `${servers} more ${plural(servers, { one: `${unit.one} is`, other: `${unit.many} are` })} protected from scale-in, and kept until the protection ends`,
    stillLeaving: () => `${unit.many} were still leaving at the deadline`,
    notFollowed: ({ activities }, { plural }) =>
      `not followed: ${activities} ${plural(activities, { one: 'activity is', other: 'activities are' })} under way`,
    groupDeleted: () => 'the group was deleted with its stack',
    scalerDeleted: () => 'the scaler was deleted with its stack',
    groupGone: () => 'its scaling group is gone',
    providerSays: ({ says, doctor }) => (doctor ? `${says}; rushhour doctor says what to do` : says),
    refusedTimes: ({ times }, { plural, number }) =>
      `refused ${plural(times, { one: 'once', other: `${number(times)} times` })}`,

    atGoal: () => 'it is where it should be',
    asksBut: ({ who, moved, to, ended, but }, words) => {
      const value = moved ? ` (${moved.metric} ${words.number(moved.value)})` : '';
      const asker = `${words.party(who)}${value}${ended ? ` has ${ends(who)} and` : ''}`;
      return `${asker} ${to === undefined ? 'is in ALARM' : `asks for ${to}`}, but ${words.sentence(but)}`;
    },
    observesOnly: ({ from, to, why }, { sentence }) =>
      `it would go ${from} → ${to}, but only observes: ${sentence(why)}`,
    groupDeploying: () => `its stack is still being deployed, and could not release ${unit.many}`,
    processSuspended: ({ process }) => `${processes[process].toLowerCase()} ${unit.many} is suspended`,
    groupMaximum: ({ servers }) => `the group's own maximum is ${servers}`,
    activitiesAreOpen: ({ activities }, { plural }) =>
      `${activities} ${plural(activities, { one: 'activity is', other: 'activities are' })} still under way`,
    bumpsAreOpen: ({ bumps }, { plural }) =>
      `${bumps} ${plural(bumps, { one: 'bump has', other: 'bumps have' })} not ended yet`,
    launchesHeld: ({ failure, retryAt }, { sentence, time }) =>
      `${sentence(failure)}; the next try is at ${time(retryAt)}`,
    minSizeIs: ({ servers }) => `minSize is ${servers}`,
    activityIsOpen: () => 'its last activity is still under way',
    coolingDown: ({ until }, { time }) => `its cooldown runs until ${time(until)}`,
    episodeAnswered: () => 'it has been answered since it began',
    episodeOver: ({ rule, metric, above, threshold }, { number }) =>
      `${metric} was not ${above ? 'above' : 'below'} ${number(threshold)} for a whole period: ${rule} may act again`,
    scaleInIsOpen: ({ rule }) => `the scale-in by ${rule} is still under way`,
    warmingUp: ({ until }, { time }) => `${unit.many} of a scale-out are warming up until ${time(until)}`,
    serversComing: () => `${unit.many} of a scale-out are still coming`,
    earlierScaleOutBrings: () => 'an earlier scale-out is bringing them',
    keptUntil: ({ servers, grant }, { party, plural }) =>
      `${servers} ${plural(servers, { one: 'stays', other: 'stay' })}${grant ? ` until ${party(grant)} is over` : ''}`,
    allProtected: () => `every ${unit.one} that is left is protected from scale-in`,
    leastIs: ({ servers }) => `the least is ${servers}`,
    thereAlready: ({ later }, words) => `it is there already${afterwards(later, words)}`,
    notPaused: ({ owner }) => `${owner} asks to resume it, but it is not paused`,
    metricUnknown: ({ metric, rule, why }) =>
      `${metric}${rule ? ` of ${rule}` : ''} is unknown${why ? ` (${causes[why]})` : ''}`,
    newerDataNeeded: () => 'it waits for data that began after the last scale-in',
    noStepFits: ({ metric, value }, { number }) => `no step fits ${metric} at ${number(value)}`,
    leaderUnknown: ({ group }) => `the capacity of ${group} is unknown`,
    ruleInAlarm: ({ rule, moved }, { number }) =>
      `${rule} is in ALARM${moved ? ` (${moved.metric} ${number(moved.value)})` : ''}`,
    ruleHasNoData: ({ rule }) => `${rule} has no data`,
    ruleHasNoAlarm: ({ rule }) => `${rule} has no alarm: deploy the fleet`,
    ruleCannotAsk: ({ rule }) =>
      `nothing asks for a change, but ${rule} has no alarm and cannot: deploy the fleet`,
    refreshing: ({ status }) => `an instance refresh is ${status}`,
    behaviorDisabled: ({ direction }) => `behavior.${direction} is Disabled`,
    behaviorLimits: ({ direction, servers }) =>
      `behavior.${direction} allows no ${direction === 'scaleUp' ? 'more' : 'fewer'} than ${servers} now`,
    wouldTrip: ({ metric, value, rule, threshold }, { number }) =>
      `${metric} would then be ${number(value)} and trip ${rule} (${number(threshold)})`,
    fewAreHealthy: ({ healthy, inService }, { plural }) =>
      `only ${healthy} of ${inService} ${unit.many} ${plural(healthy, { one: 'is', other: 'are' })} healthy at the load balancer`,
    busyAsBefore: ({ metric, from, to, cpu }, { number, percent }) =>
      `${metric} fell from ${number(from)} to ${number(to)} while the ${unit.many} are as busy as before (cpu ${percent(cpu / 100)})`,
    stabilized: ({ why, servers }, { sentence }) =>
      `${sentence(why)}, but the stabilization window holds ${servers}`,
    scaleInDisabled: ({ why }, { sentence }) => `${sentence(why)}, but disableScaleIn is set`,

    ownCapacity: ({ servers, base }) =>
      `the group's own capacity is ${servers > base ? `${base}, but at least ${servers} must be` : servers}: alarms, people and changes from outside change it`,
    grantAdds: ({ grant, servers, until }, { party, signed, time }) =>
      `${party(grant)} adds ${signed(servers)} until ${time(until)}`,
    grantIsReleasing: ({ grant, servers }, { party, signed, plural }) =>
      `${party(grant)} is over, and its ${signed(servers)} ${plural(servers, { one: 'is', other: 'are' })} given back once the others can carry the load`,
    loadNeeds: ({ servers, lifted }) =>
      `the load needs ${servers}${lifted > 0 ? `, ${lifted} of them by steps on top` : ''}`,
    stepsOnTop: ({ servers }, { signed }) =>
      `steps by alarms, people and the outside add ${signed(servers)} to what the load or a floor holds up; they join base once it lets go`,
    goalIs: ({ servers }) => `together that makes ${servers}`,
    ruleAsks: ({ rule, now, servers = 'a step' }, words) =>
      `${rule} is in ALARM${seen(now, words)} and asks for ${servers}`,
    ruleInAlarmBut: ({ rule, now, but }, words) =>
      `${rule} is in ALARM${seen(now, words)}, but ${words.sentence(but)}`,
    ruleNears: ({ rule, metric, value, above, threshold, breaching, periods, at, change }, words) => {
      const { number, plural, signed, time } = words;
      const side = `${above ? 'above' : 'below'} ${number(threshold)}`;
      const so = `${breaching} of ${periods} ${plural(periods, { one: 'period', other: 'periods' })}`;
      return `${rule}: ${metric} is ${number(value)}, ${side}: ${so}; acts about ${time(at)} (${signed(change)})`;
    },
    ruleStays: ({ rule, now, servers, because }, words) =>
      `${rule} is in ALARM${seen(now, words)}, but the group stays at ${servers}${reasonFor(because, words)}`,
    ruleIsDeaf: ({ rule, watches, behind = 'no load balancer' }) =>
      `${rule} watches ${watches}, but the target group stands behind ${behind} now: the alarm gets no data`,
    ruleWaits({ rule, state, since, condition, servers, stays, because }, words) {
      const then = stays
        ? `the group stays at ${servers} even once ${conditionOf(condition, words)}${reasonFor(because, words)}`
        : `it asks for ${servers ?? 'a step'} once ${conditionOf(condition, words)}`;
      return `${rule} is ${state} since ${words.time(since)}: ${then}`;
    },
    targetIs({ metric, target, value, servers, outvoted, but }, words) {
      const asks = servers === undefined ? '' : `, and asks for ${servers}`;
      const other = outvoted ? '; another target asks for more' : '';
      const rest = but ? `; ${words.sentence(but)}` : '';
      return `${metric} is to be kept at ${words.number(target)} (${nowAt(value, words)})${asks}${other}${rest}`;
    },
    leaderUnseen: ({ group }) => `it follows ${group}, which cannot be seen`,
    leaderHas: ({ group, inService, desired, ratio, servers }, words) =>
      `it follows ${group}, which has ${inService} of ${words.servers(desired)}: at ${words.number(ratio)} for each that makes ${servers}`,
    noForecast: () => 'there is no forecast yet',
    loadUnknown: ({ metricsOff }) =>
      `${metricsOff ? `the group metrics of ${metricsOff} are off` : 'the load is unknown'}: it holds`,
    loadDoubted({ why, from, to }, { decimal }) {
      const [was, is] = [decimal(from), decimal(to)];
      const moved = `${to < from ? 'fell' : 'rose'} from ${was} to ${is} ${unit.many}' load`;
      const doubts = {
        negative: `the load reads ${is}, and no load is below nothing: it holds`,
        asBusy: `the load ${moved} while the ${unit.many} are as busy as before: it holds`,
        unhealthy: `the load ${moved} while most ${unit.many} are unhealthy at the load balancer: it holds`,
        neverSoLow: `the load ${moved} at once, lower than in 28 days: it holds for an hour at most`,
        noBusier: `the load ${moved} while the ${unit.many} are no busier: it holds`,
        neverSoHigh: `the load ${moved} at once, far beyond 28 days: it holds for a quarter of an hour at most`,
      };
      return doubts[why];
    },
    forecastStandsBack: ({ forecast }, { sentence }) => `it asks for nothing: ${sentence(forecast)}`,
    forecastNeeds,
    windowAdds: ({ add, percent, minSize, maxSize, lowerMinSizeTo }, words) =>
      [
        add === undefined ? '' : words.signed(add),
        percent === undefined ? '' : `+${words.percent(percent / 100)}`,
        minSize === undefined ? '' : `at least ${minSize}`,
        maxSize === undefined ? '' : `at most ${maxSize}`,
        lowerMinSizeTo === undefined ? '' : `minSize lowered to ${lowerMinSizeTo}`,
      ]
        .filter((effect) => effect !== '')
        .join(', '),

    serverReplaced: ({ server }) => `${unit.one} ${server} was unhealthy and is being replaced`,
    adoptedServerStops: ({ server, state }) =>
      `its adopted ${unit.one} ${server} is ${state}, and nobody replaces it`,
    targetsFailing: ({ failing }) =>
      failing
        ? `a ${unit.one} does not pass the health checks of its load balancer`
        : `all ${unit.many} pass the health checks of their load balancer again`,
    groupUnreached: ({ scalingGroup }) => `${scalingGroup} cannot be reached: nothing is changed meanwhile`,
    scalesByOtherRules: ({ scalingGroup }) => `${scalingGroup} also scales by rules of its own`,
    otherRulesStay: ({ rules }, { list }) =>
      `${list(rules)}: right while the group is only observed; rushhour doctor says how to swap.`,
    otherRulesFight: ({ rules }, { list, plural }) =>
      `${list(rules)}: put ${plural(rules.length, { one: 'it', other: 'them' })} to sleep, as rushhour doctor says, or ${plural(rules.length, { one: 'it', other: 'they' })} and Rushhour will undo each other's changes.`,
  },
  parties: {
    window: (name) => `window '${name}'`,
    bump: (name) => `the bump by ${name}`,
    leader: (name) => `leader '${name}'`,
    metric: (name) => name,
    other: (name) => name,
    forecast: () => 'the forecast',
    minSize: () => 'minSize',
    maxSize: () => 'maxSize',
    fleetFile: () => 'the fleet file',
    goal: () => 'the goal',
  },
  statuses: {
    PreInService: 'PreInService',
    InProgress: 'InProgress',
    Successful: 'Successful',
    Failed: 'Failed',
    Cancelled: 'Cancelled',
  },
  frames: {
    changes: (group, from, to, why) => `${group} ${from} → ${to}: ${why}`,
    stays: (group, servers, why) => `${group} stays at ${servers}: ${why}`,
    news: (group, what) => `${group}: ${what}`,
    withDetail: (sentence, detail) => `${sentence}; ${detail}`,
    failed: 'FAILED',
    launchesFail: 'LAUNCHES FAIL',
    leftOut: (notices) => `… and ${notices} more, which the history has.`,
  },
};

const ended = {
  PreInService: 'is decided',
  InProgress: 'is under way',
  Successful: 'has succeeded',
  Failed: 'has failed',
  Cancelled: 'was cancelled',
} as const;

function ends({ kind }: { kind: string }): string {
  return kind === 'bump' ? 'ended' : 'closed';
}

function are(ids: readonly string[], plural: Words['plural']): string {
  return plural(ids.length, { one: 'is', other: 'are' });
}

function news(...parts: readonly (string | false)[]): string {
  return parts.filter(Boolean).join('; ');
}

function by(change: number | undefined, { signed }: Words): string {
  return change === undefined ? '' : ` (${signed(change)})`;
}

function reasonFor(because: Parameters<Words['sentence']>[0] | undefined, { sentence }: Words): string {
  return because ? `, as ${sentence(because)}` : '';
}

function afterwards(later: Later | undefined, { party, parties, plural }: Words): string {
  if (!later) return '';
  const { servers, floor, grants = [] } = later;
  if (floor) return `; ${servers} once ${party(floor)} no longer holds it up`;
  return `; ${servers} once ${parties(grants)} ${plural(grants.length, { one: 'is', other: 'are' })} over`;
}

function conditionOf({ metric, above, inclusive, threshold, now }: Condition, words: Words): string {
  const side = `${inclusive ? 'at or ' : ''}${above ? 'above' : 'below'}`;
  return `${metric} is ${side} ${words.number(threshold)} (${nowAt(now, words)})`;
}

function seen(now: number | undefined, words: Words): string {
  return now === undefined ? '' : ` (${nowAt(now, words)})`;
}

function nowAt(value: number | undefined, { number }: Words): string {
  return value === undefined ? 'now unknown' : `now ${number(value)}`;
}

function forecastNeeds(says: ForecastNumbers, words: Words): string {
  const {
    servers,
    expects,
    error,
    at,
    lastServerUse,
    price,
    unseasonedDays,
    strained,
    promise,
    boot,
    change,
  } = says;
  const { decimal, percent } = words;
  const load = `${decimal(expects)} ± ${decimal(error)} ${unit.many}' load at ${words.time(at)}`;
  return [
    `needs ${servers}: expects ${load}`,
    `the ${ordinal(servers)} would be used ${percent(lastServerUse)} of the time, and the objective buys ${unit.many} above ${percent(price)}`,
    budget(says, words),
    unseasonedDays === undefined ? '' : `knows ${decimal(unseasonedDays)} days and no season yet`,
    strained ? 'its forecasts were far off lately, so the error bar is wider' : '',
    promise
      ? `its past allows a promise of ${percent(promise.promisable)} and not of ${percent(promise.promised)}`
      : '',
    boot ? `launches take ${words.minutes(boot.minutes)}, by the last ${boot.launches}` : '',
  ]
    .filter((part) => part !== '')
    .join('; ')
    .concat(by(change, words));
}

function budget({ budgetLeft, budgetDays, price }: ForecastNumbers, { percent }: Words): string {
  if (budgetDays === 0) return 'its error budget begins with the third day';
  const its = `the ${Math.max(1, Math.round(budgetDays))}-day error budget`;
  if (budgetLeft >= 0) return `${percent(budgetLeft)} of ${its} is left`;
  return `${its} is overspent by ${percent(-budgetLeft)}: ${unit.many} are kept that would be used ${percent(price)} of the time`;
}

const suffixes: Partial<Record<Intl.LDMLPluralRule, string>> = { one: 'st', two: 'nd', few: 'rd' };
const ordinals = new Intl.PluralRules('en', { type: 'ordinal' });

function ordinal(n: number): string {
  return `${n}${suffixes[ordinals.select(n)] ?? 'th'}`;
}

import type { ReasonCode } from '../domain/reason.ts';
import type { SentenceKey } from '../domain/sentence.ts';

/** What a reason means to the person who reads it; docs/reasons.md is made of this and of the sentences. */
export interface ReasonGuide {
  /** When it is said. */
  readonly when: string;
  /** What to do about it; undefined: nothing. */
  readonly toDo?: string;
  /** The sentences that it is said with. Of a blocker, what stands behind "…, but". */
  readonly says: readonly SentenceKey[];
}

const grantsEnd = ['grantEnded', 'grantEndedWithNothing', 'grantEndedAndWaits'] as const;

/** One entry for each reason, in the order of `reasonCodes`. */
export const reasonGuide: Readonly<Record<ReasonCode, ReasonGuide>> = {
  FirstContact: {
    when: 'The scaler sees the group for the first time, or its ledger was lost. What is there becomes its base; `initialCapacity` only ever raises it.',
    toDo: 'Nothing for a new group. For an old one: find out who deleted the item from the ledger table.',
    says: ['firstContact', 'initialCapacity'],
  },
  WindowOpened: {
    when: 'A window opened. Its servers are granted for this occurrence, as far as there is room.',
    toDo: 'If fewer came than were asked for: raise `maxSize`, or the `maxSize` of the window that bounds it.',
    says: ['windowOpened', 'windowOpenedWithEnough', 'windowTookOver', 'windowAddsNothing', 'windowEndMoved'],
  },
  WindowClosed: {
    when: 'A window closed. What it granted is given back, and its minimum or maximum no longer holds.',
    says: [...grantsEnd, 'floorEnded', 'limitIsGone'],
  },
  AlarmScaleOut: {
    when: "A scale-out rule's alarm is in ALARM.",
    says: ['alarmScales'],
  },
  AlarmScaleIn: {
    when: "A scale-in rule's alarm is in ALARM, and the servers that stay can carry the load.",
    says: ['alarmScales'],
  },
  TargetScaleOut: {
    when: 'Target tracking needs more servers.',
    says: ['metricNeeds', 'floorIs'],
  },
  TargetScaleIn: {
    when: 'Target tracking needs fewer servers. Base is drawn down to what it needs.',
    says: ['metricNeeds', 'floorEnded'],
  },
  ObjectiveScaleOut: {
    when: 'The objective, or a forecast that is a floor, needs more servers.',
    says: ['forecastNeeds', 'floorIs', 'noForecast'],
  },
  ObjectiveScaleIn: {
    when: 'The objective, or a forecast that was a floor, needs fewer.',
    says: ['forecastNeeds', 'floorEnded', 'noForecast'],
  },
  FloorRaised: {
    when: "A window's minimum or `minSize` is above what there is; or what was asked for earlier has become possible.",
    says: ['floorIs', 'minimumIs', 'askedBefore'],
  },
  MaximumLowered: {
    when: "A window's maximum or `maxSize` is below what there is.",
    says: ['maximumIs'],
  },
  LeaderScaleOut: {
    when: 'The group that this one follows grows.',
    says: ['floorIs'],
  },
  LeaderScaleIn: {
    when: 'The group that this one follows has shrunk.',
    says: ['floorEnded'],
  },
  ManualChange: {
    when: 'A person asked for it. The sentence has the owner and the reason.',
    toDo: 'To take it back: `rushhour undo GROUP`.',
    says: ['manualChange'],
  },
  ManualGrantEnded: {
    when: 'The time of a bump is over. What it granted is given back.',
    says: grantsEnd,
  },
  ExternalChange: {
    when: 'Somebody else set another desired capacity. It is recorded and kept.',
    toDo: 'If nobody meant to: `rushhour doctor` names the other rules that scale this group; put them to sleep.',
    says: ['externalChange', 'activityBegan', 'floorEnded'],
  },
  ServersAdopted: {
    when: 'Servers that exist are attached, or protected from scale-in.',
    says: ['serversAdoptedByHand', 'serversJoin', 'serversKept', 'serversProtected', 'unhealthyAreReplaced'],
  },
  ServersReleased: {
    when: 'Servers that the fleet file no longer names are detached. They go on running. What AWS refuses is told once, and tried again every hour.',
    toDo: 'Terminate them yourself if they are no longer needed.',
    says: ['serversLeave'],
  },
  ServersUnhealthy: {
    when: 'An adopted server, or a target that no activity waits for, fails its health check and is not replaced; or it is healthy again.',
    toDo: 'Look at the server: mend it, or take it out of `instances` and terminate it.',
    says: ['adoptedServersHealth', 'targetsHealth'],
  },
  ServersLost: {
    when: 'A server was terminated from outside, failed its health check, was interrupted, or was replaced by its group. A notice is sent only when there are three within an hour.',
    toDo: 'The group replaces them. If they keep failing: look at the boot log and the health check of a lost server.',
    says: ['serversLost', 'serversLostAtOnce', 'serversLostWithinHour', 'serversMissing'],
  },
  ServersReplaced: {
    when: 'As many servers are in service again as are desired.',
    says: ['serversReplaced'],
  },
  RolloutFailed: {
    when: 'The provider has given a rollout up: the new tasks do not start, or fail their checks. Scaling goes on; scale-in waits only while it rolls back.',
    toDo: 'The sentence has the reason in the words of the provider. Roll out a revision that starts. Until then a scale-out brings nothing, unless it was rolled back.',
    says: ['rolloutFailed'],
  },
  AlarmsStale: {
    when: "Alarms watch a load balancer that the group's target group has left for another; or they watch the right one again.",
    toDo: 'Name the load balancer in the fleet file and deploy. Until then these alarms get no data.',
    says: ['alarmsAreStale', 'alarmsAreRight'],
  },
  AlarmEpisodeOver: {
    when: 'A whole period of a fleet total has not breached since its rule acted. The rule may act the next time that its alarm turns red.',
    says: ['episodeOver'],
  },
  ActivityMoved: {
    when: 'Desired has been set in the cloud; servers come or go.',
    says: ['activityBegan', 'launchesSucceed'],
  },
  ActivityEnded: {
    when: 'An activity has ended: Successful, Failed or Cancelled.',
    toDo: 'If it Failed: the sentence says how many servers are ready, and why the others are not.',
    says: ['activityEnded', 'activitiesForgotten'],
  },
  ActivityRetried: {
    when: 'An intent that was committed and not carried out is carried out now.',
    says: ['activityRetried'],
  },
  Paused: {
    when: 'A person paused the group, or one direction of it.',
    toDo: '`rushhour resume GROUP` ends it.',
    says: ['paused'],
  },
  Resumed: {
    when: 'A pause has ended, by a person or by its time.',
    says: ['resumed', 'pauseEnded'],
  },
  AtGoal: {
    when: 'Nobody asks for more or fewer servers; or what a person asks for is so already.',
    says: ['atGoal', 'thereAlready', 'notPaused', 'noStepFits', 'ruleNears', 'lookUpFirst'],
  },
  AtMaximum: {
    when: "More are asked for than `maxSize` or a window's maximum allows. A person who asks by hand is told at once, and the history gets no row.",
    toDo: 'If the load is real: raise `maxSize` and deploy.',
    says: ['maximumIs', 'groupMaximum', 'windowOpenedAtMaximum'],
  },
  AtMinimum: {
    when: 'Fewer are asked for than `minSize`, a floor or an open window leaves.',
    says: ['minimumIs', 'minSizeIs', 'floorIs', 'leastIs', 'keptUntil'],
  },
  InCooldown: {
    when: "The rule's last activity is under way, or its cooldown runs, or its data began before that was over.",
    toDo: 'If it reacts too slowly: a shorter `cooldown`, or larger steps.',
    says: ['coolingDown', 'activityIsOpen', 'scaleInIsOpen', 'newerDataNeeded'],
  },
  EpisodeAlreadyAnswered: {
    when: "The alarm's metric is a fleet total, or the rule does not repeat, and it was answered since it began.",
    toDo: 'If it must climb on: `repeat: true`, or a metric per server such as `requestsPerTarget`.',
    says: ['episodeAnswered'],
  },
  ScaleOutInFlight: {
    when: 'Servers of an earlier scale-out are still coming.',
    says: ['serversComing', 'earlierScaleOutBrings', 'warmingUp'],
  },
  ScaleOutAlarmActive: {
    when: "Scale-in waits: a scale-out rule's alarm is in ALARM.",
    says: ['ruleInAlarm'],
  },
  AlarmDataMissing: {
    when: "Scale-in waits: a scale-out rule's alarm has no data. Or an alarm of the fleet file does not exist, and its rule cannot ask.",
    toDo: 'No data: check that the metric is published (`rushhour doctor`). No alarm: deploy the fleet.',
    says: ['ruleHasNoData', 'ruleHasNoAlarm', 'ruleCannotAsk'],
  },
  MetricMissing: {
    when: 'A metric, or the group that is followed, is unknown. What is unknown never scales in.',
    toDo: "Check the metric's name and dimensions, and the agent on the servers (`rushhour doctor`).",
    says: ['metricUnknown', 'leaderUnknown', 'noForecast', 'loadUnknown'],
  },
  MetricContradicted: {
    when: 'The load seems to have fallen while most servers are unhealthy at their load balancer, or as busy as before. Then the measurement has fallen, not the load.',
    toDo: 'Check who publishes the metric, and the health of the targets. If the fall is true: `rushhour set`.',
    says: ['fewAreHealthy', 'busyAsBefore', 'loadDoubted'],
  },
  WithinTolerance: {
    when: 'The metric is so near its target, or the objective so patient, that nothing moves.',
    says: ['metricNeeds', 'forecastNeeds', 'noForecast'],
  },
  Stabilizing: {
    when: 'A stabilization window holds an earlier recommendation.',
    says: ['stabilized'],
  },
  RateLimited: {
    when: '`behavior` bounds how fast.',
    toDo: 'If it is too slow: raise the policies of `behavior`.',
    says: ['behaviorLimits'],
  },
  ScalingDisabled: {
    when: '`selectPolicy: Disabled` or `disableScaleIn` forbids this direction.',
    toDo: 'If it should scale: delete that line from the fleet file and deploy.',
    says: ['behaviorDisabled', 'scaleInDisabled'],
  },
  FlapGuard: {
    when: 'The servers that would stay could not carry the load: a scale-out rule would trip.',
    toDo: 'If scale-in never comes: set the two thresholds further apart.',
    says: ['wouldTrip'],
  },
  ProtectedServers: {
    when: 'As many servers are protected from scale-in as there are.',
    toDo: 'If fewer are wanted: take servers out of `instances`, or end their protection.',
    says: ['allProtected'],
  },
  GroupPaused: {
    when: 'The group, or this direction, is paused.',
    toDo: '`rushhour resume GROUP` ends the pause.',
    says: ['paused'],
  },
  ObserveOnly: {
    when: 'The group has `mode: observe`. The sentence says what would be done.',
    toDo: 'To let Rushhour scale it: delete `mode: observe` from the fleet file and deploy.',
    says: ['observesOnly'],
  },
  ProcessSuspended: {
    when: "The group's `Launch` or `Terminate` process is suspended: no activity would follow.",
    toDo: 'AWS suspends `Launch` itself after a day of failed launches: mend the cause, then resume the process.',
    says: ['processSuspended'],
  },
  GroupDeploying: {
    when: "Servers are adopted once the group's stack is deployed. Until then nothing could release them if the deployment were rolled back.",
    says: ['groupDeploying'],
  },
  InstanceRefreshing: {
    when: 'Scale-in waits for an instance refresh to end.',
    toDo: 'If the refresh hangs: cancel it in EC2 Auto Scaling.',
    says: ['refreshing'],
  },
  LaunchesFailing: {
    when: 'Launches fail. Only people may ask for still more before the next try, which is at most an hour away.',
    toDo: 'The sentence has the reason in the words of AWS: more instance types, a higher quota, or the right image.',
    says: ['launchesHeld', 'launchesStillFail'],
  },
  TooManyOpenActivities: {
    when: 'Eight activities are still under way, or fifty bumps have not ended.',
    toDo: 'Wait. `rushhour history GROUP` shows what is under way.',
    says: ['activitiesAreOpen', 'bumpsAreOpen'],
  },
  DuplicateRequest: {
    when: 'This request was carried out before.',
    says: ['requestIsKnown'],
  },
  StaleEvent: {
    when: "A schedule's event came more than five minutes late. It is ignored: windows are read from the clock.",
    says: ['eventTooLate'],
  },
  GroupMissing: {
    when: 'The scaling group does not exist. A notice is sent after 15 minutes: until then it may be on its way.',
    toDo: 'Deploy it, or give its right name and region in the fleet file.',
    says: ['groupMissing', 'groupFound'],
  },
};

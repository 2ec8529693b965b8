import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { type ReasonCode, reasonCodes } from '../../../shared/domain/reason.ts';
import type { Sentence } from '../../../shared/domain/sentence.ts';
import { reasonGuide } from '../../../shared/sentences/reason-guide.ts';
import { LoneGroup, manual, minute, noon } from '../../kit/lone-group.ts';
import { reasonsPage } from '../../kit/reasons-page.ts';
import { sampleKeys } from '../../kit/sample-sentences.ts';

const out = {
  metric: 'cpu',
  comparisonOperator: 'GreaterThanThreshold',
  threshold: 70,
  period: 300,
  evaluationPeriods: 3,
  scalingAdjustment: 2,
};
const down = { ...out, comparisonOperator: 'LessThanThreshold', threshold: 30, scalingAdjustment: -1 };
const alarms = { 'cpu-high': out, 'cpu-low': down };
const targets = [{ metric: 'cpu', targetValue: 70 }];
const id = 'i-0123456789abcdef0';

function met(desired: number, group: object = {}): LoneGroup {
  const lone = new LoneGroup({ minSize: 2, maxSize: 10, alarms, ...group }, desired);
  lone.metric('cpu@300', 20);
  lone.metric('cpu@60', 70);
  lone.others = { ...lone.others, forecast: { need: desired, keep: desired, why: { key: 'noForecast' } } };
  lone.others = { ...lone.others, leader: { group: 'shop', desired, inService: desired } };
  lone.look();
  return lone;
}

function inAlarm(desired: number, rule: string, group: object = {}): LoneGroup {
  const lone = met(desired, group);
  lone.alarm(rule, 'ALARM');
  return lone;
}

function tracking(value: number, group: object = {}): LoneGroup {
  const scaleDown = { stabilizationWindowSeconds: 0 };
  const lone = met(4, { alarms: {}, targets, behavior: { scaleDown }, ...group });
  lone.metric('cpu@60', value);
  return lone;
}

function promised(need: number): LoneGroup {
  const lone = met(4, { alarms: {}, objective: { unserved: 0.001 } });
  lone.others = { ...lone.others, forecast: { need, keep: need, why: { key: 'noForecast' } } };
  return lone;
}

function following(leader: number): LoneGroup {
  const lone = met(4, { follows: { group: 'shop', ratio: 1 } });
  lone.settle();
  lone.others = { ...lone.others, leader: { group: 'shop', desired: leader, inService: leader } };
  return lone;
}

function windowed(lone: LoneGroup, boost: number | undefined, bounds = {}): LoneGroup {
  lone.windows = [lone.window('lunch', boost, 2, bounds)];
  return lone;
}

function after(lone: LoneGroup, minutes: number): LoneGroup {
  lone.settle();
  lone.pass(minutes);
  lone.windows = [];
  return lone;
}

/** A committed intent that nobody has carried out. */
function intended(lone = met(3)): LoneGroup {
  lone.ledger = lone.decide(manual({ kind: 'adjust', adjustment: 2 })).ledger;
  return lone;
}

function coming(lone = met(3)): LoneGroup {
  lone.look(manual({ kind: 'adjust', adjustment: 2 }));
  return lone;
}

/** One of three servers is gone, and another comes in its place. */
function bereft(): LoneGroup {
  const lone = met(3);
  const [first, ...others] = lone.group.servers;
  const next = { ...first!, id: 'i-0aaaaaaaaaaaaaaaa', lifecycle: 'pending' as const };
  lone.group = { ...lone.group, servers: [...others, next] };
  const message = 'At noon it failed.';
  const lost = [{ server: first!.id, at: noon, cause: 'unhealthy' as const, message }];
  lone.others = { ...lone.others, lost };
  return lone;
}

const more = manual({ kind: 'adjust', adjustment: 1 }, 'r2');

/** Each code with a situation that produces it. */
const producers: Record<ReasonCode, () => { reason: ReasonCode; why: Sentence }> = {
  FirstContact: () => new LoneGroup({}, 3).decide(),
  WindowOpened: () => windowed(met(3), 2).decide(),
  WindowClosed: () => after(windowed(met(3), 2), 120).decide(),
  AlarmScaleOut: () => inAlarm(3, 'cpu-high').decide(),
  AlarmScaleIn: () => inAlarm(3, 'cpu-low').decide(),
  TargetScaleOut: () => tracking(140).decide(),
  TargetScaleIn: () => tracking(35).decide(),
  ObjectiveScaleOut: () => promised(6).decide(),
  ObjectiveScaleIn: () => promised(2).decide(),
  FloorRaised: () => windowed(met(3), undefined, { minSize: 5 }).decide(),
  MaximumLowered: () => windowed(met(5), undefined, { maxSize: 3 }).decide(),
  LeaderScaleOut: () => following(6).decide(),
  LeaderScaleIn: () => {
    const lone = following(6);
    lone.settle();
    lone.others = { ...lone.others, leader: { group: 'shop', desired: 4, inService: 4 } };
    return lone.decide();
  },
  ManualChange: () => met(3).decide(more),
  ManualGrantEnded: () => {
    const lone = met(3);
    lone.settle(manual({ kind: 'adjust', adjustment: 2, forSeconds: 600 }));
    lone.pass(10);
    return lone.decide();
  },
  ExternalChange: () => {
    const lone = met(3);
    lone.setDesired(4);
    return lone.decide();
  },
  ServersAdopted: () => met(3).decide(manual({ kind: 'adopt', serverIds: [id] })),
  ServersReleased: () => {
    const lone = met(3);
    lone.ledger = { ...lone.ledger!, adopted: [lone.group.servers[0]!.id] };
    return lone.decide();
  },
  ServersLost: () => bereft().decide(),
  ServersReplaced: () => {
    const lone = bereft();
    lone.look();
    lone.arrive();
    return lone.decide();
  },
  ActivityMoved: () => {
    const lone = intended();
    lone.setDesired(5);
    return lone.decide();
  },
  ActivityEnded: () => {
    const lone = coming();
    lone.arrive();
    return lone.decide();
  },
  ActivityRetried: () => intended().decide(),
  Paused: () => met(3).decide(manual({ kind: 'pause', direction: 'both' })),
  Resumed: () => {
    const lone = met(3);
    lone.look(manual({ kind: 'pause', direction: 'both' }));
    return lone.decide(manual({ kind: 'resume' }, 'r2'));
  },
  AtGoal: () => met(3).decide(),
  AtMaximum: () => inAlarm(10, 'cpu-high').decide(),
  AtMinimum: () => inAlarm(2, 'cpu-low').decide(),
  InCooldown: () => {
    const lone = inAlarm(3, 'cpu-high');
    lone.settle();
    return lone.decide();
  },
  EpisodeAlreadyAnswered: () => {
    const lone = inAlarm(3, 'cpu-high', { alarms: { 'cpu-high': { ...out, repeat: false } } });
    lone.settle();
    lone.pass(30);
    return lone.decide();
  },
  ScaleOutInFlight: () => {
    const lone = coming();
    lone.alarm('cpu-low', 'ALARM');
    return lone.decide();
  },
  ScaleOutAlarmActive: () => {
    const lone = windowed(met(3), 2);
    lone.settle();
    lone.pass(119);
    lone.alarm('cpu-high', 'ALARM');
    after(lone, 1).look();
    return lone.decide();
  },
  AlarmDataMissing: () => {
    const lone = inAlarm(3, 'cpu-low');
    lone.alarm('cpu-high', 'INSUFFICIENT_DATA');
    return lone.decide();
  },
  MetricContradicted: () => {
    const lone = inAlarm(4, 'cpu-low');
    lone.group = { ...lone.group, trafficSources: ['arn:web'] };
    lone.others = { ...lone.others, contradiction: { key: 'fewAreHealthy', healthy: 1, inService: 4 } };
    return lone.decide();
  },
  MetricMissing: () => {
    const lone = inAlarm(3, 'cpu-low');
    lone.metrics = { 'cpu@300': { known: false, why: 'missing' } };
    return lone.decide();
  },
  WithinTolerance: () => tracking(72).decide(),
  Stabilizing: () => tracking(35, { behavior: {} }).decide(),
  RateLimited: () => {
    const policies = [{ type: 'Instances', value: 1, periodSeconds: 60 }];
    const lone = tracking(7, { behavior: { scaleDown: { stabilizationWindowSeconds: 0, policies } } });
    lone.settle();
    lone.metric('cpu@60', 7);
    return lone.decide();
  },
  ScalingDisabled: () =>
    inAlarm(3, 'cpu-high', { behavior: { scaleUp: { selectPolicy: 'Disabled' } } }).decide(),
  FlapGuard: () => {
    const lone = inAlarm(3, 'cpu-low');
    lone.metric('cpu@300', 60);
    return lone.decide();
  },
  ProtectedServers: () => {
    const lone = inAlarm(3, 'cpu-low');
    const servers = lone.group.servers.map((server) => ({ ...server, protectedFromScaleIn: true }));
    lone.group = { ...lone.group, servers };
    return lone.decide();
  },
  GroupPaused: () => {
    const lone = met(3);
    lone.look(manual({ kind: 'pause', direction: 'both' }));
    return lone.decide();
  },
  ObserveOnly: () => inAlarm(3, 'cpu-high', { mode: 'observe' }).decide(),
  ProcessSuspended: () => {
    const lone = met(3);
    lone.group = { ...lone.group, suspended: ['launching'] };
    return lone.decide(more);
  },
  GroupDeploying: () => {
    const lone = new LoneGroup({ minSize: 1, maxSize: 10, instances: ['i-0123456789abcdef0'] }, 3);
    lone.group = { ...lone.group, deploying: true };
    lone.settle();
    return lone.decide();
  },
  InstanceRefreshing: () => {
    const lone = inAlarm(3, 'cpu-low');
    lone.others = { ...lone.others, instanceRefresh: 'RollbackInProgress' };
    return lone.decide();
  },
  LaunchesFailing: () => {
    const lone = coming();
    lone.fail({ at: noon + minute, kind: 'capacity', message: 'InsufficientInstanceCapacity' });
    return lone.decide();
  },
  TooManyOpenActivities: () => {
    const lone = met(2, { maxSize: 20 });
    for (let at = 0; at < 8; at++) lone.look(manual({ kind: 'adjust', adjustment: 1 }, `m${at}`));
    return lone.decide(more);
  },
  DuplicateRequest: () => {
    const lone = met(3);
    lone.settle(more);
    return lone.decide(more);
  },
  StaleEvent: () => {
    const lone = met(3);
    return lone.decide({ kind: 'schedule', window: 'lunch', edge: 'end', at: lone.now - 10 * minute });
  },
  AlarmEpisodeOver: () => {
    const lone = inAlarm(3, 'cpu-high', { alarms: { 'cpu-high': { ...out, repeat: false } } });
    lone.settle();
    lone.alarm('cpu-high', 'OK');
    lone.pass(10);
    lone.metric(lone.policy.metrics[0]!.key, 10);
    return lone.decide();
  },
  RolloutFailed: () => {
    const lone = met(2);
    lone.group = { ...lone.group, failedRollout: { id: 'one', says: 'tasks failed', rolledBack: false } };
    return lone.decide();
  },
  AlarmsStale: () => {
    const lone = met(2);
    lone.alarms = { 'cpu-high': { value: 'OK', since: noon, watches: 'app/old/1' } };
    lone.others = { ...lone.others, standsBehind: 'app/new/2' };
    return lone.decide();
  },
  ServersUnhealthy: () => {
    const id = 'i-0123456789abcdef0';
    const lone = met(2, { instances: [id] });
    lone.settle();
    lone.setLifecycle(id, 'unhealthy');
    return lone.decide();
  },
  GroupMissing: () => {
    const lone = met(3);
    lone.vanish();
    return lone.decide();
  },
};

test.each(reasonCodes)('%s is a reason that occurs', (code) => {
  expect(producers[code]().reason).toBe(code);
});

test.each(reasonCodes)('%s says a sentence that the guide lists', (code) => {
  const { why } = producers[code]();
  expect(reasonGuide[code].says).toContain(why.key === 'asksBut' ? why.but.key : why.key);
});

test('the guide has the reasons in the order in which they are declared', () => {
  expect(Object.keys(reasonGuide)).toEqual([...reasonCodes]);
});

test('docs/reasons.md is what is generated: each reason and each sentence is on it', () => {
  const page = readFileSync(new URL('../../../docs/reasons.md', import.meta.url), 'utf8');
  expect(page, 'npm run reasons').toBe(reasonsPage());
  expect([...page.matchAll(/^### `(\w+)`$/gm)].map(([, code]) => code)).toEqual([...reasonCodes]);
  expect([...page.matchAll(/^\| `(\w+)` \|/gm)].map(([, key]) => key).sort()).toEqual([...sampleKeys].sort());
});

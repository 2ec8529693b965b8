import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { type ReasonCode, reasonCodes } from '../../../shared/domain/reason.ts';
import { manual, minute, noon, Stage } from './stage.ts';

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

function met(desired: number, group: object = {}): Stage {
  const stage = new Stage({ minSize: 2, maxSize: 10, alarms, ...group }, desired);
  stage.metric('cpu@300', 20);
  stage.metric('cpu@60', 70);
  stage.others = { ...stage.others, forecast: { need: desired, keep: desired, why: { key: 'noForecast' } } };
  stage.others = { ...stage.others, leader: { group: 'shop', desired, inService: desired } };
  stage.look();
  return stage;
}

function inAlarm(desired: number, rule: string, group: object = {}): Stage {
  const stage = met(desired, group);
  stage.alarm(rule, 'ALARM');
  return stage;
}

function tracking(value: number, group: object = {}): Stage {
  const scaleDown = { stabilizationWindowSeconds: 0 };
  const stage = met(4, { alarms: {}, targets, behavior: { scaleDown }, ...group });
  stage.metric('cpu@60', value);
  return stage;
}

function promised(need: number): Stage {
  const stage = met(4, { alarms: {}, objective: { unserved: 0.001 } });
  stage.others = { ...stage.others, forecast: { need, keep: need, why: { key: 'noForecast' } } };
  return stage;
}

function following(leader: number): Stage {
  const stage = met(4, { follows: { group: 'shop', ratio: 1 } });
  stage.settle();
  stage.others = { ...stage.others, leader: { group: 'shop', desired: leader, inService: leader } };
  return stage;
}

function windowed(stage: Stage, boost: number | undefined, bounds = {}): Stage {
  stage.windows = [stage.window('lunch', boost, 2, bounds)];
  return stage;
}

function after(stage: Stage, minutes: number): Stage {
  stage.settle();
  stage.pass(minutes);
  stage.windows = [];
  return stage;
}

/** A committed intent that nobody has carried out. */
function intended(stage = met(3)): Stage {
  stage.ledger = stage.decide(manual({ kind: 'adjust', adjustment: 2 })).ledger;
  return stage;
}

function coming(stage = met(3)): Stage {
  stage.look(manual({ kind: 'adjust', adjustment: 2 }));
  return stage;
}

/** One of three servers is gone, and another comes in its place. */
function bereft(): Stage {
  const stage = met(3);
  const [first, ...others] = stage.group.servers;
  const next = { ...first!, id: 'i-0aaaaaaaaaaaaaaaa', lifecycle: 'pending' as const };
  stage.group = { ...stage.group, servers: [...others, next] };
  const message = 'At noon it failed.';
  const lost = [{ server: first!.id, at: noon, cause: 'unhealthy' as const, message }];
  stage.others = { ...stage.others, lost };
  return stage;
}

const more = manual({ kind: 'adjust', adjustment: 1 }, 'r2');

/** Each code with a situation that produces it. */
const producers: Record<ReasonCode, () => { reason: ReasonCode }> = {
  FirstContact: () => new Stage({}, 3).decide(),
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
    const stage = following(6);
    stage.settle();
    stage.others = { ...stage.others, leader: { group: 'shop', desired: 4, inService: 4 } };
    return stage.decide();
  },
  ManualChange: () => met(3).decide(more),
  ManualGrantEnded: () => {
    const stage = met(3);
    stage.settle(manual({ kind: 'adjust', adjustment: 2, forSeconds: 600 }));
    stage.pass(10);
    return stage.decide();
  },
  ExternalChange: () => {
    const stage = met(3);
    stage.setDesired(4);
    return stage.decide();
  },
  ServersAdopted: () => met(3).decide(manual({ kind: 'adopt', serverIds: [id] })),
  ServersReleased: () => {
    const stage = met(3);
    stage.ledger = { ...stage.ledger!, adopted: [stage.group.servers[0]!.id] };
    return stage.decide();
  },
  ServersLost: () => bereft().decide(),
  ServersReplaced: () => {
    const stage = bereft();
    stage.look();
    stage.arrive();
    return stage.decide();
  },
  ActivityMoved: () => {
    const stage = intended();
    stage.setDesired(5);
    return stage.decide();
  },
  ActivityEnded: () => {
    const stage = coming();
    stage.arrive();
    return stage.decide();
  },
  ActivityRetried: () => intended().decide(),
  Paused: () => met(3).decide(manual({ kind: 'pause', direction: 'both' })),
  Resumed: () => {
    const stage = met(3);
    stage.look(manual({ kind: 'pause', direction: 'both' }));
    return stage.decide(manual({ kind: 'resume' }, 'r2'));
  },
  AtGoal: () => met(3).decide(),
  AtMaximum: () => inAlarm(10, 'cpu-high').decide(),
  AtMinimum: () => inAlarm(2, 'cpu-low').decide(),
  InCooldown: () => {
    const stage = inAlarm(3, 'cpu-high');
    stage.settle();
    return stage.decide();
  },
  EpisodeAlreadyAnswered: () => {
    const stage = inAlarm(3, 'cpu-high', { alarms: { 'cpu-high': { ...out, repeat: false } } });
    stage.settle();
    stage.pass(30);
    return stage.decide();
  },
  ScaleOutInFlight: () => {
    const stage = coming();
    stage.alarm('cpu-low', 'ALARM');
    return stage.decide();
  },
  ScaleOutAlarmActive: () => {
    const stage = windowed(met(3), 2);
    stage.settle();
    stage.pass(119);
    stage.alarm('cpu-high', 'ALARM');
    after(stage, 1).look();
    return stage.decide();
  },
  AlarmDataMissing: () => {
    const stage = inAlarm(3, 'cpu-low');
    stage.alarm('cpu-high', 'INSUFFICIENT_DATA');
    return stage.decide();
  },
  MetricContradicted: () => {
    const stage = inAlarm(4, 'cpu-low');
    stage.group = { ...stage.group, trafficSources: ['arn:web'] };
    stage.others = { ...stage.others, contradiction: { key: 'fewAreHealthy', healthy: 1, inService: 4 } };
    return stage.decide();
  },
  MetricMissing: () => {
    const stage = inAlarm(3, 'cpu-low');
    stage.metrics = { 'cpu@300': { known: false, why: 'missing' } };
    return stage.decide();
  },
  WithinTolerance: () => tracking(72).decide(),
  Stabilizing: () => tracking(35, { behavior: {} }).decide(),
  RateLimited: () => {
    const policies = [{ type: 'Instances', value: 1, periodSeconds: 60 }];
    const stage = tracking(7, { behavior: { scaleDown: { stabilizationWindowSeconds: 0, policies } } });
    stage.settle();
    stage.metric('cpu@60', 7);
    return stage.decide();
  },
  ScalingDisabled: () =>
    inAlarm(3, 'cpu-high', { behavior: { scaleUp: { selectPolicy: 'Disabled' } } }).decide(),
  FlapGuard: () => {
    const stage = inAlarm(3, 'cpu-low');
    stage.metric('cpu@300', 60);
    return stage.decide();
  },
  ProtectedServers: () => {
    const stage = inAlarm(3, 'cpu-low');
    const servers = stage.group.servers.map((server) => ({ ...server, protectedFromScaleIn: true }));
    stage.group = { ...stage.group, servers };
    return stage.decide();
  },
  GroupPaused: () => {
    const stage = met(3);
    stage.look(manual({ kind: 'pause', direction: 'both' }));
    return stage.decide();
  },
  ObserveOnly: () => inAlarm(3, 'cpu-high', { mode: 'observe' }).decide(),
  ProcessSuspended: () => {
    const stage = met(3);
    stage.group = { ...stage.group, suspended: ['launching'] };
    return stage.decide(more);
  },
  GroupDeploying: () => {
    const stage = new Stage({ minSize: 1, maxSize: 10, instances: ['i-0123456789abcdef0'] }, 3);
    stage.group = { ...stage.group, deploying: true };
    stage.settle();
    return stage.decide();
  },
  InstanceRefreshing: () => {
    const stage = inAlarm(3, 'cpu-low');
    stage.others = { ...stage.others, instanceRefresh: 'RollbackInProgress' };
    return stage.decide();
  },
  LaunchesFailing: () => {
    const stage = coming();
    stage.fail({ at: noon + minute, kind: 'capacity', message: 'InsufficientInstanceCapacity' });
    return stage.decide();
  },
  TooManyOpenActivities: () => {
    const stage = met(2, { maxSize: 20 });
    for (let at = 0; at < 8; at++) stage.look(manual({ kind: 'adjust', adjustment: 1 }, `m${at}`));
    return stage.decide(more);
  },
  DuplicateRequest: () => {
    const stage = met(3);
    stage.settle(more);
    return stage.decide(more);
  },
  StaleEvent: () => {
    const stage = met(3);
    return stage.decide({ kind: 'schedule', window: 'lunch', edge: 'end', at: stage.now - 10 * minute });
  },
  AlarmEpisodeOver: () => {
    const stage = inAlarm(3, 'cpu-high', { alarms: { 'cpu-high': { ...out, repeat: false } } });
    stage.settle();
    stage.alarm('cpu-high', 'OK');
    stage.pass(10);
    stage.metric(stage.policy.metrics[0]!.key, 10);
    return stage.decide();
  },
  AlarmsStale: () => {
    const stage = met(2);
    stage.alarms = { 'cpu-high': { value: 'OK', since: noon, watches: 'app/old/1' } };
    stage.others = { ...stage.others, standsBehind: 'app/new/2' };
    return stage.decide();
  },
  ServersUnhealthy: () => {
    const id = 'i-0123456789abcdef0';
    const stage = met(2, { instances: [id] });
    stage.settle();
    stage.sicken(id);
    return stage.decide();
  },
  GroupMissing: () => {
    const stage = met(3);
    stage.vanish();
    return stage.decide();
  },
};

test.each(reasonCodes)('%s is a reason that occurs', (code) => {
  expect(producers[code]().reason).toBe(code);
});

test('each reason has its line in the docs, and no other has', () => {
  const docs = readFileSync(new URL('../../../docs/reasons.md', import.meta.url), 'utf8');
  const documented = [...docs.matchAll(/^\| `(\w+)` \|/gm)].map(([, code]) => code);
  expect(documented).toEqual([...reasonCodes]);
});

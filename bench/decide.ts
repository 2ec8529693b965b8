import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { decide } from '../shared/domain/decide.ts';
import type { Ledger } from '../shared/domain/ledger.ts';
import type { Observation, OpenWindow, Reading, Server } from '../shared/domain/observation.ts';
import { compilePolicy, type Policy } from '../shared/domain/policy.ts';
import { type Group, group as groupSchema } from '../shared/fleet/group.ts';
import { minuteMs } from '../shared/units.ts';

/** Decisions of one group, over and over: what differs from one to the next is the newest metric. */
interface Subject {
  readonly policy: Policy;
  readonly ledger: Ledger;
  readonly observations: readonly Observation[];
}

const now = Date.parse('2026-03-04T04:00:00Z');
const servers = 6;

const rule = {
  metric: 'cpu',
  comparisonOperator: 'GreaterThanThreshold',
  threshold: 70,
  period: 60,
  evaluationPeriods: 3,
  scalingAdjustment: 2,
};

/** One alarm rule and nothing else. */
export function simple(): Subject {
  return subject({ alarms: { 'cpu-high': rule } }, []);
}

/** Everything that a fleet file can say of a group, in use at once. */
export function full(): Subject {
  const low = { ...rule, comparisonOperator: 'LessThanThreshold', threshold: 30, scalingAdjustment: -1 };
  const steps = [
    { metricIntervalLowerBound: 0, metricIntervalUpperBound: 10, scalingAdjustment: 1 },
    { metricIntervalLowerBound: 10, scalingAdjustment: 3 },
  ];
  const { scalingAdjustment: _, ...stepped } = rule;
  const policies = [
    { type: 'Percent', value: 100, periodSeconds: 60 },
    { type: 'Instances', value: 2, periodSeconds: 60 },
  ];
  const alarms = {
    'cpu-high': rule,
    'mem-high': { ...stepped, metric: 'memory', stepAdjustments: steps },
    'cpu-low': low,
  };
  const targets = [
    { metric: 'cpu', targetValue: 60 },
    { metric: 'memory', targetValue: 80 },
  ];
  const behavior = { scaleUp: { policies }, scaleDown: { policies } };
  const follows = { group: 'shop', ratio: 0.5 };
  const windows = [window('lunch', 2), { ...window('gala', undefined), minSize: 4, maxSize: 12 }];
  return subject({ alarms, targets, behavior, follows, forecast: {} }, windows);
}

/** As many alarm rules and open windows as asked for. */
function grown(rules: number, windows: number): Subject {
  const alarms = Object.fromEntries(Array.from({ length: rules }, (_, at) => [`rule-${at}`, rule]));
  return subject(
    { alarms },
    Array.from({ length: windows }, (_, at) => window(`window-${at}`, 1)),
  );
}

function window(name: string, value: number | undefined): OpenWindow {
  const times = { name, start: now, end: now + 120 * minuteMs };
  return value === undefined ? times : { ...times, boost: { type: 'ChangeInCapacity', value } };
}

function subject(settings: object, windows: OpenWindow[]): Subject {
  const launch = { imageId: 'ami-0a1b2c3d4e5f60718', instanceType: 'c7g.large' };
  const group: Group = groupSchema.parse({ launch, minSize: 2, maxSize: 500, ...settings });
  const policy = compilePolicy('business', group);
  const observations = [58, 59, 60, 61].map((cpu) => observed(policy, windows, cpu));
  return { policy, ledger: settled(policy, observations), observations };
}

function observed(policy: Policy, windows: OpenWindow[], cpu: number): Observation {
  const known = (value: number): Reading => ({ known: true, value, at: now });
  const rules = [...policy.scaleOutRules, ...policy.scaleInRules];
  return {
    group: groupOf(policy, servers),
    alarms: Object.fromEntries(rules.map(({ name }) => [name, { value: 'OK', since: now }])),
    windows,
    metrics: Object.fromEntries(policy.metrics.map(({ key }) => [key, known(cpu)])),
    leader: { group: 'shop', desired: 8, inService: 8 },
    forecast: { need: 5, keep: 5, why: { key: 'noForecast' } },
    instanceRefresh: null,
    contradiction: null,
    launchFailure: null,
  };
}

function groupOf({ minSize, maxSize }: Policy, desired: number): NonNullable<Observation['group']> {
  const servers = Array.from({ length: desired }, (_, at): Server => {
    const id = `i-${at}`;
    return {
      id,
      lifecycle: 'ready',

      protectedFromScaleIn: false,
      weight: 1,
    };
  });
  return { name: 'business', minSize, maxSize, desired, servers, suspended: [], trafficSources: [] };
}

/** The ledger once everything that is open has been answered; the observations follow what was decided: nobody has changed it since. */
function settled(policy: Policy, observations: readonly Observation[]): Ledger {
  let ledger: Ledger | undefined;
  let observation = observations[0]!;
  for (let step = 0; step < 10_000; step++) {
    const decision = decide(policy, ledger, observation, { kind: 'sweep' }, now);
    if (decision.ledger === ledger) break;
    ledger = decision.ledger;
    if (decision.act?.kind === 'setDesired')
      observation = { ...observation, group: groupOf(policy, decision.act.desired) };
  }
  for (const one of observations) Object.assign(one, { group: observation.group });
  return ledger!;
}

/** Decisions a second on this core: the best of five rounds, for the others measure who else was running. */
function decisionsPerSecond({ policy, ledger, observations }: Subject, roundMs = 200): number {
  let best = 0;
  for (let round = 0; round < 5; round++) {
    const started = performance.now();
    let decisions = 0;
    do {
      for (let at = 0; at < 1000; at++) {
        const observation = observations[at % observations.length]!;
        decide(policy, ledger, observation, { kind: 'sweep' }, now + minuteMs + at);
      }
      decisions += 1000;
    } while (performance.now() - started < roundMs);
    best = Math.max(best, (decisions * 1000) / (performance.now() - started));
  }
  return Math.round(best);
}

/** `npm run bench -- decide [--json FILE]` */
export function run(args: readonly string[]): void {
  const { values } = parseArgs({ args: [...args], options: { json: { type: 'string' } } });
  const rates = { simple: decisionsPerSecond(simple()), full: decisionsPerSecond(full()) };
  print('one rule', rates.simple);
  print('everything at once', rates.full);
  const sizes = [1, 10, 100];
  const byRules = sizes.map((count) => ({ rules: count, decisionsPerSecond: rate(grown(count, 0)) }));
  const byWindows = sizes.map((count) => ({ windows: count, decisionsPerSecond: rate(grown(1, count)) }));
  for (const { rules, decisionsPerSecond } of byRules) print(`${rules} rules`, decisionsPerSecond);
  for (const { windows, decisionsPerSecond } of byWindows)
    print(`${windows} open windows`, decisionsPerSecond);
  const report = { decisionsPerSecond: rates, growth: { byRules, byWindows } };
  if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify(report, null, 2)}\n`);
}

function rate(one: Subject): number {
  return decisionsPerSecond(one, 100);
}

function print(what: string, perSecond: number): void {
  const microseconds = (1_000_000 / perSecond).toFixed(2);
  console.log(
    `${what.padEnd(20)} ${perSecond.toLocaleString('en').padStart(12)} decisions/s  ${microseconds} µs each`,
  );
}

import { rangeOf } from '../../shared/domain/judge-rule.ts';
import type { ScalingGroup } from '../../shared/domain/observation.ts';
import type { ScalerGroup } from '../../shared/engine/scaler.ts';
import type { AlibabaCredentials } from '../../shared/fleet/alibaba.ts';
import type { Group } from '../../shared/fleet/group.ts';
import { hasAlarm } from '../../shared/fleet/has-alarm.ts';
import { needsLoadBalancer } from '../../shared/fleet/metric-query.ts';
import type { AlarmRule, Metric } from '../../shared/fleet/rule.ts';
import { type Finding, fine, warning } from './finding.ts';

/** A group and how it was found. */
export interface FoundGroup {
  readonly group: Pick<ScalerGroup, 'name' | 'config'>;
  readonly found: ScalingGroup;
}

/** Calls of CloudMonitor that a month has for nothing, all groups of an account together. */
const freeCalls = 1_000_000;
const minutesOfMonth = 31 * 24 * 60;
/** Servers that a call takes, and datapoints of its answer. */
const serversAtOnce = 50;
const datapointsAtOnce = 1440;
/** How far back the newest value of a target is looked for. */
const targetMinutes = 5;
/**
 * What a metric of load balancers needs at each kind of them, at most: its own series, healthy servers where nobody came, and for response
 * times the requests.
 */
const readsAtBalancer: Readonly<Partial<Record<string, number>>> = {
  requestsPerSecond: 2,
  requestsPerTarget: 2,
  responseTime: 3,
};

/** How often CloudMonitor is asked in a month, account by account. Groups of one credentials share what is free. */
export function callsOfMonitor(all: readonly FoundGroup[]): Finding[] {
  const byAccount = Map.groupBy(all, ({ group }) => nameOf(group.config.alibaba!.credentials));
  return [...byAccount].flatMap(([account, groups]) => {
    const asking = groups.flatMap(({ group, found }) => {
      const calls = callsAMinute(group.config, found) * minutesOfMonth;
      return calls > 0 ? [{ name: group.name, calls }] : [];
    });
    if (asking.length === 0) return [];
    const month = asking.reduce((sum, { calls }) => sum + calls, 0);
    const names = asking.map(({ name }) => name).join(', ');
    const message = `${account} asks CloudMonitor (云监控) up to ${month.toLocaleString('en')} times a month for ${names}; a million of an account are free`;
    if (month <= freeCalls) return [fine('metrics', message)];
    return [
      warning(
        'metrics',
        message,
        'Beyond them it answers no more, or is paid for (后付费). Let fewer rules go by metrics of servers, give rules of one metric one period, or let the application report.',
      ),
    ];
  });
}

function nameOf(credentials: AlibabaCredentials): string {
  return typeof credentials === 'string' ? credentials : credentials.roleArn;
}

/** Rules of one metric and one period are read together, as far back as the longest of them needs. */
function callsAMinute(config: Group, found: ScalingGroup): number {
  const isAsked = (metric: Metric) => !hasAlarm(config, { metric });
  const rules = Object.values(config.alarms).filter(({ metric }) => isAsked(metric));
  const alike = Map.groupBy(rules, ({ metric, period }) => JSON.stringify([metric, period]));
  const reads = [...alike.values()].map((some) => ({
    metric: some[0]!.metric,
    minutes: Math.max(...some.map(minutesOf)),
  }));
  for (const tracked of [...config.targets, ...(config.objective ? [config.objective] : [])])
    if (isAsked(tracked.metric)) reads.push({ metric: tracked.metric, minutes: targetMinutes });
  return reads.reduce(
    (sum, { metric, minutes }) => sum + callsFor(metric, minutes, config.maxSize, found),
    0,
  );
}

function minutesOf(rule: AlarmRule): number {
  return Math.ceil((rangeOf(rule) * rule.period) / 60);
}

function callsFor(
  metric: Metric,
  minutes: number,
  servers: number,
  { trafficSources }: ScalingGroup,
): number {
  const pages = (series: number) => Math.ceil((series * minutes) / datapointsAtOnce);
  if (typeof metric !== 'string') return pages(1);
  if (needsLoadBalancer(metric)) {
    const kinds = new Set(trafficSources.map((source) => source.split('/')[0])).size;
    return readsAtBalancer[metric]! * Math.max(1, kinds) * pages(1);
  }
  const rest = servers % serversAtOnce;
  return Math.floor(servers / serversAtOnce) * pages(serversAtOnce) + (rest > 0 ? pages(rest) : 0);
}

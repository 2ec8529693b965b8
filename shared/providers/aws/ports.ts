import type { Fleet } from '../../fleet/fleet.ts';
import { tableName } from '../../fleet/names.ts';
import type { Metrics } from '../../ports/metrics.ts';
import type { Ports } from '../../ports/ports.ts';
import { capacityByKind, type KindOfProvider, Kinds } from '../by-kind.ts';
import { type MetricsSource, metricsByKind } from '../metrics-by-kind.ts';
import { AwsActivityLog } from './activity-log.ts';
import { AwsAlarms } from './alarms.ts';
import type { Clients } from './clients.ts';
import { CloudWatchReader } from './cloudwatch-reader.ts';
import { AwsEvents } from './events.ts';
import { AwsLedgerStore } from './ledger-store.ts';
import { LoadBalancerLookup } from './load-balancers.ts';
import { AwsMail } from './mail.ts';
import { AwsMetrics } from './metrics.ts';
import { AwsModels } from './models.ts';
import { AwsScalingGroups } from './scaling-groups.ts';

export interface AwsSettings {
  readonly fleet: string;
  readonly ledgerTable: string;
  readonly activitiesTable: string;
  readonly historyRetentionDays: number;
  readonly eventBus: string;
  /** Without it, nobody is written to. */
  readonly topicArn?: string | undefined;
}

/** For an operator's own look: as the scaler is deployed, but without a topic, for only the scaler writes to people. */
export function operatorSettings(fleet: Fleet): AwsSettings {
  return {
    fleet: fleet.name,
    ledgerTable: tableName(fleet, 'ledger'),
    activitiesTable: tableName(fleet, 'activities'),
    historyRetentionDays: fleet.historyRetentionDays,
    eventBus: 'default',
  };
}

/**
 * The ports on AWS.
 * @param kinds providers of groups that are not groups of EC2 Auto Scaling
 * @param prometheus reads what is asked of a Prometheus
 */
export function awsPorts(
  clients: Clients,
  settings: AwsSettings,
  kinds: readonly KindOfProvider[] = [],
  prometheus?: MetricsSource | undefined,
): Ports {
  const { dynamoDB } = clients;
  const groups = new AwsScalingGroups(clients.autoScaling, clients.loadBalancing);
  const balancers = new LoadBalancerLookup(clients.loadBalancing);
  const { activitiesTable: table, topicArn } = settings;
  const mail = topicArn === undefined ? undefined : new AwsMail(dynamoDB, clients.sns, { table, topicArn });
  const clock = { now: () => Date.now() };
  const autoScaling = {
    groups,
    adopt: groups,
    protect: groups,
    replaceUnhealthy: groups,
    refresh: groups,
    launchFailures: groups,
    losses: groups,
    health: groups,
    rivals: groups,
    loadBalancers: balancers,
  };
  const metrics = cloudWatchMetrics(clients, balancers);
  const byKind = new Kinds(autoScaling, kinds);
  return {
    clock,
    ...(kinds.length === 0 ? autoScaling : capacityByKind(autoScaling, byKind)),
    alarms: new AwsAlarms(clients.cloudWatch),
    metrics: kinds.length === 0 && !prometheus ? metrics() : metricsByKind(metrics, byKind, prometheus),
    ledger: new AwsLedgerStore(dynamoDB, settings.ledgerTable),
    activities: new AwsActivityLog(dynamoDB, settings.activitiesTable, settings.historyRetentionDays),
    events: new AwsEvents(clients.eventBridge, mail, settings),
    models: new AwsModels(dynamoDB, settings.ledgerTable),
  };
}

/** Those of each region, with the load balancers there; undefined: of the functions' own. */
function cloudWatchMetrics(clients: Clients, balancers: LoadBalancerLookup): (region?: string) => Metrics {
  const own = new AwsMetrics(new CloudWatchReader(clients.cloudWatch), balancers);
  const others = new Map<string, Metrics>();
  return (region) => {
    if (region === undefined) return own;
    const { cloudWatch, loadBalancing } = clients.inRegion(region);
    const known =
      others.get(region) ??
      new AwsMetrics(new CloudWatchReader(cloudWatch), new LoadBalancerLookup(loadBalancing));
    others.set(region, known);
    return known;
  };
}

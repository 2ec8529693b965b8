import type { Fleet } from './fleet.ts';
import type { FleetWarning } from './fleet-warning.ts';
import type { Group } from './group.ts';
import { isPrometheus } from './prometheus.ts';
import { providerOf } from './provider-kind.ts';
import { regionWarnings } from './region-rules.ts';
import { type AlarmRule, namedMetrics } from './rule.ts';
import { scalesOut } from './scales-out.ts';
import { treatedSilence } from './silence.ts';
import { wakingWarnings } from './waking.ts';
import type { Moment } from './window.ts';

/** Warnings that depend on when windows are open are in `shared/schedule`. */
export function warnings(fleet: Fleet): FleetWarning[] {
  const ofGroups = Object.entries(fleet.groups).flatMap(([name, group]) =>
    [
      ...roomWarnings(group),
      ...wakingWarnings(group),
      ...regionWarnings(group),
      ...ruleWarnings(group),
      ...fractionWarnings(group),
      ...windowWarnings(group),
      ...purchaseWarnings(group),
      ...learningWarnings(group),
    ].map(({ path, message }) => ({
      path: `groups.${name}.${path}`,
      message,
    })),
  );
  return [
    ...zoneWarnings(fleet),
    ...placeWarnings(fleet),
    ...unusedCalendars(fleet),
    ...hiddenClusters(fleet),
    ...ofGroups,
  ];
}

/**
 * Only Spot changes what servers cost and how long they live; a list of types alone stays On-Demand.
 * @see https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_UpdateAutoScalingGroup.html
 */
function purchaseWarnings({ launch }: Group): FleetWarning[] {
  if (!launch?.purchase) return [];
  return [
    {
      path: 'launch.purchase',
      message:
        'a deploy that adds or changes it has AWS replace servers that run, to match it: deploy at a quiet time',
    },
  ];
}

/** What is learnt of a load is learnt beside the servers that carried it, minute by minute; some clouds count none. */
function learningWarnings(group: Group): FleetWarning[] {
  const { countsServers, name } = providerOf(group);
  if (countsServers) return [];
  return (['objective', 'forecast'] as const)
    .filter((key) => group[key])
    .map((key) => ({
      path: key,
      message: `learns nothing and asks for nothing: ${name} counts no servers of a group by the minute; use targets, alarms or schedules`,
    }));
}

/**
 * AWS attaches only a server that is in a zone of the group, and in which order it numbers zones it does not promise.
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-getavailabilityzones.html
 */
function placeWarnings({ network, groups }: Fleet): FleetWarning[] {
  if (network.availabilityZones) return [];
  return Object.entries(groups)
    .filter(([, { launch, instances }]) => launch && instances.length > 0)
    .map(([name]) => ({
      path: `groups.${name}.instances`,
      message:
        'AWS attaches no server of a zone that the group is not in, and which zones a new network gets it decides: name them in network.availabilityZones',
    }));
}

/** Holidays that are written down and used by nothing leave the group open on them. */
function unusedCalendars({ calendars, groups }: Fleet): FleetWarning[] {
  const used = new Set(
    Object.values(groups).flatMap(({ schedules, objective, forecast }) => [
      ...Object.values(schedules).flatMap(({ only, except }) => [...only, ...except]),
      ...[objective, forecast].flatMap((asked) => [...(asked?.holidays ?? []), ...(asked?.workdays ?? [])]),
    ]),
  );
  return Object.keys(calendars)
    .filter((name) => !used.has(name))
    .map((name) => ({
      path: `calendars.${name}`,
      message:
        'is used by nothing: name it in only or except of a window, or in holidays or workdays of an objective',
    }));
}

/** Functions outside of a VPC reach public addresses alone. */
function hiddenClusters({ functions, groups }: Fleet): FleetWarning[] {
  if (functions?.vpc) return [];
  return Object.entries(groups).flatMap(([name, { kubernetes }]) => {
    if (!kubernetes || !('server' in kubernetes.cluster)) return [];
    const { hostname } = new URL(kubernetes.cluster.server);
    if (!privateHosts.test(hostname)) return [];
    return [
      {
        path: `groups.${name}.kubernetes.cluster.server`,
        message: `the functions run in no VPC and cannot reach ${hostname}: name subnets from where it is reached in functions.vpc`,
      },
    ];
  });
}

/** Private and loopback addresses, and names that only a network of one's own knows. @see https://www.rfc-editor.org/rfc/rfc1918 */
const privateHosts =
  /^(10|127)\.|^192\.168\.|^172\.(1[6-9]|2\d|3[01])\.|^\[f[cd]|\.(internal|local|lan)$|^[^.:]+$/;

/** POSIX counts hours west of Greenwich, and so does the database: Etc/GMT+8 is California's winter, not China. */
function zoneWarnings({ timeZone, groups }: Fleet): FleetWarning[] {
  const zones = [
    { path: 'timeZone', zone: timeZone },
    ...Object.entries(groups).flatMap(([group, { schedules }]) =>
      Object.entries(schedules).map(([name, { timeZone: zone }]) => ({
        path: `groups.${group}.schedules.${name}.timeZone`,
        zone,
      })),
    ),
  ];
  return zones.flatMap(({ path, zone }) => {
    const [, sign, offset] = /^Etc\/GMT([+-])(\d+)$/.exec(zone ?? '') ?? [];
    if (sign === undefined) return [];
    const message = `is ${offset} hours ${sign === '+' ? 'behind' : 'ahead of'} UTC, whatever the sign suggests, and knows no daylight saving`;
    return [{ path, message }];
  });
}

function roomWarnings({ minSize, maxSize, alarms, targets, schedules }: Group): FleetWarning[] {
  const rules = Object.keys(alarms).length + targets.length + Object.keys(schedules).length;
  if (rules === 0 || minSize < maxSize) return [];
  return [{ path: 'maxSize', message: `is minSize too: ${minSize} servers, whatever the rules say` }];
}

function ruleWarnings({ alarms, targets, objective }: Group): FleetWarning[] {
  const found: FleetWarning[] = [];
  const rules = Object.entries(alarms);
  const out = rules.filter(([, rule]) => scalesOut(rule));
  if (out.length > 0 && out.length === rules.length && targets.length === 0 && !objective) {
    const names = out.map(([name]) => name).join(' and ');
    found.push({
      path: 'alarms',
      message: `nothing takes back what ${names} adds: a rule that scales in is missing`,
    });
  }
  for (const [name, { metric, comparisonOperator }] of rules) {
    const above = comparisonOperator.startsWith('Greater');
    if (typeof metric !== 'string' || above === out.some(([other]) => other === name)) continue;
    const message = above
      ? `takes servers away when ${metric} rises: it rises more then`
      : `adds servers when ${metric} falls: it falls more then`;
    found.push({ path: `alarms.${name}`, message });
  }
  found.push(...out.flatMap(sumWarnings));
  return found;
}

/** CloudWatch has no datapoint of what did not happen: such an alarm has no data while all is well, and scale-in waits for data. */
function sumWarnings([name, rule]: readonly [string, AlarmRule]): FleetWarning[] {
  const { metric, statistic } = rule;
  if (typeof metric === 'string' || isPrometheus(metric)) return [];
  if ((statistic ?? metric.statistic) !== 'Sum') return [];
  if (treatedSilence(rule) !== 'missing') return [];
  const message = `the Sum of ${metric.metricName} has no data while there is nothing to add up, and no scale-in goes by what is unknown: if silence means none, say treatMissingData: notBreaching`;
  return [{ path: `alarms.${name}.treatMissingData`, message }];
}

/** Who writes 0.7 for a percentage mostly means 70: an alarm at 0.7 % would never be silent, or never ring. */
function fractionWarnings({ alarms, targets, objective, forecast }: Group): FleetWarning[] {
  const values = [
    ...Object.entries(alarms).map(([name, { metric, threshold }]) => ({
      path: `alarms.${name}.threshold`,
      metric,
      value: threshold,
    })),
    ...targets.map(({ metric, targetValue: value }, index) => ({
      path: `targets.${index}.targetValue`,
      metric,
      value,
    })),
    ...Object.entries({ objective, forecast }).flatMap(([name, policy]) =>
      policy ? [{ path: `${name}.targetValue`, metric: policy.metric, value: policy.targetValue }] : [],
    ),
  ];
  return values
    .filter(
      ({ metric, value }) =>
        typeof metric === 'string' && namedMetrics[metric] === '%' && value > 0 && value <= 1,
    )
    .map(({ path, value }) => ({
      path,
      message: `is ${value} %: did you mean ${Number((value * 100).toPrecision(12))}? Percentages are written from 0 to 100`,
    }));
}

function windowWarnings(group: Group): FleetWarning[] {
  const { schedules, minSize, maxSize } = group;
  return Object.entries(schedules).flatMap(([name, window]) => {
    const { end, scalingAdjustment, lowerMinSizeTo } = window;
    const found: FleetWarning[] = [];
    if (lowerMinSizeTo !== undefined && window.maxSize === undefined && !canScaleIn(group)) {
      const message = 'lowers what may be, and nothing scales in: maxSize beside it takes servers away';
      found.push({ path: `schedules.${name}.lowerMinSizeTo`, message });
    }
    if (typeof scalingAdjustment === 'number' && scalingAdjustment > maxSize - minSize) {
      const message = `adds ${scalingAdjustment}, but only ${maxSize - minSize} fit between minSize and maxSize`;
      found.push({ path: `schedules.${name}.scalingAdjustment`, message });
    }
    const adds = scalingAdjustment !== undefined;
    if (window.minSize !== undefined && window.minSize <= minSize && window.maxSize === undefined && !adds) {
      const message = `is no more than the group's own minSize (${minSize}): the window changes nothing. For fewer servers outside of it, lower the group's, and let this window raise it`;
      found.push({ path: `schedules.${name}.minSize`, message });
    }
    if (window.maxSize !== undefined && window.maxSize >= maxSize && window.minSize === undefined && !adds) {
      const message = `is no less than the group's own maxSize (${maxSize}): the window changes nothing. For more servers in it, raise the group's`;
      found.push({ path: `schedules.${name}.maxSize`, message });
    }
    if (end && isMinuteBeforeMidnight(end)) {
      const message = 'is a minute before midnight: until midnight is "0 0 * * *", or 00:00 of the next day';
      found.push({ path: `schedules.${name}.end`, message });
    }
    return found;
  });
}

function canScaleIn({ alarms, targets, objective }: Group): boolean {
  const rules = Object.values(alarms);
  return targets.length > 0 || objective !== undefined || rules.some((rule) => !scalesOut(rule));
}

/** Who writes 23:59 means the whole day, and would have a hole of a minute each night. */
function isMinuteBeforeMidnight(end: Moment): boolean {
  if ('localTime' in end) return end.localTime.slice(11, 16) === '23:59';
  return end.cron.hours.join() === '23' && end.cron.minutes.join() === '59';
}

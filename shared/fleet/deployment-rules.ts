import type { Complain, Draft } from './across-fields.ts';
import { grantedServices } from './ecs.ts';
import type { Fleet } from './fleet-keys.ts';
import type { Group } from './group.ts';
import { referencedGroups } from './launch.ts';
import { isImported } from './load-balancer.ts';
import { measuredOf } from './measured-of.ts';
import { fineResolution, hasDetailedMonitoring, isOfEc2 } from './monitoring.ts';
import { unhealthyServersAlarm, watchAlarms } from './names.ts';
import { networkRules } from './network-rules.ts';
import { type OtherSettings, otherGroupName, otherKindOf } from './other-kinds.ts';
import { importedByPolicy, mostPolicies } from './portions.ts';
import { regionRules } from './region-rules.ts';

type Groups = Readonly<Record<string, Draft<Group> | undefined>>;

/** What a deploy would only find out halfway: names taken twice, addresses that wait for each other, metrics nobody has. */
export function deploymentRules(fleet: Draft<Fleet>, complain: Complain): void {
  const { groups = {} } = fleet;
  networkRules(fleet, complain);
  nameRules(groups, complain);
  existingRules(fleet, complain);
  for (const [name, group] of Object.entries(groups)) {
    if (!group) continue;
    const complainOfGroup: Complain = (path, expected) => complain(['groups', name, path].flat(), expected);
    addressRules(groups, name, group, complainOfGroup);
    importRules(group, complainOfGroup);
    regionRules(group, complainOfGroup);
    metricRules(group, complainOfGroup);
    periodRules(group, complainOfGroup);
    roomRules(group, complainOfGroup);
  }
}

/** Stacks, alarms and schedules are named FLEET-GROUP-…: group `a` with rule `b-c` would meet group `a-b` with rule `c`. */
function nameRules(groups: Groups, complain: Complain): void {
  const taken = new Map([
    ['scaler', 'the scaler'],
    ['network', 'the network'],
    ...watchAlarms.map((alarm) => [`alarms: ${alarm}`, 'an alarm of the scaler itself'] as const),
  ]);
  const take = (name: string, owner: string, path: readonly PropertyKey[]) => {
    const other = taken.get(name);
    if (other) complain(path, `expected another name: ${name} is what ${other} is called`);
    taken.set(name, owner);
  };
  for (const group of Object.keys(groups)) {
    take(group, `group ${group}`, ['groups', group]);
    take(`alarms: ${group}-${unhealthyServersAlarm}`, "a load balancer's alarm", ['groups', group]);
  }
  for (const list of ['alarms', 'schedules'] as const) {
    for (const [group, settings] of Object.entries(groups)) {
      for (const name of Object.keys(settings?.[list] ?? {}))
        take(`${list}: ${group}-${name}`, `${name} of ${group}`, ['groups', group, list, name]);
    }
  }
}

/** Its region is wrong in itself: it is missing here, and is not that of the functions. */
function isNowhere({ ecs }: Draft<Group>): boolean {
  return ecs !== undefined && 'region' in ecs && ecs.region === undefined;
}

/** Two groups of the fleet that are one in AWS would each undo what the other does; and functions may act on so many by name. */
function existingRules({ name, groups = {} }: Draft<Fleet>, complain: Complain): void {
  const owners = new Map(
    Object.entries(groups).map(([group]) => [`${name}-${group}`, group] as [string, string]),
  );
  const names: string[] = [];
  for (const [group, settings = {}] of Object.entries(groups)) {
    const kind = otherKindOf(settings);
    // What is missing of it is a mistake of its own, and names nothing twice.
    const elsewhere = otherGroupName(settings as OtherSettings);
    if (kind && elsewhere !== undefined && !elsewhere.includes('undefined') && !isNowhere(settings)) {
      const owner = owners.get(elsewhere);
      if (owner !== undefined) complain(['groups', group, kind], `expected one that is not that of ${owner}`);
      owners.set(elsewhere, group);
    }
    const { existing } = settings;
    if (existing === undefined) continue;
    const owner = owners.get(existing) ?? group;
    if (owner !== group)
      complain(['groups', group, 'existing'], `expected a group that is not that of ${owner}`);
    owners.set(existing, group);
    names.push(existing);
  }
  const services = Object.values(groups).flatMap((group) => {
    const { region, cluster, service } = group?.ecs ?? {};
    return cluster !== undefined && service !== undefined ? { region, cluster, service } : [];
  });
  // Services are named to look at them and to act on them, and tasks once.
  const ofServices = services.length > 0 ? 2 * importedByPolicy(grantedServices(services)).length + 1 : 0;
  const policies = importedByPolicy(names).length + ofServices;
  if (policies > mostPolicies)
    complain(
      'groups',
      `expected fewer existing ones: their names fill ${policies} policies, and a role has ${mostPolicies}`,
    );
}

/** A group's servers get an address that its own stack does not wait for. */
function addressRules(groups: Groups, name: string, group: Draft<Group>, complain: Complain): void {
  for (const [variable, value] of Object.entries(group.launch?.environment ?? {})) {
    for (const other of referencedGroups({ environment: { [variable]: value ?? '' } })) {
      const path = ['launch', 'environment', variable];
      const theirs = groups[other]?.loadBalancer;
      if (theirs && isImported(theirs))
        complain(path, `expected a group with a load balancer of its own, which ${other} has not`);
      if (needs(groups, other, name))
        complain(path, `expected no circle: servers of ${other} need an address of servers of ${name}`);
    }
  }
}

/** Does what `group` gets depend, directly or through others, on the address of `wanted`? */
function needs(groups: Groups, group: string, wanted: string, seen = new Set<string>()): boolean {
  if (seen.has(group)) return false;
  seen.add(group);
  const values = Object.entries(groups[group]?.launch?.environment ?? {});
  const environment = Object.fromEntries(values.map(([variable, value]) => [variable, value ?? '']));
  return referencedGroups({ environment }).some(
    (other) => other === wanted || needs(groups, other, wanted, seen),
  );
}

function importRules({ existing, loadBalancer }: Draft<Group>, complain: Complain): void {
  if (existing !== undefined && loadBalancer && !isImported(loadBalancer))
    complain(['loadBalancer', 'targetGroupArns'], 'expected the target groups of the group that exists');
}

/** Only application load balancers know requests per target and response times; imported ones must be named. */
function metricRules(group: Draft<Group>, complain: Complain): void {
  const { loadBalancer } = group;
  if (!loadBalancer) return;
  const imported = isImported(loadBalancer);
  const kind = imported ? (loadBalancer.given ?? loadBalancer.loadBalancerArn) : loadBalancer.protocol;
  const network = /^(TCP|TLS|network)$|:loadbalancer\/net\//.test(kind ?? '');
  for (const { path, metric } of measuredOf(group)) {
    const ofResponses = metric === 'responseTime' || metric === 'requestsPerTarget';
    if (imported && kind === undefined && (ofResponses || metric === 'requestsPerSecond'))
      complain(path, 'expected a metric of the servers, or the loadBalancerArn that this one is measured at');
    if (network && ofResponses)
      complain(path, 'expected another metric: network load balancers do not measure this one');
  }
}

/** A metric by name has a datapoint a minute, unless a service of ECS publishes it every 20 seconds. */
function finePeriodRules(group: Draft<Group>, complain: Complain): void {
  for (const [name, rule] of Object.entries(group.alarms ?? {})) {
    const { metric, period } = rule ?? {};
    if (typeof metric !== 'string' || !period || period >= 60) continue;
    if (period === fineResolution(metric, group)) continue;
    const isOfEcs = group.ecs && (metric === 'cpu' || metric === 'memory');
    const expected = isOfEcs
      ? 'expected 60 or more, or 20 with resolutionSeconds: 20 where the service publishes it so'
      : 'expected 60 or more: only metrics of your own have datapoints more often';
    complain(['alarms', name, 'period'], expected);
  }
}

/** Without detailed monitoring EC2 measures every five minutes: shorter periods are mostly empty, and a forecast goes by the minute. */
function periodRules(group: Draft<Group>, complain: Complain): void {
  finePeriodRules(group, complain);
  if (hasDetailedMonitoring(group)) return;
  for (const [name, rule] of Object.entries(group.alarms ?? {})) {
    if (isOfEc2(rule?.metric) && rule?.period && rule.period < 300)
      complain(['alarms', name, 'period'], 'expected 300 or more, or detailedMonitoring');
  }
  for (const name of ['objective', 'forecast'] as const) {
    const metric = group[name]?.metric;
    if (isOfEc2(metric)) complain(name, `expected detailedMonitoring: it goes by ${metric} of each minute`);
  }
}

/** Resources of one stack. @see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html */
const mostResources = 500;
/** Of a group that has everything but windows and alarms, with some to spare. */
const otherResources = 40;

/** A window has a schedule for each of its ends, and a rule an alarm, all in the group's own stack. */
function roomRules({ schedules = {}, alarms = {} }: Draft<Group>, complain: Complain): void {
  const [windows, rules] = [Object.keys(schedules).length, Object.keys(alarms).length];
  const most = mostResources - otherResources;
  if (2 * windows + rules <= most) return;
  const list = 2 * windows > rules ? 'schedules' : 'alarms';
  complain(
    list,
    `expected fewer: a stack holds ${mostResources} resources, so twice the ${windows} windows and the ${rules} alarms may be ${most} together`,
  );
}

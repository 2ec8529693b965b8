import type { Fleet } from './fleet-keys.ts';
import { otherGroupName } from './other-kinds.ts';

/** On everything that a fleet is made of; the functions may touch scaling groups that carry their fleet's name. */
export const fleetTag = 'rushhour:fleet';
export const groupTag = 'rushhour:group';
/** On all that the scaler is made of, and not on servers: with which version it was deployed. */
export const versionTag = 'rushhour:version';

/** On a group that a stack of ours makes, once the resource is there that lets its adopted servers go before it is deleted. */
export const releaseTag = 'rushhour:lets-servers-go';

/** The group's name at its provider. */
export function scalingGroupName(fleet: Fleet, group: string): string {
  const settings = fleet.groups[group];
  return (settings && (otherGroupName(settings) ?? settings.existing)) ?? `${fleet.name}-${group}`;
}

/** The alarm's name in AWS. */
export function alarmName(fleet: Fleet, group: string, rule: string): string {
  return `${fleet.name}-${group}-${rule}`;
}

/** Of every group that the fleet file gives a load balancer. */
export const unhealthyServersAlarm = 'unhealthy-servers';

/** By which the scaler watches itself. */
export const watchAlarms = [
  'dead-letters',
  'function-errors',
  'function-throttles',
  'sweep-heartbeat',
] as const;

export type WatchAlarm = (typeof watchAlarms)[number];

export function watchAlarmName(fleet: Fleet, name: WatchAlarm): string {
  return `${fleet.name}-${name}`;
}

/** Every function of the scaler, as its file is called. */
export const functionNames = [
  'on-schedule',
  'on-alarm',
  'on-instance-event',
  'sweep',
  'bump',
  'adopt',
  'history',
  'learn',
  'release',
] as const;

/** One function's name in AWS, for `cli`, alarms and the dashboard. */
export function functionName(fleet: Fleet, name: string): string {
  return `${fleet.name}-${name}`;
}

/** The ledger's and the activity log's tables. */
export function tableName(fleet: Fleet, table: 'ledger' | 'activities'): string {
  return `${fleet.name}-${table}`;
}

/** The topics that people read: what happens to the groups, and what CloudWatch itself says of the scaler. */
export const topicNames = ['notices', 'alarms'] as const;

export function topicName(fleet: Fleet, topic: (typeof topicNames)[number]): string {
  return `${fleet.name}-${topic}`;
}

/** The queue that holds what was given up. */
export function deadLettersName(fleet: Fleet): string {
  return `${fleet.name}-dead-letters`;
}

/** The SSM parameter that holds the address of a group's load balancer. */
export function addressParameterName(fleet: Fleet, group: string): string {
  return `/rushhour/${fleet.name}/${group}/address`;
}

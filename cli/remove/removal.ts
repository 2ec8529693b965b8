import { ecsServiceOf } from '../../shared/fleet/ecs.ts';
import type { Fleet } from '../../shared/fleet/fleet.ts';
import { tableName } from '../../shared/fleet/names.ts';
import { unitOf } from '../../shared/fleet/unit-of.ts';
import type { NativeRule } from '../../shared/ports/capacity.ts';
import { sleepOrWake } from '../take-over/service-command.ts';

/** What is known of one group before it is let go. */
export interface GroupToLeave {
  /** In the fleet file. */
  readonly name: string;
  /** At its provider. */
  readonly scalingGroup: string;
  /** The fleet has made it, and it goes with its stack. */
  readonly isMade: boolean;
  /** How many servers it has; undefined: it is not there. */
  readonly servers: number | undefined;
  /** Adopted servers, which live on. */
  readonly adopted: readonly string[];
  readonly nativeRules: readonly NativeRule[];
  /** What it gets back; undefined: nothing is kept of it. */
  readonly restores: readonly string[] | undefined;
}

/** What a removal does, in sentences. */
export interface Removal {
  readonly goes: readonly string[];
  readonly stays: readonly string[];
  readonly comesBack: readonly string[];
  /** What a person should do or know afterwards. */
  readonly then: readonly string[];
}

/** @param stacks that are deleted */
export function removalOf(fleet: Fleet, groups: readonly GroupToLeave[], stacks: readonly string[]): Removal {
  const goes = stacks.map((stack) => `stack ${stack}`);
  const stays: string[] = [];
  const comesBack: string[] = [];
  const then: string[] = [];
  for (const group of groups) {
    const { name, scalingGroup, servers, isMade, adopted, restores } = group;
    if (servers === undefined) continue;
    if (isMade) {
      goes.push(
        `${name}: scaling group ${scalingGroup} with ${plural(servers - adopted.length, 'server')}, and its load balancer if it has one`,
      );
      if (adopted.length > 0)
        stays.push(`${name}: ${adopted.join(', ')}, adopted: out of the group, and running`);
      continue;
    }
    const unit = unitOf(fleet.groups[name]);
    stays.push(`${name}: ${scalingGroup} with ${plural(servers, unit)}, as it is`);
    if (restores !== undefined && restores.length > 0) comesBack.push(`${name}: ${restores.join(', ')}`);
    else then.push(...afterwards(group, unit));
  }
  const tables = (['ledger', 'activities'] as const).map((table) => tableName(fleet, table));
  stays.push(`tables ${tables.join(' and ')}: what was done and why, protected from deletion`);
  then.push(
    ...tables.map(
      (table) =>
        `To delete the table ${table}: aws dynamodb update-table --table-name ${table} --no-deletion-protection-enabled, then aws dynamodb delete-table --table-name ${table}`,
    ),
  );
  return { goes, stays, comesBack, then };
}

/** Nobody scales a group that had its rules taken away. */
function afterwards({ name, scalingGroup, nativeRules, servers }: GroupToLeave, unit: string): string[] {
  const named = (rules: readonly NativeRule[]) => rules.map((rule) => rule.name).join(', ');
  const awake = nativeRules.filter(({ isAsleep }) => !isAsleep);
  if (awake.length > 0) return [`${name}: ${named(awake)} ${awake.length > 1 ? 'go' : 'goes'} on scaling it`];
  if (nativeRules.length === 0)
    return [
      `${name}: nobody scales it any more: it keeps ${plural(servers!, unit)}. Say --restore FILE to give back what take-over has kept`,
    ];
  const command = wakeUp(scalingGroup);
  const wake = command === undefined ? 'wake them' : `wake them with ${command}`;
  return [`${name}: ${named(nativeRules)} sleep, and nobody scales it: ${wake}, or say --restore FILE`];
}

/** @returns undefined for groups that are not of AWS */
function wakeUp(scalingGroup: string): string | undefined {
  const service = ecsServiceOf(scalingGroup);
  if (service) return sleepOrWake('wake', service);
  if (scalingGroup.includes(':')) return undefined;
  return `aws autoscaling resume-processes --auto-scaling-group-name ${scalingGroup} --scaling-processes AlarmNotification ScheduledActions`;
}

function plural(count: number, thing: string): string {
  return `${count} ${thing}${count === 1 ? '' : 's'}`;
}

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { exitCodes, Failure } from '../failure.ts';
import type { AlibabaAccount } from '../take-over/from-alibaba.ts';
import type { TencentAccount } from '../take-over/from-tencent.ts';

/** What a command line printed, whatever the name of its file. */
type Printed = Readonly<Record<string, unknown>>;

/** The JSON that Tencent's command line prints of groups, policies, scheduled actions and alarms. @throws Failure */
export function readTencent(folder: string): TencentAccount {
  const printed = readFolder(folder);
  const account = {
    groups: collected(printed, ['AutoScalingGroupSet']),
    policies: collected(printed, ['ScalingPolicySet']),
    actions: collected(printed, ['ScheduledActionSet']),
    alarms: collected(printed, ['Policies']),
    servers: collected(printed, ['AutoScalingInstanceSet']),
  } as unknown as TencentAccount;
  return withGroups(account, folder, 'tccli as DescribeAutoScalingGroups', [
    'AutoScalingGroupId',
    'MinSize',
    'MaxSize',
  ]);
}

/** The JSON that Alibaba's command line prints of groups, servers, rules, scheduled tasks and alarms. @throws Failure */
export function readAlibaba(folder: string): AlibabaAccount {
  const printed = readFolder(folder);
  const account = {
    groups: collected(printed, ['ScalingGroups', 'ScalingGroup']),
    rules: collected(printed, ['ScalingRules', 'ScalingRule']),
    tasks: collected(printed, ['ScheduledTasks', 'ScheduledTask']),
    alarms: collected(printed, ['AlarmList', 'Alarm']),
    servers: collected(printed, ['ScalingInstances', 'ScalingInstance']),
  } as unknown as AlibabaAccount;
  return withGroups(account, folder, 'aliyun ess DescribeScalingGroups', [
    'ScalingGroupId',
    'MinSize',
    'MaxSize',
  ]);
}

function withGroups<T extends { readonly groups: readonly object[] }>(
  account: T,
  folder: string,
  command: string,
  needed: readonly string[],
): T {
  const refused = (what: string) =>
    new Failure(`${folder} ${what}.`, {
      advice: `Expected files with what ${command} and the like print, each ending in .json.`,
      exitCode: exitCodes.misused,
    });
  if (account.groups.length === 0) throw refused('has no scaling group');
  for (const group of account.groups) {
    const missing = needed.filter((key) => !(key in group));
    if (missing.length > 0) throw refused(`has a scaling group without ${missing.join(', ')}`);
  }
  return account;
}

function readFolder(folder: string): Printed[] {
  let names: string[];
  try {
    names = readdirSync(folder)
      .filter((name) => name.endsWith('.json'))
      .sort();
  } catch (cause) {
    throw new Failure(`There is no folder ${folder} to read.`, { exitCode: exitCodes.misused, cause });
  }
  return names.map((name) => {
    const file = join(folder, name);
    try {
      const content = JSON.parse(readFileSync(file, 'utf8'));
      return content?.Response ?? content ?? {};
    } catch (cause) {
      throw new Failure(`${file} is no JSON: ${(cause as Error).message}`, {
        exitCode: exitCodes.misused,
        cause,
      });
    }
  });
}

/** What stands under a key in any of them, wrapped once more in the older versions. */
function collected(printed: readonly Printed[], [key, within]: readonly string[]): object[] {
  return printed.flatMap((content) => {
    const found = content[key!];
    if (Array.isArray(found)) return found;
    const wrapped = within === undefined ? undefined : (found as Printed | undefined)?.[within];
    return Array.isArray(wrapped) ? wrapped : [];
  });
}

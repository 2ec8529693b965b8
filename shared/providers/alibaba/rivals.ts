import type { NativeRule, Rivals } from '../../ports/capacity.ts';
import type { AlibabaAccount } from './account.ts';

interface RuleRecord {
  readonly ScalingRuleName: string;
  readonly ScalingRuleType?: string;
}

interface TaskRecord {
  readonly ScheduledTaskName: string;
  readonly TaskEnabled?: boolean;
}

interface AlarmRecord {
  readonly Name: string;
  readonly Enable?: boolean;
}

/** Rules of these types act by themselves; the others wait for a task or an alarm. */
const byThemselves = new Set(['TargetTrackingScalingRule', 'PredictiveScalingRule']);

/** Scaling rules (伸缩规则), scheduled tasks (定时任务) and alarm tasks (报警任务) of the group's own. */
export class AlibabaRivals implements Rivals {
  readonly #account: AlibabaAccount;

  constructor(account: AlibabaAccount) {
    this.#account = account;
  }

  async nativeScaling(name: string): Promise<readonly NativeRule[]> {
    const place = this.#account.groupOf(name);
    const input = { ScalingGroupId: place.scalingGroup };
    const what = `look who else scales ${place.scalingGroup}`;
    const list = <T>(action: string, key: string) =>
      this.#account.list<T>(place, { what, service: 'ess', action, input }, { key, pageSize: 50 });
    const rules = await list<RuleRecord>('DescribeScalingRules', 'ScalingRules');
    const tasks = await list<TaskRecord>('DescribeScheduledTasks', 'ScheduledTasks');
    const alarms = await list<AlarmRecord>('DescribeAlarms', 'AlarmList');
    return [
      ...rules
        .filter(({ ScalingRuleType }) => byThemselves.has(ScalingRuleType ?? ''))
        .map(({ ScalingRuleName }) => ({ name: `scaling rule ${ScalingRuleName}`, isAsleep: false })),
      ...tasks.map(({ ScheduledTaskName, TaskEnabled }) => ({
        name: `scheduled task ${ScheduledTaskName}`,
        isAsleep: TaskEnabled === false,
      })),
      ...alarms.map(({ Name, Enable }) => ({ name: `alarm task ${Name}`, isAsleep: Enable === false })),
    ];
  }
}

import type { NativeRule, Rivals } from '../../ports/capacity.ts';
import type { TencentAccount } from './account.ts';

interface ScheduledRecord {
  readonly ScheduledActionName: string;
  readonly EndTime?: string | null;
}

interface PolicyRecord {
  readonly ScalingPolicyName: string;
}

/** Scheduled tasks (定时任务) and alarm policies (告警触发策略) of the group's own. None of them can be put to sleep: they are deleted. */
export class TencentRivals implements Rivals {
  readonly #account: TencentAccount;

  constructor(account: TencentAccount) {
    this.#account = account;
  }

  async nativeScaling(name: string): Promise<readonly NativeRule[]> {
    const place = this.#account.groupOf(name);
    const input = { Filters: [{ Name: 'auto-scaling-group-id', Values: [place.scalingGroup] }] };
    const list = <T>(action: string, key: string) => {
      const what = `look who else scales ${place.scalingGroup}`;
      return this.#account.list<T>(place, { what, service: 'as', action, input }, key);
    };
    const tasks = await list<ScheduledRecord>('DescribeScheduledActions', 'ScheduledActionSet');
    const policies = await list<PolicyRecord>('DescribeScalingPolicies', 'ScalingPolicySet');
    const now = this.#account.now();
    // A task without a last time has the year 0.
    const isOver = ({ EndTime }: ScheduledRecord) => {
      const end = EndTime ? Date.parse(EndTime) : Number.NaN;
      return end > 0 && end < now;
    };
    return [
      ...tasks.map((task) => ({
        name: `scheduled task ${task.ScheduledActionName}`,
        isAsleep: isOver(task),
      })),
      ...policies.map(({ ScalingPolicyName }) => ({
        name: `alarm policy ${ScalingPolicyName}`,
        isAsleep: false,
      })),
    ];
  }
}

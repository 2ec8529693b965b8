import type { Instant, LaunchFailure, LossCause, LostServer } from '../../domain/observation.ts';
import type { LaunchFailures, Losses } from '../../ports/capacity.ts';
import type { AlibabaAccount } from './account.ts';
import type { ActivityRecord } from './records.ts';

/** More activities than these tell nothing new. */
const pagesAtMost = 2;

/** Scaling activities (伸缩活动): why launches fail, what has become of servers, and how many there shall be. */
export class AlibabaActivities implements LaunchFailures, Losses {
  readonly #account: AlibabaAccount;

  constructor(account: AlibabaAccount) {
    this.#account = account;
  }

  /**
   * `Warning` is an activity that succeeded in part: it has failed for the others. One that was rejected launched nothing, and
   * says nothing about launches. One that adds nobody says so in its description.
   */
  async launchFailure(name: string, since: Instant): Promise<LaunchFailure | null> {
    const ended = (await this.#activities(name, since))
      .filter((activity) => activity.EndTime && isLaunch(activity))
      .sort((one, other) => instantOf(other.EndTime) - instantOf(one.EndTime));
    const newest = ended.find(({ StatusCode }) => StatusCode !== 'Rejected');
    if (!newest || newest.StatusCode === 'Successful') return null;
    return { at: instantOf(newest.EndTime), kind: launchFailureKind(newest), message: messageOf(newest) };
  }

  async losses(name: string, since: Instant): Promise<readonly LostServer[]> {
    return (await this.#activities(name, since))
      .flatMap((activity) => {
        const cause = lossOf(activity);
        if (!cause) return [];
        const at = instantOf(activity.StartTime);
        const message = activity.Cause || messageOf(activity);
        return (activity.DestroyedInstances ?? []).map((server) => ({ server, at, cause, message }));
      })
      .filter(({ at }) => at >= since)
      .sort((one, other) => one.at - other.at);
  }

  /**
   * How many servers there shall be when the activity that runs has ended, as its cause says: `changing the Total Capacity from
   * "1" to "2"`. @returns undefined: none runs, or it does not say
   */
  async totalToBe(name: string): Promise<number | undefined> {
    const running = await this.#list(name, { StatusCode: 'InProgress' });
    const [, total] = /total capacity from\D+\d+\D+to\D+(\d+)/i.exec(running[0]?.Cause ?? '') ?? [];
    return total === undefined ? undefined : Number(total);
  }

  /** Newest first, and so those that began before are not read. */
  async #activities(name: string, since: Instant): Promise<ActivityRecord[]> {
    const all = await this.#list(name, {});
    // An activity that began before may have ended since. Times are told by the minute.
    const from = Math.floor(since / 60_000) * 60_000;
    return all.filter(({ StartTime, EndTime }) => instantOf(EndTime ?? StartTime) >= from);
  }

  #list(name: string, filter: Readonly<Record<string, string>>): Promise<ActivityRecord[]> {
    const place = this.#account.groupOf(name);
    const asked = {
      what: `read the activities of ${place.scalingGroup}`,
      service: 'ess',
      action: 'DescribeScalingActivities',
      input: { ScalingGroupId: place.scalingGroup, ...filter },
    } as const;
    return this.#account.list<ActivityRecord>(place, asked, {
      key: 'ScalingActivities',
      pageSize: 50,
      pagesAtMost,
    });
  }
}

/** `2020-09-10T09:54Z` */
function instantOf(time: string | null | undefined): Instant {
  return time ? Date.parse(time) : 0;
}

/** `Add "1" ECS instance` */
function isLaunch({ Description, CreatedInstances }: ActivityRecord): boolean {
  return /\badd\b|增加|添加/i.test(Description ?? '') || (CreatedInstances ?? []).length > 0;
}

/**
 * Which activities have taken a server that nobody wanted to go: those that Auto Scaling has begun by itself (`Ess`) for health, a
 * Spot server that is wanted back, or a server's age. The group's own health check asks whether the server runs: one that
 * does not was stopped or released outside, unless a load balancer has found it unhealthy.
 * @see https://www.alibabacloud.com/help/en/auto-scaling/user-guide/remove-unhealthy-ecs-instances
 */
function lossOf({ TriggerSourceType, Cause, DestroyedInstances }: ActivityRecord): LossCause | undefined {
  const cause = Cause ?? '';
  if (TriggerSourceType !== 'Ess' || (DestroyedInstances ?? []).length === 0) return undefined;
  if (/spot|preempt|抢占/i.test(cause)) return 'interrupted';
  if (/lifetime|refresh|rebalance|存活时间|实例刷新|再均衡/i.test(cause)) return 'replaced';
  if (!/health|健康/i.test(cause)) return undefined;
  return /load.?balanc|\bSLB\b|负载均衡/i.test(cause) ? 'unhealthy' : 'terminated';
}

function messageOf({ ErrorMessages, ErrorCode, ErrorMessage, StatusMessage }: ActivityRecord): string {
  const said = [...(ErrorMessages ?? []), { Code: ErrorCode, Message: ErrorMessage }].map(
    ({ Code, Message }) => [Code, Message].filter((part) => part).join(': '),
  );
  return [...new Set(said.filter((part) => part))].join('; ') || StatusMessage || '';
}

/**
 * What people can do about a launch that fails: NoStock (库存不足) is a lack of capacity; quotas (配额) and the balance (余额) are theirs
 * to raise; the image (镜像) is of the scaling configuration.
 * @see https://www.alibabacloud.com/help/en/auto-scaling/user-guide/troubleshoot-scaling-activity-exceptions
 */
function launchFailureKind(activity: ActivityRecord): LaunchFailure['kind'] {
  const text = `${messageOf(activity)} ${activity.StatusMessage ?? ''}`;
  if (/quota|配额|balance|余额|overdue|欠费/i.test(text)) return 'quota';
  if (/no ?stock|out of stock|库存|ResourceNotAvailable|not enough stock|inventory/i.test(text))
    return 'capacity';
  if (/image|镜像/i.test(text)) return 'image';
  return 'other';
}

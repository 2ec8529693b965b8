import type { Instant, LaunchFailure, LossCause, LostServer } from '../../domain/observation.ts';
import type { LaunchFailures, Losses } from '../../ports/capacity.ts';
import type { TencentAccount } from './account.ts';
import type { ActivityRecord } from './records.ts';

/** More activities than these tell nothing new. */
const pagesAtMost = 2;

const launches = new Set(['SCALE_OUT', 'REPLACE_UNHEALTHY_INSTANCE']);
const lossOf: Readonly<Record<string, LossCause | undefined>> = {
  TERMINATE_INSTANCES_UNEXPECTEDLY: 'terminated',
  REPLACE_UNHEALTHY_INSTANCE: 'unhealthy',
};

/** Scaling activities (伸缩活动): why launches fail, and what has become of servers. */
export class TencentActivities implements LaunchFailures, Losses {
  readonly #account: TencentAccount;

  constructor(account: TencentAccount) {
    this.#account = account;
  }

  /** An activity that succeeded in part has failed for the others. */
  async launchFailure(name: string, since: Instant): Promise<LaunchFailure | null> {
    const ended = (await this.#activities(name, since))
      .filter(({ ActivityType, EndTime }) => launches.has(ActivityType) && EndTime)
      .sort((one, other) => instantOf(other.EndTime) - instantOf(one.EndTime));
    const newest = ended.find(({ StatusCode }) => StatusCode !== 'CANCELLED');
    if (!newest || newest.StatusCode === 'SUCCESSFUL') return null;
    const message = messageOf(newest);
    return { at: instantOf(newest.EndTime), kind: launchFailureKind(message), message };
  }

  async losses(name: string, since: Instant): Promise<readonly LostServer[]> {
    const activities = await this.#activities(name, since);
    return activities
      .flatMap((activity) => {
        const cause = lossOf[activity.ActivityType];
        if (!cause) return [];
        const at = instantOf(activity.StartTime ?? activity.CreatedTime);
        const message = activity.Cause || messageOf(activity);
        return (activity.RelatedInstanceSet ?? []).flatMap(({ InstanceId }) =>
          InstanceId ? [{ server: InstanceId, at, cause, message }] : [],
        );
      })
      .filter(({ at }) => at >= since)
      .sort((one, other) => one.at - other.at);
  }

  async #activities(name: string, since: Instant): Promise<ActivityRecord[]> {
    const place = this.#account.groupOf(name);
    const asked = {
      what: `read the activities of ${place.scalingGroup}`,
      service: 'as',
      action: 'DescribeAutoScalingActivities',
      input: {
        Filters: [{ Name: 'auto-scaling-group-id', Values: [place.scalingGroup] }],
        StartTime: `${new Date(since).toISOString().slice(0, 19)}Z`,
      },
    } as const;
    return this.#account.list<ActivityRecord>(place, asked, 'ActivitySet', pagesAtMost);
  }
}

function instantOf(time: string | null | undefined): Instant {
  return time ? Date.parse(time) : 0;
}

function messageOf({
  DetailedStatusMessageSet,
  StatusMessageSimplified,
  StatusMessage,
}: ActivityRecord): string {
  const details = (DetailedStatusMessageSet ?? []).map(({ Code, Message }) =>
    [Code, Message].filter((part) => part).join(': '),
  );
  return [...new Set(details)].join('; ') || StatusMessageSimplified || StatusMessage || '';
}

/**
 * What people can do about a launch that fails: 资源售罄 is a lack of capacity; 配额 and 余额不足 are theirs to raise; 镜像 is
 * the image of the launch configuration.
 */
function launchFailureKind(message: string): LaunchFailure['kind'] {
  if (/image|镜像/i.test(message)) return 'image';
  if (/quota|LimitExceeded|配额|balance|余额|欠费/i.test(message)) return 'quota';
  if (/sold ?out|售罄|ResourceInsufficient|insufficient|库存|资源不足/i.test(message)) return 'capacity';
  return 'other';
}

import type { Activity } from '@aws-sdk/client-auto-scaling';
import type { Instant, LaunchFailure } from '../../domain/observation.ts';

/**
 * The newest launch that failed and was not followed by one that succeeded: after a failure in one zone Auto Scaling tries
 * another. A launch fails as `Failed`, or as `Cancelled` with a reason: when a launch hook or the server itself gave it up.
 * One that is cancelled without a reason was no longer wanted.
 * @param activities in any order: those under way come first, whenever they began
 * @see https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_Activity.html
 */
export function newestLaunchFailure(activities: readonly Activity[], since: Instant): LaunchFailure | null {
  let failure: Activity | undefined;
  let succeededAt = Number.NEGATIVE_INFINITY;
  for (const activity of activities) {
    const at = beginOf(activity);
    if (at < since || !activity.Description?.startsWith('Launching')) continue;
    if (hasSucceeded(activity)) succeededAt = Math.max(succeededAt, at);
    else if (hasFailed(activity) && at >= (failure ? beginOf(failure) : since)) failure = activity;
  }
  if (!failure || succeededAt > beginOf(failure)) return null;
  const message = failure.StatusMessage || failure.Description!;
  return { at: beginOf(failure), kind: kindOf(message), message };
}

export function beginOf({ StartTime }: Activity): Instant {
  return StartTime!.getTime();
}

/** While it warms up it is in service already. */
function hasSucceeded({ StatusCode }: Activity): boolean {
  return StatusCode === 'Successful' || StatusCode === 'WaitingForInstanceWarmup';
}

function hasFailed({ StatusCode, StatusMessage }: Activity): boolean {
  return StatusCode === 'Failed' || (StatusCode === 'Cancelled' && Boolean(StatusMessage));
}

/** EC2's launch errors as Auto Scaling quotes them; a Spot price that is too low is a lack of capacity at that price. */
function kindOf(message: string): LaunchFailure['kind'] {
  if (
    /Insufficient\w*Capacity|sufficient .*capacity|capacity-not-available|Spot .*price|UnfulfillableCapacity/i.test(
      message,
    )
  )
    return 'capacity';
  if (/LimitExceeded|vCPU (capacity|limit)|quota/i.test(message)) return 'quota';
  if (/InvalidAMI|\bAMI\b|image id|InvalidSnapshot/i.test(message)) return 'image';
  return 'other';
}

import type { Activity } from '@aws-sdk/client-auto-scaling';
import type { Instant, LossCause, LostServer } from '../../domain/observation.ts';
import { beginOf } from './launch-failures.ts';

const terminating = /^Terminating EC2 instance: (\S+)/;

/**
 * Servers that went, and not because fewer were desired: a scale-in says so in its cause ("shrinking the capacity from 3 to 2").
 * @param activities in any order
 * @returns oldest first
 * @see https://docs.aws.amazon.com/autoscaling/ec2/userguide/ts-as-healthchecks.html
 */
export function lostServers(activities: readonly Activity[], since: Instant): LostServer[] {
  return activities
    .flatMap((activity) => {
      const server = terminating.exec(activity.Description ?? '')?.[1];
      const { Cause: message = '' } = activity;
      const at = beginOf(activity);
      if (server === undefined || at < since || message.includes('shrinking the capacity')) return [];
      return [{ server, at, cause: causeOf(message), message }];
    })
    .sort((one, other) => one.at - other.at);
}

/**
 * Auto Scaling has no code for it, but words: "At …Z an instance was taken out of service in response to an ELB system health
 * check failure", "… a user health-check", "… an EC2 health check indicating it has been terminated or stopped".
 */
function causeOf(cause: string): LossCause {
  if (/terminated or stopped/.test(cause)) return 'terminated';
  if (/spot|interruption|rebalance recommendation/i.test(cause)) return 'interrupted';
  if (/health|status check|impaired/i.test(cause)) return 'unhealthy';
  if (/instance refresh|lifetime|rebalanc|launch template|mixed instances/i.test(cause)) return 'replaced';
  return /user request/.test(cause) ? 'byHand' : 'unknown';
}

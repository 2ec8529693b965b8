import type { Activity } from '../domain/activity.ts';
import type { ReasonCode } from '../domain/reason.ts';
import type { Notice } from '../ports/events.ts';
import type { Scaler, ScalerGroup } from './scaler.ts';

/** Writes activities into the history. Doing it again changes nothing. @throws PortError */
export async function record({ ports, log }: Scaler, activities: readonly Activity[]): Promise<void> {
  for (const row of activities.map(outward)) {
    log.info(row.message, { activity: row });
    await ports.activities.put(row);
  }
}

/** Tells people and machines of activities. @throws PortError */
export async function tell(
  { fleet, ports }: Scaler,
  { name }: ScalerGroup,
  activities: readonly Activity[],
): Promise<void> {
  if (activities.length === 0) return;
  await ports.events.publish(activities.map((row) => noticeOf(fleet.name, name, outward(row))));
}

/** An open activity holds more than concerns others: how it is to be carried out. */
function outward(activity: Activity): Activity {
  const { activityId, group, startedAt, endedAt, from, to, trigger, reason, message } = activity;
  const { statusCode, statusMessage, by } = activity;
  const what = { activityId, group, startedAt, endedAt, from, to, trigger, reason, message };
  return { ...what, statusCode, statusMessage, by };
}

/** Servers come and go in any large group: machines and the history hear of each, people of many at once. */
const untold: ReadonlySet<string> = new Set<ReasonCode>(['ServersLost', 'ServersReplaced']);

function noticeOf(fleet: string, group: string, activity: Activity): Notice {
  const { startedAt, endedAt, statusCode, message, statusMessage } = activity;
  const begins = statusCode === 'PreInService' || endedAt === startedAt;
  const isNews = begins && !untold.has(activity.reason);
  const failed = statusCode === 'Failed';
  // What is under way says more than that only when its launches fail.
  const stuck = statusCode === 'InProgress' && statusMessage !== undefined;
  const alert = failed ? 'FAILED: ' : stuck ? 'LAUNCHES FAIL: ' : '';
  return {
    group,
    at: endedAt ?? startedAt,
    forPeople: isNews || alert !== '',
    urgent: alert !== '',
    subject: `[${fleet}] ${alert}${message}`,
    message: statusMessage === undefined ? message : `${message}\n${statusMessage}`,
    activity,
  };
}

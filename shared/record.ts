import type { Activity } from './domain/activity.ts';
import type { House, HouseGroup } from './house.ts';
import type { Notice } from './ports/events.ts';

/** Writes activities into the history, then tells of them. Doing it again changes nothing. @throws PortError */
export async function record(
  { fleet, ports, log }: House,
  { name }: HouseGroup,
  activities: readonly Activity[],
): Promise<void> {
  if (activities.length === 0) return;
  for (const activity of activities) {
    const { message, ...details } = activity;
    log.info(message, { activity: details });
    await ports.activities.put(activity);
  }
  await ports.events.publish(activities.map((activity) => noticeOf(fleet.name, name, activity)));
}

function noticeOf(fleet: string, group: string, activity: Activity): Notice {
  const { startedAt, endedAt, statusCode, message, statusMessage } = activity;
  const begins = statusCode === 'PreInService' || endedAt === startedAt;
  const failed = statusCode === 'Failed';
  return {
    group,
    at: endedAt ?? startedAt,
    forPeople: begins || failed,
    subject: `[${fleet}] ${failed ? 'FAILED: ' : ''}${message}`,
    message: statusMessage === undefined ? message : `${message}\n${statusMessage}`,
    activity,
  };
}

import type { Activity } from '../domain/activity.ts';
import type { ReasonCode } from '../domain/reason.ts';
import type { Notice } from '../ports/events.ts';
import { activityJson } from './activity-json.ts';
import type { Scaler, ScalerGroup } from './scaler.ts';

/** Writes activities into the history. Doing it again changes nothing. @throws PortError */
export async function record(
  { ports, log, english }: Scaler,
  activities: readonly Activity[],
): Promise<void> {
  for (const row of activities.map(outward)) {
    log.info(english.message(row.group, row, row.startedAt), { activity: row });
    await ports.activities.put(row);
  }
}

/** Tells people and machines of activities. @throws PortError */
export async function tell(
  scaler: Scaler,
  { name }: ScalerGroup,
  activities: readonly Activity[],
): Promise<void> {
  if (activities.length === 0) return;
  await scaler.ports.events.publish(activities.map((row) => noticeOf(scaler, name, outward(row))));
}

/** An open activity holds more than concerns others: how it is to be carried out. */
function outward(activity: Activity): Activity {
  const { activityId, group, startedAt, endedAt, from, to, trigger, reason, why } = activity;
  const { statusCode, detail, by } = activity;
  const what = { activityId, group, startedAt, endedAt, from, to, trigger, reason, why };
  return { ...what, statusCode, detail, by };
}

/** Servers come and go in any large group: machines and the history hear of each, people of many at once. */
const untold: ReadonlySet<string> = new Set<ReasonCode>(['ServersLost', 'ServersReplaced']);

/** People read it in the language of their mail; its subject and what machines read are English, for SNS takes ASCII alone. */
function noticeOf({ fleet, mail, english }: Scaler, group: string, activity: Activity): Notice {
  const { startedAt, endedAt, statusCode, detail } = activity;
  const begins = statusCode === 'PreInService' || endedAt === startedAt;
  const isNews = begins && !untold.has(activity.reason);
  const failed = statusCode === 'Failed';
  // What is under way says more than that only when its launches fail.
  const stuck = statusCode === 'InProgress' && detail !== undefined;
  const alert = failed ? `${english.frames.failed}: ` : stuck ? `${english.frames.launchesFail}: ` : '';
  const said = english.message(group, activity, startedAt);
  const message = mail === english ? said : mail.message(group, activity, startedAt);
  return {
    group,
    at: endedAt ?? startedAt,
    forPeople: isNews || alert !== '',
    urgent: alert !== '',
    subject: `[${fleet.name}] ${alert}${said}`,
    message: detail === undefined ? message : `${message}\n${mail.sentence(detail, endedAt ?? startedAt)}`,
    activity: activityJson(activity, english, said),
  };
}

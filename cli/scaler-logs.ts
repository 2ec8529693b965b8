import {
  CloudWatchLogsClient,
  type FilteredLogEvent,
  FilterLogEventsCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import type { Instant } from '../shared/domain/observation.ts';
import type { Fleet } from '../shared/fleet/fleet.ts';
import { functionName, functionNames } from '../shared/fleet/names.ts';
import { paced } from './paced.ts';

/** A line that a function of the scaler has logged. */
export interface LogLine {
  readonly id: string;
  readonly at: Instant;
  /** Without the fleet's name. */
  readonly function: string;
  readonly level: string;
  readonly message: string;
  /** What else the line says; empty for a line that is no JSON. */
  readonly rest: Readonly<Record<string, unknown>>;
}

/** Of one function; more than that nobody reads. */
const linesAtMost = 2_000;

/**
 * What the scaler's functions have logged about a group since an instant, oldest first: lines that name it, and failures that
 * name no group. One function is asked after the other: CloudWatch Logs takes five such questions a second.
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/cloudwatch_limits_cwl.html
 * @returns undefined when no function has a log
 */
export async function scalerLogs(
  fleet: Fleet,
  group: string,
  since: Instant,
): Promise<LogLine[] | undefined> {
  const client = paced(new CloudWatchLogsClient());
  const found: LogLine[] = [];
  let logs = 0;
  for (const name of functionNames) {
    const events = await eventsOf(client, `/aws/lambda/${functionName(fleet, name)}`, group, since);
    if (!events) continue;
    logs++;
    found.push(...events.map((event) => lineOf(name, event)).filter((line) => isAbout(line, group)));
  }
  return logs === 0 ? undefined : found.sort((one, other) => one.at - other.at);
}

/** @returns undefined when there is no such log */
async function eventsOf(
  client: CloudWatchLogsClient,
  logGroupName: string,
  group: string,
  startTime: Instant,
): Promise<FilteredLogEvent[] | undefined> {
  const filterPattern = `?"${group}" ?ERROR ?"timed out" ?"Runtime."`;
  const found: FilteredLogEvent[] = [];
  let nextToken: string | undefined;
  do {
    const input = { logGroupName, startTime, filterPattern, nextToken };
    const page = await client.send(new FilterLogEventsCommand(input)).catch((error: Error) => {
      if (error.name !== 'ResourceNotFoundException') throw error;
      return undefined;
    });
    if (!page) return undefined;
    found.push(...(page.events ?? []));
    nextToken = page.nextToken;
  } while (nextToken !== undefined && found.length < linesAtMost);
  return found;
}

function lineOf(name: string, { message = '', timestamp = 0, eventId = '' }: FilteredLogEvent): LogLine {
  const about = { id: `${name} ${eventId}`, at: timestamp, function: name };
  const json = objectIn(message);
  if (!json)
    return {
      ...about,
      level: /ERROR|timed out|Runtime\./.test(message) ? 'ERROR' : 'INFO',
      message: message.trimEnd(),
      rest: {},
    };
  const { level = 'INFO', message: text = '', timestamp: _, ...rest } = json;
  return { ...about, level: String(level), message: String(text), rest };
}

function objectIn(message: string): Record<string, unknown> | undefined {
  if (!message.startsWith('{')) return undefined;
  try {
    return JSON.parse(message);
  } catch {
    return undefined;
  }
}

/** A group's name may be part of another's. */
function isAbout({ level, message, rest }: LogLine, group: string): boolean {
  const { groups, activity } = rest as { groups?: unknown; activity?: { group?: unknown } };
  const named = [rest['group'], rest['leader'], activity?.group, ...(Array.isArray(groups) ? groups : [])];
  if (named.includes(group)) return true;
  const words = new RegExp(`(^|[^a-z0-9-])${group}([^a-z0-9-]|$)`);
  if (words.test(message)) return true;
  return level === 'ERROR' && named.every((one) => one === undefined);
}

import type { Instant, ScalingGroup } from '../shared/domain/observation.ts';
import type { Scaler, ScalerGroup } from '../shared/engine/scaler.ts';
import type { Group } from '../shared/fleet/group.ts';
import { providerOf } from '../shared/fleet/provider-kind.ts';
import type { AskedUse } from '../shared/ports/metrics.ts';
import type { Ports } from '../shared/ports/ports.ts';
import { dayMs, minuteMs } from '../shared/units.ts';
import type { GroupDay, Series } from './state.ts';

/** Without detailed monitoring EC2 measures every five minutes. */
const cpuStepSeconds = 300;
const groupStepSeconds = 60;
const changesAtMost = 200;

/**
 * The last 24 hours of a group, as its metrics have them. Where nobody measures how many servers it should have, its own activities
 * tell. @throws PortError
 */
export async function readDay({ ports }: Scaler, group: ScalerGroup, now: Instant): Promise<GroupDay> {
  const { timetable, config } = group;
  const stepMs = cpuStepSeconds * 1000;
  const to = Math.ceil(now / stepMs) * stepMs;
  const from = to - dayMs;
  const seen = await seenOf(ports, group);
  const read = (periodSeconds: number, ...metrics: (AskedUse['metric'] & string)[]) => {
    const terms = { statistic: undefined, periodSeconds };
    const asked = metrics.map((metric) => ({
      group,
      seen,
      use: { ...terms, key: metric, metric },
    }));
    return ports.metrics.history(asked, from, to);
  };
  const [[desired, inService], [load]] = await Promise.all([
    read(groupStepSeconds, 'desiredServers', 'inServiceServers'),
    read(cpuStepSeconds, 'cpu'),
  ]);
  const opened = timetable.next(from, to).filter(({ edge }) => edge === 'start');
  const windows = [...timetable.openAt(from), ...opened.map(({ window }) => window)];
  return {
    from: new Date(from).toISOString(),
    to: new Date(to).toISOString(),
    desired: seriesOf(
      desired ?? (seen && (await told(ports, group, seen, from, now))) ?? null,
      groupStepSeconds,
    ),
    inService: seriesOf(inService ?? null, groupStepSeconds),
    load: seriesOf(load ?? null, cpuStepSeconds),
    limits: cpuLimits(config),
    windows: windows.map(({ name, start, end }) => ({
      name,
      start: new Date(start).toISOString(),
      end: new Date(end).toISOString(),
    })),
  };
}

/** Some monitors know servers and no groups: of whom to ask, the group says. @returns undefined: nobody needs to know, or it is not to be had */
async function seenOf(
  { groups }: Ports,
  { scalingGroup, config }: ScalerGroup,
): Promise<ScalingGroup | undefined> {
  if (providerOf(config).hasAlarms) return undefined;
  try {
    return (await groups.describe([scalingGroup])).get(scalingGroup);
  } catch {
    return undefined;
  }
}

/** By the minute up to now, backwards from what is desired now: before each change it was as that change found it. */
async function told(
  { activities }: Ports,
  { name }: ScalerGroup,
  { desired }: ScalingGroup,
  from: Instant,
  now: Instant,
): Promise<Float64Array> {
  const page = await activities.query(name, { since: from, limit: changesAtMost });
  const changes = page.activities.filter((one) => one.to !== one.from && one.statusCode !== 'Cancelled');
  const values = new Float64Array(Math.ceil((now - from) / minuteMs));
  let known = desired;
  for (let minute = values.length - 1; minute >= 0; minute--) {
    while (changes[0] && changes[0].startedAt >= from + (minute + 1) * minuteMs)
      known = changes.shift()!.from;
    values[minute] = known;
  }
  return values;
}

function cpuLimits({ alarms, targets }: Group): GroupDay['limits'] {
  const ofAlarms = Object.entries(alarms).map(
    ([name, { metric, threshold }]) => [metric, name, threshold] as const,
  );
  const ofTargets = targets.map(({ metric, targetValue }) => [metric, 'target', targetValue] as const);
  return [...ofAlarms, ...ofTargets]
    .filter(([metric]) => metric === 'cpu')
    .map(([, name, percent]) => ({ name, percent }));
}

/** What was not measured is NaN, which JSON does not have. */
function seriesOf(values: Float64Array | null, stepSeconds: number): Series {
  const rounded = Array.from(values ?? [], (value) =>
    Number.isNaN(value) ? null : Math.round(value * 10) / 10,
  );
  return { stepSeconds, values: rounded };
}

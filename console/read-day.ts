import type { Instant } from '../shared/domain/observation.ts';
import type { Scaler, ScalerGroup } from '../shared/engine/scaler.ts';
import type { Group } from '../shared/fleet/group.ts';
import type { AskedUse } from '../shared/ports/metrics.ts';
import { dayMs } from '../shared/units.ts';
import type { GroupDay, Series } from './state.ts';

/** Without detailed monitoring EC2 measures every five minutes. */
const cpuStepSeconds = 300;
const groupStepSeconds = 60;

/** The last 24 hours of a group, as CloudWatch has them. @throws PortError */
export async function readDay({ ports }: Scaler, group: ScalerGroup, now: Instant): Promise<GroupDay> {
  const { timetable, config } = group;
  const stepMs = cpuStepSeconds * 1000;
  const to = Math.ceil(now / stepMs) * stepMs;
  const from = to - dayMs;
  const read = (periodSeconds: number, ...metrics: (AskedUse['metric'] & string)[]) => {
    const terms = { statistic: undefined, periodSeconds };
    const asked = metrics.map((metric) => ({
      group,
      seen: undefined,
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
    desired: seriesOf(desired ?? null, groupStepSeconds),
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

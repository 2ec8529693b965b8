import type { Fleet } from '../../shared/fleet/fleet.ts';
import { servedUtilization } from '../../simulate/backtest.ts';
import { openWindows } from '../../simulate/open-windows.ts';
import { drawPicture, type PicturePanel } from '../../simulate/picture.ts';
import type { DayRecord } from './day-record.ts';

/** The day as a self-contained SVG. */
export function drawDay(record: DayRecord, fleet: Fleet): string {
  const title = `Fleet ${record.fleet}, ${record.day} (${record.timeZone})`;
  const panels = Object.entries(record.groups).map(([name, { activities, timeline }]): PicturePanel => {
    const points = timeline.map(({ at, desired, inService, utilization }) => ({
      at: Date.parse(at),
      desired,
      inService,
      needed: (utilization * inService) / servedUtilization,
    }));
    return {
      title: name,
      points,
      activities: activities.map(({ at, from, to, message, by }) => ({
        startedAt: Date.parse(at),
        from,
        to,
        message,
        by,
      })),
      maxSize: fleet.groups[name]!.maxSize,
      windows: openWindows(fleet, name, points[0]!.at, points.at(-1)!.at),
    };
  });
  return drawPicture(title, panels, record.timeZone);
}

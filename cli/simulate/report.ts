import { writeFileSync } from 'node:fs';
import type { Span } from '../../bench/metrics.ts';
import type { Instant } from '../../shared/domain/observation.ts';
import type { Fleet } from '../../shared/fleet/fleet.ts';
import { unitsOf } from '../../shared/fleet/unit-of.ts';
import { english } from '../../shared/sentences/en.ts';
import { speaker } from '../../shared/sentences/speaker.ts';
import { minuteMs, minutesPerDay } from '../../shared/units.ts';
import type { BacktestResult } from '../../simulate/backtest.ts';
import { openWindows } from '../../simulate/open-windows.ts';
import { drawPicture, type PicturePanel } from '../../simulate/picture.ts';
import { type GroupSummary, greatest } from '../../simulate/summary.ts';
import { Failure } from '../failure.ts';
import { percent } from '../percent.ts';
import { wallClock } from '../wall-clock.ts';
import { escaped, partsAsHtml, type SummaryPart } from './summary-parts.ts';
import { tellingDay } from './telling-day.ts';

/** Of more than two days no single change can be read. */
const longMinutes = 2 * minutesPerDay;

/** One fleet's part of a picture. */
export interface Pictured {
  readonly fleet: Fleet;
  /** Stands before the groups' names; empty when there is one fleet only. */
  readonly label: string;
  readonly result: BacktestResult;
  readonly summaries: ReadonlyMap<string, GroupSummary>;
}

/** Writes a self-contained picture: an SVG, or an HTML page with it and the summary. @throws Failure when it cannot be written */
export function writeReport(
  file: string,
  title: string,
  start: Instant,
  fleets: readonly Pictured[],
  summary: readonly SummaryPart[],
): void {
  const svg = drawPicture(title, panelsOf(fleets, start), fleets[0]!.fleet.timeZone);
  try {
    writeFileSync(file, file.endsWith('.svg') ? svg : page(title, svg, summary));
  } catch (cause) {
    throw new Failure(`${file} cannot be written (${(cause as NodeJS.ErrnoException).code}).`, { cause });
  }
}

/** Each group over all the time, under every fleet file; and where that is long, the most instructive day under the first. */
function panelsOf(fleets: readonly Pictured[], start: Instant): PicturePanel[] {
  return [...fleets[0]!.result].flatMap(([group, run]) => {
    const having = fleets.filter(({ result }) => result.has(group));
    const whole = { from: 0, to: run.load.length };
    const panels = having.map((each) =>
      panelOf(`${nameOf(each, group)}: ${facts(each, group)}`, each, group, start, whole),
    );
    if (run.load.length <= longMinutes) return panels;
    const { timeZone } = fleets[0]!.fleet;
    const { minutes, why } = tellingDay(run, start, timeZone);
    const day = wallClock(timeZone, 0)(start + minutes.from * minuteMs).slice(0, -' 00:00'.length);
    const days = having.map((each, index) =>
      panelOf(`${nameOf(each, group)}, ${day}${index === 0 ? `: ${why}` : ''}`, each, group, start, minutes),
    );
    return [...panels, ...days];
  });
}

function nameOf({ label }: Pictured, group: string): string {
  return label === '' ? group : `${group}, ${label}`;
}

function facts({ result, summaries }: Pictured, group: string): string {
  const { needed, inService } = result.get(group)!;
  const { unserved, adaptations } = summaries.get(group)!;
  const servers = `needed up to ${greatest(needed).toFixed(1)} servers and had up to ${greatest(inService)}`;
  return `${servers}; ${percent(unserved)} unserved; ${adaptations} changes`;
}

function panelOf(
  title: string,
  { fleet, result }: Pictured,
  group: string,
  start: Instant,
  { from, to }: Span,
): PicturePanel {
  const run = result.get(group)!;
  const { message } = speaker(english, fleet.timeZone, unitsOf(fleet));
  const [begin, end] = [start + from * minuteMs, start + to * minuteMs];
  return {
    title,
    points: Array.from(run.needed.subarray(from, to), (needed, index) => ({
      at: begin + index * minuteMs,
      desired: run.desired[from + index]!,
      inService: run.inService[from + index]!,
      needed,
    })),
    activities: run.activities
      .filter((each) => each.from !== each.to && each.startedAt >= begin && each.startedAt < end)
      .map((each) => ({ ...each, message: message(group, each, each.startedAt) })),
    windows: openWindows(fleet, group, begin, end),
    maxSize: fleet.groups[group]!.maxSize,
  };
}

function page(title: string, svg: string, summary: readonly SummaryPart[]): string {
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>${escaped(title)}</title>
<style>${style}</style>
${svg}${partsAsHtml(summary)}
</html>
`;
}

const style = `
  body { font: 14px/1.5 system-ui, sans-serif; color: #1c2024; margin: 24px; max-width: 1240px; }
  svg { max-width: 100%; height: auto; }
  h2 { font-size: 18px; margin: 28px 0 4px; } h3 { font-size: 14px; margin: 20px 0 4px; }
  p { margin: 4px 0; } .remark, .facts td:first-child { color: #566069; } .warning { color: #9a5b00; }
  table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
  th { text-align: left; font-weight: 600; color: #566069; }
  td, th { padding: 2px 24px 2px 0; }
`;

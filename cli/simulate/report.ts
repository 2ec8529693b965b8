import { writeFileSync } from 'node:fs';
import type { BacktestResult } from '../../local/simulate/backtest.ts';
import { openWindows } from '../../local/simulate/open-windows.ts';
import { drawPicture, type PicturePanel } from '../../local/simulate/picture.ts';
import type { Instant } from '../../shared/domain/observation.ts';
import type { Fleet } from '../../shared/fleet/fleet.ts';
import { Failure } from '../failure.ts';

const minuteMs = 60_000;

/** One fleet's part of a picture. */
export interface Pictured {
  readonly fleet: Fleet;
  /** Stands before the groups' names; empty when there is one fleet only. */
  readonly label: string;
  readonly result: BacktestResult;
}

/** Writes a self-contained picture: an SVG, or an HTML page with it and the summary. @throws Failure when it cannot be written */
export function writeReport(
  file: string,
  title: string,
  start: Instant,
  fleets: readonly Pictured[],
  summary: string,
): void {
  const panels = fleets.flatMap((each) => panelsOf(each, start));
  const svg = drawPicture(title, panels, fleets[0]!.fleet.timeZone);
  try {
    writeFileSync(file, file.endsWith('.svg') ? svg : page(title, svg, summary));
  } catch (cause) {
    throw new Failure(`${file} cannot be written (${(cause as NodeJS.ErrnoException).code}).`, { cause });
  }
}

function panelsOf({ fleet, label, result }: Pictured, start: Instant): PicturePanel[] {
  return [...result].map(([group, run]) => ({
    title: label === '' ? group : `${group}, ${label}`,
    points: Array.from(run.needed, (needed, minute) => ({
      at: start + minute * minuteMs,
      desired: run.desired[minute]!,
      inService: run.inService[minute]!,
      needed,
    })),
    activities: run.activities.filter(({ from, to }) => from !== to),
    windows: openWindows(fleet, group, start, start + run.load.length * minuteMs),
  }));
}

function page(title: string, svg: string, summary: string): string {
  const text = (words: string) => words.replace(/[&<>]/g, (character) => `&#${character.charCodeAt(0)};`);
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>${text(title)}</title>
<style>
  body { font: 15px/1.5 system-ui, sans-serif; color: #1c2024; margin: 24px; max-width: 1240px; }
  svg { max-width: 100%; height: auto; } pre { white-space: pre-wrap; font-size: 13px; }
</style>
${svg}<pre>${text(summary)}</pre>
</html>
`;
}

import type { Activity } from '../shared/domain/activity.ts';
import { dayMs, minuteMs } from '../shared/units.ts';
import { ticksBetween } from './time-axis.ts';

const width = 1200;
const panelHeight = 260;
const margin = { left: 44, right: 16, top: 40, bottom: 26 };
/** More marks than this are no longer told apart. */
const maxMarks = 200;
const nameHeight = 12;
/** Over a longer time only the marks are drawn: names would cover them. */
const namedMs = 2 * dayMs;
/** Of a letter, on average. */
const letterWidth = 6.2;

export interface PicturePoint {
  readonly at: number;
  readonly desired: number;
  readonly inService: number;
  /** Servers that the load needs at the utilization it is held to; a fraction. */
  readonly needed: number;
}

/** One group's panel. Points oldest first, a minute apart. */
export interface PicturePanel {
  readonly title: string;
  readonly points: readonly PicturePoint[];
  readonly activities: readonly (Pick<Activity, 'startedAt' | 'from' | 'to' | 'by'> & {
    readonly message: string;
  })[];
  readonly windows: readonly { readonly name: string; readonly start: number; readonly end: number }[];
  readonly maxSize: number;
}

/**
 * A self-contained SVG: what the load needed, what was desired, what was in service, where that was too little, and every
 * activity with its reason. Hover a mark to read it.
 */
export function drawPicture(title: string, panels: readonly PicturePanel[], timeZone: string): string {
  const height = 48 + panels.length * panelHeight;
  const body = panels.map(
    (panel, index) =>
      `<g transform="translate(0 ${48 + index * panelHeight})">${drawPanel(panel, timeZone)}</g>`,
  );
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="${escapeText(title)}">`,
    `<style>${style}</style>`,
    `<rect class="ground" width="${width}" height="${height}"/>`,
    `<text class="title" x="${margin.left}" y="26">${escapeText(title)}</text>`,
    legend(),
    ...body,
    '</svg>',
    '',
  ].join('\n');
}

const style = `
  text { font: 12px system-ui, sans-serif; fill: #566069; }
  .name { fill: #9a5b00; stroke: #ffffff; stroke-width: 3; paint-order: stroke; }
  .title { font-size: 16px; font-weight: 600; fill: #1c2024; }
  .ground { fill: #ffffff; } .grid { stroke: #e3e6e8; } .window { fill: #f4e3b5; }
  .in-service { fill: #9cc4ea; } .desired { fill: none; stroke: #1c2024; stroke-width: 1.6; }
  .needed { fill: none; stroke: #b3261e; stroke-width: 1.4; } .short { fill: #f0867b; }
  .max { stroke: #566069; stroke-dasharray: 5 4; }
  .out { fill: #9a5b00; } .in { fill: #146c3a; } .mark { stroke: #ffffff; }
  .lost { fill: none; stroke: #b3261e; stroke-width: 2.4; }
`;

interface Scale {
  readonly x: (at: number) => number;
  readonly y: (servers: number) => number;
  readonly servers: number;
  readonly from: number;
  readonly to: number;
}

function drawPanel(panel: PicturePanel, timeZone: string): string {
  const scale = scaleOf(panel.points);
  const marked = panel.activities.length <= maxMarks;
  return [
    ...panel.windows.map((window) => drawWindow(window, scale)),
    drawGrid(scale, timeZone),
    // What the load needs shows where the servers do not cover it.
    `<path class="short" d="${linePath(thin(panel.points), scale)}V${scale.y(0)}H${margin.left}Z"/>`,
    `<path class="in-service" d="${stepPath(thin(panel.points), 'inService', scale)}V${scale.y(0)}H${margin.left}Z"/>`,
    `<path class="needed" d="${linePath(thin(panel.points), scale)}"/>`,
    `<path class="desired" d="${stepPath(thin(panel.points), 'desired', scale)}"/>`,
    drawMaximum(panel.maxSize, scale),
    ...(marked ? panel.activities.map((activity) => drawMark(activity, scale, timeZone)) : []),
    ...(scale.to - scale.from <= namedMs ? drawNames(panel.activities, scale) : []),
    `<text x="${margin.left}" y="${margin.top - 10}">${escapeText(panel.title)}${marked ? '' : ', too many to mark'}</text>`,
  ].join('\n');
}

function scaleOf(points: readonly PicturePoint[]): Scale {
  const from = points[0]?.at ?? 0;
  const to = (points.at(-1)?.at ?? from) + minuteMs;
  const greatest = (of: (point: PicturePoint) => number) =>
    points.reduce((most, point) => Math.max(most, of(point)), 1);
  const had = greatest(({ desired, inService }) => Math.max(desired, inService));
  // A need far beyond what there ever was would flatten everything else; its height is in the title.
  const servers =
    Math.max(
      had,
      Math.min(
        greatest(({ needed }) => needed),
        2 * had + 2,
      ),
    ) + 1;
  const floor = panelHeight - margin.bottom;
  return {
    x: (at) => round(margin.left + ((at - from) / (to - from)) * (width - margin.left - margin.right)),
    y: (count) => round(floor - (Math.min(count, servers) / servers) * (floor - margin.top)),
    servers,
    from,
    to,
  };
}

/** At most two points a pixel: the extremes of what falls together, so that no peak is lost. */
function thin(points: readonly PicturePoint[]): readonly PicturePoint[] {
  const size = Math.ceil(points.length / width);
  if (size <= 1) return points;
  const kept: PicturePoint[] = [];
  for (let at = 0; at < points.length; at += size) {
    const bucket = points.slice(at, at + size);
    const high = bucket.reduce((a, b) => (b.needed > a.needed ? b : a));
    const low = bucket.reduce((a, b) => (b.inService < a.inService ? b : a));
    kept.push(...(high === low ? [high] : [high, low].sort((a, b) => a.at - b.at)));
  }
  return kept;
}

function stepPath(
  points: readonly PicturePoint[],
  key: 'desired' | 'inService',
  { x, y, to }: Scale,
): string {
  let path = '';
  let last: number | undefined;
  for (const point of points) {
    if (point[key] === last) continue;
    path += last === undefined ? `M${x(point.at)},${y(point[key])}` : `H${x(point.at)}V${y(point[key])}`;
    last = point[key];
  }
  return path === '' ? `M${x(to)},${y(0)}` : `${path}H${x(to)}`;
}

function linePath(points: readonly PicturePoint[], { x, y }: Scale): string {
  return points.map(({ at, needed }, index) => `${index === 0 ? 'M' : 'L'}${x(at)},${y(needed)}`).join('');
}

function drawWindow({ name, start, end }: PicturePanel['windows'][number], { x, from, to }: Scale): string {
  if (end <= from || start >= to) return '';
  const [left, right] = [x(Math.max(start, from)), x(Math.min(end, to))];
  const label =
    right - left > 40 ? `<text x="${left + 4}" y="${margin.top + 14}">${escapeText(name)}</text>` : '';
  return `<rect class="window" x="${left}" y="${margin.top}" width="${round(right - left)}" height="${panelHeight - margin.bottom - margin.top}"/>${label}`;
}

function drawGrid({ x, y, servers, from, to }: Scale, timeZone: string): string {
  const parts: string[] = [];
  const step = Math.max(1, Math.ceil(servers / 6));
  for (let count = 0; count <= servers; count += step) {
    parts.push(
      `<line class="grid" x1="${margin.left}" x2="${width - margin.right}" y1="${y(count)}" y2="${y(count)}"/>`,
      `<text x="${margin.left - 8}" y="${y(count) + 4}" text-anchor="end">${count}</text>`,
    );
  }
  for (const { at, label } of ticksBetween(from, to, timeZone)) {
    parts.push(
      `<line class="grid" x1="${x(at)}" x2="${x(at)}" y1="${y(0)}" y2="${y(0) + 4}"/>`,
      `<text x="${x(at)}" y="${panelHeight - 8}" text-anchor="middle">${label}</text>`,
    );
  }
  return parts.join('');
}

function drawMark(
  { startedAt, from, to, message }: PicturePanel['activities'][number],
  { x, y }: Scale,
  timeZone: string,
): string {
  const [middle, tip] = [x(startedAt), y(to)];
  if (from === to) return drawLoss(middle, tip, `${clock(startedAt, timeZone)} ${message}`);
  const base = to > from ? tip + 10 : tip - 10;
  const time = clock(startedAt, timeZone);
  const points = `${middle - 6},${base} ${middle + 6},${base} ${middle},${tip}`;
  return `<polygon class="mark ${to > from ? 'out' : 'in'}" points="${points}"><title>${escapeText(`${time} ${message}`)}</title></polygon>`;
}

/** Servers that the group has lost, where desired stays as it was: a cross. */
function drawLoss(middle: number, y: number, text: string): string {
  const [left, right, top, bottom] = [middle - 5, middle + 5, y - 5, y + 5].map(round);
  return `<path class="lost" d="M${left},${top}L${right},${bottom}M${left},${bottom}L${right},${top}"><title>${escapeText(text)}</title></path>`;
}

function clock(at: number, timeZone: string): string {
  return new Intl.DateTimeFormat('en-GB', { timeZone, hour: '2-digit', minute: '2-digit' }).format(at);
}

/** The most that there may be, where the picture reaches so high: there growth ends. */
function drawMaximum(maxSize: number, { y, servers }: Scale): string {
  if (maxSize > servers) return '';
  const right = width - margin.right;
  return [
    `<line class="max" x1="${margin.left}" x2="${right}" y1="${y(maxSize)}" y2="${y(maxSize)}"/>`,
    `<text x="${right}" y="${y(maxSize) - 4}" text-anchor="end">maxSize ${maxSize}</text>`,
  ].join('');
}

/** Who made the group grow, where there is room to say it. */
function drawNames(activities: PicturePanel['activities'], { x, y }: Scale): string[] {
  const taken: { left: number; right: number; bottom: number }[] = [];
  return activities.flatMap(({ startedAt, from, to, by }) => {
    if (by === undefined || to <= from) return [];
    const words = `${by} +${to - from}`;
    const [right, bottom] = [x(startedAt) - 9, y(to) + 9];
    const left = right - letterWidth * words.length;
    const isTaken = taken.some(
      (each) =>
        left < each.right + 18 && right > each.left - 18 && Math.abs(bottom - each.bottom) < nameHeight,
    );
    if (isTaken || left < margin.left) return [];
    taken.push({ left, right, bottom });
    return [
      `<text class="name" x="${round(right)}" y="${round(bottom)}" text-anchor="end">${escapeText(words)}</text>`,
    ];
  });
}

function legend(): string {
  const entries = [
    ['in-service', 'in service'],
    ['desired', 'desired'],
    ['needed', 'needed'],
    ['short', 'too few'],
    ['window', 'window'],
    ['out', 'scale out'],
    ['in', 'scale in'],
    ['lost', 'server lost'],
  ];
  return entries
    .map(([name, label], index) => {
      const x = width - 770 + index * 95;
      const swatch =
        name === 'desired' || name === 'needed'
          ? `<path class="${name}" d="M${x} 20h14"/>`
          : name === 'lost'
            ? `<path class="lost" d="M${x + 2} 14l10 10m-10 0l10 -10"/>`
            : `<rect class="${name}" x="${x}" y="14" width="14" height="10"/>`;
      return `${swatch}<text x="${x + 19}" y="24">${label}</text>`;
    })
    .join('');
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}

function escapeText(text: string): string {
  return text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);
}

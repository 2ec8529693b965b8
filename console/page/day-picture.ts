import type { Activity } from '../../shared/domain/activity.ts';
import type { GroupDay } from '../state.ts';
import { element, shape } from './elements.ts';
import { showTooltipOn } from './tooltip.ts';
import { say, type Word } from './words.ts';

const width = 960;
const height = 260;
const left = 34;
const right = 40;
const top = 12;
const bottom = 26;

interface Scale {
  readonly x: (at: string) => number;
  readonly y: (servers: number) => number;
  readonly load: (percent: number) => number;
  readonly servers: number;
}

/** A group's day: windows shaded, servers as an area, desired as a step line, load as a thin line, activities marked. */
export function dayPicture(group: string, day: GroupDay, formatTime: (at: string) => string): HTMLElement {
  const scale = scaleOf(day);
  const drawing = shape(
    'svg',
    {
      class: 'day',
      viewBox: `0 0 ${width} ${height}`,
      role: 'group',
      'aria-label': `${group}: ${say('picture')}`,
    },
    ...windowShades(day, scale),
    ...grid(day, scale, formatTime),
    shape('path', { class: 'in-service', d: areaOf(day, scale) }),
    shape('path', { class: 'load', d: lineOf(day, 'load', scale.load, scale) }),
    shape('path', { class: 'desired', d: stepsOf(day, scale) }),
    ...day.activities
      .filter(({ startedAt }) => within(day, startedAt))
      .map((activity) => mark(activity, scale, formatTime)),
  );
  return element('div', {}, drawing, legend());
}

function within({ from, to }: GroupDay, at: number): boolean {
  return at >= Date.parse(from) && at <= Date.parse(to);
}

function scaleOf(day: GroupDay): Scale {
  const from = Date.parse(day.from);
  const span = Math.max(1, Date.parse(day.to) - from);
  const servers =
    Math.max(4, ...day.points.map(({ desired, inService }) => Math.max(desired ?? 0, inService ?? 0))) + 1;
  const vertical = (share: number) => height - bottom - Math.min(1, share) * (height - bottom - top);
  return {
    x: (at) => left + ((Date.parse(at) - from) / span) * (width - left - right),
    y: (count) => vertical(count / servers),
    load: (percent) => vertical(percent / 100),
    servers,
  };
}

function windowShades(day: GroupDay, { x }: Scale): SVGElement[] {
  return day.windows.map(({ name, start, end }) => {
    const from = Math.max(left, x(start));
    const until = Math.min(width - right, x(end));
    return shape(
      'g',
      {},
      shape('rect', {
        class: 'window',
        x: from,
        y: top,
        width: Math.max(0, until - from),
        height: height - bottom - top,
      }),
      shape('text', { x: from + 4, y: top + 12 }, name),
    );
  });
}

function grid(
  day: GroupDay,
  { x, y, load, servers }: Scale,
  formatTime: (at: string) => string,
): SVGElement[] {
  const lines: SVGElement[] = [];
  const step = Math.max(1, Math.ceil(servers / 6));
  for (let count = 0; count <= servers; count += step) {
    lines.push(
      shape('line', { class: 'grid', x1: left, x2: width - right, y1: y(count), y2: y(count) }),
      shape('text', { x: left - 8, y: y(count) + 4, 'text-anchor': 'end' }, String(count)),
    );
  }
  for (const percent of [50, 100])
    lines.push(shape('text', { x: width - right + 6, y: load(percent) + 4 }, `${percent}%`));
  const hours = 3_600_000 * 3;
  const first = Math.ceil(Date.parse(day.from) / hours) * hours;
  for (let at = first; at <= Date.parse(day.to); at += hours) {
    const instant = new Date(at).toISOString();
    lines.push(shape('text', { x: x(instant), y: height - 8, 'text-anchor': 'middle' }, formatTime(instant)));
  }
  return lines;
}

function areaOf({ points }: GroupDay, { x, y }: Scale): string {
  const known = points.filter(({ inService }) => inService !== null);
  if (known.length === 0) return '';
  const path = known.map(({ at, inService }, index) =>
    index === 0 ? `${x(at)},${y(inService!)}` : `H${x(at)}V${y(inService!)}`,
  );
  return `M${path.join('')}V${y(0)}H${x(known[0]!.at)}Z`;
}

function stepsOf({ points }: GroupDay, { x, y }: Scale): string {
  const known = points.filter(({ desired }) => desired !== null);
  return known
    .map(({ at, desired }, index) => (index === 0 ? `M${x(at)},${y(desired!)}` : `H${x(at)}V${y(desired!)}`))
    .join('');
}

/** A line that breaks where nothing was measured. */
function lineOf({ points }: GroupDay, key: 'load', y: (value: number) => number, { x }: Scale): string {
  let path = '';
  let drawing = false;
  for (const point of points) {
    const value = point[key];
    if (value !== null) path += `${drawing ? 'L' : 'M'}${x(point.at)},${y(value)}`;
    drawing = value !== null;
  }
  return path;
}

function mark(activity: Activity, { x, y }: Scale, formatTime: (at: string) => string): SVGElement {
  const at = new Date(activity.startedAt).toISOString();
  const out = activity.to > activity.from;
  const [middle, tip] = [x(at), y(activity.to)];
  const points = out
    ? `${middle - 6},${tip + 10} ${middle + 6},${tip + 10} ${middle},${tip}`
    : `${middle - 6},${tip - 10} ${middle + 6},${tip - 10} ${middle},${tip}`;
  const text = `${formatTime(at)} ${activity.message}`;
  const drawn = shape('polygon', {
    class: `mark ${out ? 'out' : 'in'}`,
    points,
    tabindex: 0,
    role: 'img',
    'aria-label': text,
  });
  showTooltipOn(drawn, text);
  return drawn;
}

function legend(): HTMLElement {
  const entries: [string, Word][] = [
    ['var(--desired)', 'desired'],
    ['var(--in-service)', 'inService'],
    ['var(--load)', 'load'],
    ['var(--window)', 'window'],
    ['var(--out)', 'scaleOut'],
    ['var(--in)', 'scaleIn'],
  ];
  return element(
    'ul',
    { class: 'legend' },
    ...entries.map(([colour, word]) => {
      const swatch = element('i', { 'aria-hidden': 'true' });
      swatch.style.background = colour;
      return element('li', {}, swatch, say(word));
    }),
  );
}

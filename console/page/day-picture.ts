import type { Activity } from '../../shared/domain/activity.ts';
import { hourMs } from '../../shared/units.ts';
import type { GroupDay, Series } from '../state.ts';
import { activityLabels, activityMarks } from './day-marks.ts';
import { type DayScale, dayScale, runsOf, valueAt } from './day-scale.ts';
import { element, shape } from './elements.ts';
import { hideTooltip, showTooltipAt } from './tooltip.ts';
import { say, titleOf, type Word } from './words.ts';

const narrow = 560;
/** Half of `12:00`. */
const hourLabelPx = 18;

export interface DayInput {
  readonly group: string;
  readonly day: GroupDay;
  /** Of this group, newest first. */
  readonly activities: readonly Activity[];
  /** In pixels: text stays readable on a phone. */
  readonly width: number;
  readonly formatTime: (at: number | string) => string;
}

/** A group's day: windows shaded, servers as an area, desired as a step line, CPU below, activities marked. */
export function dayPicture(input: DayInput): HTMLElement {
  const { group, day, width } = input;
  const scale = dayScale(day, width);
  const shown = input.activities.filter(
    ({ startedAt }) => startedAt >= Date.parse(day.from) && startedAt <= Date.parse(day.to),
  );
  const changes = shown.filter(({ from, to }) => from !== to);
  const cursor = shape('line', {
    class: 'cursor',
    x1: -9,
    x2: -9,
    y1: scale.servers.top,
    y2: scale.cpu.bottom,
  });
  const drawing = shape(
    'svg',
    {
      class: 'day',
      width,
      height: scale.height,
      viewBox: `0 0 ${width} ${scale.height}`,
      role: 'group',
      'aria-label': `${group}: ${say('picture')}`,
    },
    ...windowShades(day, scale),
    ...grid(day, scale, input.formatTime),
    shape('path', { class: 'in-service', d: areaOf(day, scale) }),
    shape('path', { class: 'desired', d: stepsOf(day, scale) }),
    ...limits(day, scale),
    shape('path', { class: 'load', d: loadOf(day, scale) }),
    cursor,
    ...activityLabels(changes, scale),
    ...activityMarks(shown, scale, input.formatTime),
  );
  explainWhereYouPoint(drawing, cursor, { ...input, activities: changes }, scale);
  return element('div', {}, drawing, legend(day));
}

function windowShades(day: GroupDay, { x, servers, cpu }: DayScale): SVGElement[] {
  return day.windows.map(({ name, start, end }) => {
    const [from, until] = [x(Date.parse(start)), x(Date.parse(end))];
    return shape(
      'g',
      {},
      shape('rect', {
        class: 'window',
        x: from,
        y: servers.top,
        width: until - from,
        height: cpu.bottom - servers.top,
      }),
      shape('text', { class: 'window-name', x: from, y: servers.top - 8 }, name),
    );
  });
}

function grid(day: GroupDay, scale: DayScale, formatTime: DayInput['formatTime']): SVGElement[] {
  const { left, right, servers, cpu } = scale;
  const line = (at: number) => shape('line', { class: 'grid', x1: left, x2: right, y1: at, y2: at });
  const label = (text: string, at: number) =>
    shape('text', { x: left - 6, y: at + 4, 'text-anchor': 'end' }, text);
  const drawn: SVGElement[] = [line(scale.yCpu(0)), line(scale.yCpu(100))];
  const step = Math.max(1, Math.ceil(servers.most / 5));
  for (let count = 0; count <= servers.most; count += step)
    drawn.push(line(scale.y(count)), label(String(count), scale.y(count)));
  drawn.push(label('100', cpu.top), label('0', cpu.bottom));
  const every = (scale.width < narrow ? 6 : 3) * hourMs;
  for (const at of wholeHours(day, formatTime, every / hourMs)) {
    drawn.push(
      shape('line', { class: 'grid', x1: scale.x(at), x2: scale.x(at), y1: servers.top, y2: cpu.bottom }),
      shape(
        'text',
        { x: scale.x(at), y: scale.height - 8, 'text-anchor': anchorAt(scale.x(at), scale) },
        formatTime(at),
      ),
    );
  }
  return drawn;
}

function anchorAt(x: number, { left, right }: DayScale): string {
  if (x > right - hourLabelPx) return 'end';
  return x < left + hourLabelPx ? 'start' : 'middle';
}

/** Hours of the fleet's clock that are divisible by `every`: 03:00 in its time zone, whatever that is in UTC. */
function wholeHours({ from, to }: GroupDay, formatTime: DayInput['formatTime'], every: number): number[] {
  const quarterMs = hourMs / 4;
  const found: number[] = [];
  for (let at = Math.ceil(Date.parse(from) / quarterMs) * quarterMs; at <= Date.parse(to); at += quarterMs) {
    const [hour, minute] = formatTime(at).split(':').map(Number);
    if (minute === 0 && hour! % every === 0) found.push(at);
  }
  return found;
}

function limits({ limits }: GroupDay, { left, right, yCpu }: DayScale): SVGElement[] {
  return limits.map(({ name, percent }) =>
    shape(
      'g',
      { class: 'limit' },
      shape('line', { x1: left, x2: right, y1: yCpu(percent), y2: yCpu(percent) }),
      shape(
        'text',
        { x: right - 2, y: yCpu(percent) + (percent < 50 ? 11 : -3), 'text-anchor': 'end' },
        `${name} ${percent} %`,
      ),
    ),
  );
}

function areaOf({ from, inService }: GroupDay, { x, y }: DayScale): string {
  return runsOf(inService)
    .map(({ first, values }) => {
      const steps = stepPath(values, (index) => x(instantOf(from, inService, first + index)), y);
      return `M${x(instantOf(from, inService, first))},${y(0)}${steps}V${y(0)}Z`;
    })
    .join('');
}

function stepsOf({ from, desired }: GroupDay, { x, y }: DayScale): string {
  return runsOf(desired)
    .map(({ first, values }) => {
      const start = `M${x(instantOf(from, desired, first))},${y(values[0]!)}`;
      return start + stepPath(values, (index) => x(instantOf(from, desired, first + index)), y);
    })
    .join('');
}

/** Each value holds until the next: only changes are drawn. */
function stepPath(values: readonly number[], x: (index: number) => number, y: (value: number) => number) {
  const steps = values.map((value, index) =>
    value === values[index - 1] ? '' : `${index === 0 ? '' : `H${x(index)}`}V${y(value)}`,
  );
  return `${steps.join('')}H${x(values.length)}`;
}

function loadOf({ from, load }: GroupDay, { x, yCpu }: DayScale): string {
  return runsOf(load)
    .map(({ first, values }) => {
      const points = values.map(
        (value, index) => `${x(instantOf(from, load, first + index + 0.5))},${yCpu(value)}`,
      );
      return `M${points.join('L')}`;
    })
    .join('');
}

function instantOf(from: string, { stepSeconds }: Series, index: number): number {
  return Date.parse(from) + index * stepSeconds * 1000;
}

/** Pointing at the picture shows how things were at that moment, and why. */
function explainWhereYouPoint(
  drawing: SVGElement,
  cursor: SVGElement,
  { day, activities, formatTime }: DayInput,
  scale: DayScale,
): void {
  drawing.addEventListener('pointermove', ({ target, clientX, clientY }) => {
    const place = Math.min(scale.right, Math.max(scale.left, clientX - drawing.getBoundingClientRect().left));
    cursor.setAttribute('x1', String(place));
    cursor.setAttribute('x2', String(place));
    if ((target as Element).closest('[data-tip]')) return;
    const at = scale.instantAt(place);
    const known = (series: Series) => valueAt(day, series, at) ?? '–';
    const counts = `${say('desired')} ${known(day.desired)}, ${say('inService')} ${known(day.inService)}`;
    const last = activities.find(({ startedAt }) => startedAt <= at);
    const why = last ? [`${formatTime(last.startedAt)} ${titleOf(last)}`] : [];
    showTooltipAt(
      [`${formatTime(at)} ${counts}, CPU ${known(day.load)} %`, ...why].join('\n'),
      clientX,
      clientY,
    );
  });
  drawing.addEventListener('pointerleave', hideTooltip);
}

function legend({ windows }: GroupDay): HTMLElement {
  const entries: [string, Word][] = [
    ['desired', 'desired'],
    ['in-service', 'inService'],
    ['load', 'load'],
    ...(windows.length > 0 ? ([['window', 'window']] as [string, Word][]) : []),
    ['out', 'scaleOut'],
    ['in', 'scaleIn'],
    ['held', 'heldBack'],
    ['lost', 'serverLost'],
  ];
  return element(
    'ul',
    { class: 'legend' },
    ...entries.map(([kind, word]) =>
      element('li', {}, element('i', { class: kind, 'aria-hidden': 'true' }), say(word)),
    ),
  );
}

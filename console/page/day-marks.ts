import type { Activity } from '../../shared/domain/activity.ts';
import type { DayScale } from './day-scale.ts';
import { shape } from './elements.ts';
import { detailOf, statusWord, titleOf } from './words.ts';

/** Changes of one direction this near to each other share a label. */
const togetherPx = 80;
/** Of a label's text, on average. */
const letterPx = 7.5;
const lineHeightPx = 16;

/**
 * One mark per activity, each with its reason. One of them takes the Tab key, the arrow keys go on from there. That lost
 * servers are replaced has no mark: it would cover the cross of the loss, minutes before it.
 */
export function activityMarks(
  activities: readonly Activity[],
  scale: DayScale,
  formatTime: (at: number) => string,
): SVGElement[] {
  const marks = activities
    .filter(({ reason }) => reason !== 'ServersReplaced')
    .toReversed()
    .map((activity) => markOf(activity, scale, formatTime));
  marks.at(-1)?.setAttribute('tabindex', '0');
  for (const [index, mark] of marks.entries()) {
    mark.addEventListener('keydown', ({ key }) => {
      const next = key === 'ArrowRight' ? index + 1 : key === 'ArrowLeft' ? index - 1 : index;
      marks[next]?.focus();
    });
  }
  return marks;
}

function markOf(activity: Activity, { x, y }: DayScale, formatTime: (at: number) => string): SVGElement {
  const { activityId, startedAt, from, to, statusCode } = activity;
  const lost = activity.reason === 'ServersLost';
  // A loss that was recorded is no success.
  const outcome = [lost ? '' : statusWord(statusCode), detailOf(activity)];
  const text = [`${formatTime(startedAt)} ${titleOf(activity)}`, outcome.filter(Boolean).join(': ')];
  const kind = to > from ? 'out' : to < from ? 'in' : lost ? 'lost' : 'held';
  const attributes = {
    class: `mark ${kind}`,
    tabindex: -1,
    role: 'img',
    'aria-label': text.join(' '),
    'data-tip': text.join('\n'),
    'data-key': activityId,
  };
  const [middle, tip] = [x(startedAt), y(to)];
  if (kind === 'lost') {
    const d = `M${middle - 5},${tip - 5}l10,10m-10,0l10,-10`;
    return shape('path', { ...attributes, d });
  }
  if (kind === 'held') return shape('circle', { ...attributes, cx: middle, cy: tip, r: 4 });
  const foot = kind === 'out' ? tip + 11 : tip - 11;
  return shape('polygon', {
    ...attributes,
    points: `${middle - 6},${foot} ${middle + 6},${foot} ${middle},${tip}`,
  });
}

interface Label {
  readonly out: boolean;
  readonly text: string;
  /** How many came or went: where there is no room for all, the larger change is named. */
  readonly servers: number;
  readonly start: number;
  readonly end: number;
  readonly y: number;
}

/** Who made the group larger or smaller, written beside the stairs: `+6 qps-high, cpu-high`. */
export function activityLabels(changes: readonly Activity[], scale: DayScale): SVGElement[] {
  const clusters: Activity[][] = [];
  for (const change of changes.toReversed()) {
    const last = clusters.at(-1)?.at(-1);
    if (last && together(last, change, scale)) clusters.at(-1)!.push(change);
    else clusters.push([change]);
  }
  const labels = clusters.map((cluster) => labelOf(cluster, scale));
  const placed: Label[] = [];
  for (const label of labels.sort((one, other) => other.servers - one.servers)) {
    if (!placed.some((other) => overlap(label, other))) placed.push(label);
  }
  return placed.map(({ out, text, start, end, y }) =>
    shape(
      'text',
      { class: `label ${out ? 'out' : 'in'}`, x: out ? end : start, y, 'text-anchor': out ? 'end' : 'start' },
      text,
    ),
  );
}

function overlap(one: Label, other: Label): boolean {
  return one.start < other.end && other.start < one.end && Math.abs(one.y - other.y) < lineHeightPx;
}

function together(one: Activity, next: Activity, { x }: DayScale): boolean {
  const sameWay = one.to > one.from === next.to > next.from;
  return sameWay && x(next.startedAt) - x(one.startedAt) < togetherPx;
}

/** Beside the top of the stairs there is room: before them on the way up, behind them on the way down. */
function labelOf(cluster: readonly Activity[], { x, y, left, right }: DayScale): Label {
  const [first, last] = [cluster[0]!, cluster.at(-1)!];
  const change = last.to - first.from;
  const out = change > 0;
  const who = [...new Set(cluster.map(({ by, trigger }) => by ?? trigger))].join(', ');
  const text = `${out ? '+' : '−'}${Math.abs(change)} ${who}`;
  const length = text.length * letterPx;
  const top = y(out ? last.to : first.from);
  const label = { out, text, servers: Math.abs(change) };
  const beside = out ? x(last.startedAt) - 9 : x(first.startedAt) + 9;
  const fits = out ? beside - length > left : beside + length < right;
  if (!fits) {
    const start = out ? left : right - length;
    return { ...label, start, end: start + length, y: top - 14 };
  }
  return { ...label, start: out ? beside - length : beside, end: out ? beside : beside + length, y: top + 5 };
}

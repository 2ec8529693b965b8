import type { Activity } from '../../shared/domain/activity.ts';
import type { ConsoleState } from '../state.ts';
import { chineseReason } from './chinese-reasons.ts';
import { byId, element } from './elements.ts';
import { formatter, language, say, type Word } from './words.ts';

type Cell = string | HTMLElement;

/** The activity log, newest first, as far as it matches what was typed into the search. */
export function drawLog(log: readonly Activity[], timeZone: string): void {
  const formatTime = formatter(timeZone, true);
  const wanted = byId<HTMLInputElement>('search').value.trim().toLowerCase();
  const rows = log
    .filter((activity) => !wanted || JSON.stringify(activity).toLowerCase().includes(wanted))
    .map((activity) => [formatTime(activity.startedAt), activity.group, whyOf(activity), statusOf(activity)]);
  fillTable('log', ['time', 'group', 'why', 'status'], rows);
}

/** The engine's own sentence; in Chinese its reason comes first. */
function whyOf({ reason, message, statusMessage }: Activity): string {
  const sentence = statusMessage ? `${message}; ${statusMessage}` : message;
  return language() === 'zh' ? `${chineseReason(reason)}：${sentence}` : sentence;
}

function statusOf({ from, to, statusCode }: Activity): HTMLElement {
  return from === to
    ? element('span', { class: 'quiet' }, say('heldBack'))
    : element('span', { class: `status ${statusCode}` }, statusCode);
}

/** What opens in the next fortnight, of all groups. */
export function drawUpcoming({ groups, timeZone }: ConsoleState): void {
  const formatTime = formatter(timeZone, true);
  const rows = groups
    .flatMap(({ name, upcoming }) => upcoming.map((opening) => ({ name, ...opening })))
    .sort((one, other) => one.start.localeCompare(other.start))
    .map(({ name, window, start, end, effect }) => [
      formatTime(start),
      formatTime(end),
      name,
      window,
      effect,
    ]);
  fillTable('upcoming', ['opens', 'closes', 'group', 'window', 'effect'], rows);
}

function fillTable(id: string, columns: Word[], rows: Cell[][]): void {
  const head = element('tr', {}, ...columns.map((column) => element('th', { scope: 'col' }, say(column))));
  const body = rows.map((cells) => element('tr', {}, ...cells.map((cell) => element('td', {}, cell))));
  const none = element('tr', {}, element('td', { colspan: columns.length, class: 'quiet' }, say('none')));
  byId(id).replaceChildren(
    element('thead', {}, head),
    element('tbody', {}, ...(body.length > 0 ? body : [none])),
  );
}

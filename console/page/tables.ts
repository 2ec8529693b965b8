import type { Activity } from '../../shared/domain/activity.ts';
import type { ConsoleState } from '../state.ts';
import { byId, element } from './elements.ts';
import { detailOf, formatter, language, say, sentence, statusWord, titleOf, type Word } from './words.ts';

type Cell = string | HTMLElement;

/** More are found by searching. */
const mostRows = 300;

/** The activity log, newest first, as far as it matches what was typed into the search. */
export function drawLog(log: readonly Activity[], timeZone: string): void {
  const formatTime = formatter(timeZone, true);
  const wanted = byId<HTMLInputElement>('search').value.trim().toLowerCase();
  const found = log
    .map((activity) => ({ activity, when: formatTime(activity.startedAt), why: whyOf(activity) }))
    .filter(({ activity, when, why }) =>
      `${when} ${why} ${statusText(activity)} ${JSON.stringify(activity)}`.toLowerCase().includes(wanted),
    );
  const rows = found
    .slice(0, mostRows)
    .map(({ activity, when, why }) => [when, activity.group, why, statusOf(activity)]);
  fillTable('log', ['time', 'group', 'why', 'status'], rows, found.length - rows.length);
}

function whyOf(activity: Activity): string {
  const detail = detailOf(activity);
  return detail ? `${titleOf(activity)}; ${detail}` : titleOf(activity);
}

function statusText({ from, to, reason, statusCode }: Activity): string {
  if (reason === 'ServersLost') return say('serverLost');
  if (reason === 'ServersReplaced') return statusWord(statusCode);
  return from === to ? say('heldBack') : statusWord(statusCode);
}

function statusOf(activity: Activity): HTMLElement {
  const kind = activity.from === activity.to ? 'quiet' : `status ${activity.statusCode}`;
  return element('span', { class: kind }, statusText(activity));
}

/** What opens in the next fortnight, of all groups. */
export function drawUpcoming({ groups, timeZone }: ConsoleState): void {
  const [formatTime, formatTimeAlone] = [formatter(timeZone, true), formatter(timeZone, false)];
  const dayOf = (at: string) => new Date(at).toLocaleDateString('en-CA', { timeZone });
  const rows = groups
    .flatMap(({ name, upcoming }) => upcoming.map((opening) => ({ name, ...opening })))
    .sort((one, other) => one.start.localeCompare(other.start))
    .map(({ name, window, start, end, effect }) => [
      formatTime(start),
      dayOf(start) === dayOf(end) ? formatTimeAlone(end) : formatTime(end),
      name,
      window,
      sentence(effect, name),
    ]);
  fillTable('upcoming', ['opens', 'closes', 'group', 'window', 'effect'], rows);
}

/** What each table was filled with: it stays, with its place and what is selected in it, while nothing has changed. */
const filledWith = new Map<string, string>();

function fillTable(id: string, columns: Word[], rows: Cell[][], rest = 0): void {
  const text = (cell: Cell) => (typeof cell === 'string' ? cell : cell.outerHTML);
  const from = JSON.stringify([language(), rest, rows.map((cells) => cells.map(text))]);
  if (filledWith.get(id) === from) return;
  filledWith.set(id, from);
  const head = element('tr', {}, ...columns.map((column) => element('th', { scope: 'col' }, say(column))));
  const body = rows.map((cells) => element('tr', {}, ...cells.map((cell) => element('td', {}, cell))));
  const note = rest > 0 ? `+ ${rest} ${say('moreRows')}` : rows.length === 0 ? say('none') : undefined;
  if (note)
    body.push(element('tr', {}, element('td', { colspan: columns.length, class: 'quiet note' }, note)));
  byId(id).replaceChildren(element('thead', {}, head), element('tbody', {}, ...body));
}

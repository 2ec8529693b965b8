import type { Activity } from '../../shared/domain/activity.ts';
import type { ConsoleState, GroupDay } from '../state.ts';
import { act, readDay, readLog, readState } from './api.ts';
import { byId, element } from './elements.ts';
import { groupCard } from './group-card.ts';
import { language, say, switchLanguage, type Word } from './words.ts';

const refreshMilliseconds = 5000;
const speeds = [1, 60, 600];

interface Seen {
  readonly state: ConsoleState;
  readonly days: ReadonlyMap<string, GroupDay>;
  readonly log: readonly Activity[];
}

let seen: Seen | undefined;
let busy = false;

async function refresh(): Promise<void> {
  if (busy) return;
  busy = true;
  try {
    const [state, log] = await Promise.all([readState(), readLog()]);
    const days = await Promise.all(
      state.groups.map(async ({ name }) => [name, await readDay(name)] as const),
    );
    seen = { state, days: new Map(days), log };
    byId('problem').hidden = true;
    draw();
  } catch (error) {
    byId('problem').textContent = `${say('unreachable')}: ${(error as Error).message}`;
    byId('problem').hidden = false;
  } finally {
    busy = false;
  }
}

function formatter(timeZone: string, withDay: boolean): (at: string | number) => string {
  const day = { month: '2-digit', day: '2-digit', weekday: 'short' } as const;
  const format = new Intl.DateTimeFormat(language() === 'zh' ? 'zh-CN' : 'en-GB', {
    timeZone,
    hour: '2-digit',
    minute: '2-digit',
    ...(withDay ? day : {}),
  });
  return (at) => format.format(new Date(at));
}

function draw(): void {
  drawFrame();
  if (!seen) return;
  const { state, days } = seen;
  byId('fleet-name').textContent = state.fleet;
  byId('clock').textContent = `${formatter(state.timeZone, true)(state.now)} ${state.timeZone}`;
  // A redraw must not take the keyboard's focus or an open tooltip away from somebody who is reading.
  if (!byId('groups').contains(document.activeElement) && byId('tooltip').hidden) {
    const context = { formatTime: formatter(state.timeZone, false), refresh: () => void refresh() };
    byId('groups').replaceChildren(
      ...state.groups.map((group) => groupCard(group, days.get(group.name)!, context)),
    );
  }
  drawWorld(state);
  drawLog();
  drawUpcoming(state);
}

/** What does not depend on what was read. */
function drawFrame(): void {
  document.documentElement.lang = language() === 'zh' ? 'zh-CN' : 'en';
  byId('language').textContent = say('language');
  byId('theme').textContent = say(document.documentElement.dataset['theme'] === 'dark' ? 'light' : 'dark');
  byId('log-title').textContent = say('log');
  byId('search-label').textContent = say('search');
  byId('upcoming-title').textContent = say('upcoming');
  byId('world-title').textContent = say('world');
}

function drawWorld({ world, groups }: ConsoleState): void {
  byId('world').hidden = !world;
  if (!world || byId('world').contains(document.activeElement)) return;
  const speed = element(
    'select',
    { id: 'speed' },
    ...[...new Set([...speeds, world.speed])]
      .sort((a, b) => a - b)
      .map((times) =>
        element('option', { value: times, ...(times === world.speed ? { selected: '' } : {}) }, `${times} ×`),
      ),
  );
  speed.addEventListener(
    'change',
    () => void act({ action: 'speed', speed: Number(speed.value) }).then(refresh),
  );
  const buttons = groups.flatMap(({ name }) => [
    worldButton(`${say('flashCrowd')}: ${name}`, { action: 'flash-crowd', group: name }),
    worldButton(`${say('killServer')}: ${name}`, { action: 'kill-server', group: name }),
  ]);
  byId('world-controls').replaceChildren(element('label', {}, `${say('speed')} `, speed), ...buttons);
}

function worldButton(text: string, action: Parameters<typeof act>[0]): HTMLElement {
  const button = element('button', { type: 'button' }, text);
  button.addEventListener('click', () => void act(action).then(refresh));
  return button;
}

function drawLog(): void {
  if (!seen) return;
  const formatTime = formatter(seen.state.timeZone, true);
  const wanted = byId<HTMLInputElement>('search').value.trim().toLowerCase();
  const rows = seen.log
    .filter((activity) => !wanted || JSON.stringify(activity).toLowerCase().includes(wanted))
    .map(({ startedAt, group, from, to, message, statusCode }) => [
      formatTime(startedAt),
      group,
      `${from} → ${to}`,
      message,
      statusCode,
    ]);
  fillTable('log', ['time', 'group', 'change', 'why', 'status'], rows);
}

function drawUpcoming({ groups, timeZone }: ConsoleState): void {
  const formatTime = formatter(timeZone, true);
  const rows = groups
    .flatMap(({ name, upcoming }) => upcoming.map((opening) => ({ name, ...opening })))
    .sort((a, b) => a.start.localeCompare(b.start))
    .map(({ name, window, start, end, effect }) => [
      formatTime(start),
      formatTime(end),
      name,
      window,
      effect,
    ]);
  fillTable('upcoming', ['opens', 'closes', 'group', 'window', 'effect'], rows);
}

function fillTable(id: string, columns: Word[], rows: string[][]): void {
  const head = element('tr', {}, ...columns.map((column) => element('th', { scope: 'col' }, say(column))));
  byId(id).replaceChildren(
    element('thead', {}, head),
    element(
      'tbody',
      {},
      ...rows.map((cells) => element('tr', {}, ...cells.map((cell) => element('td', {}, cell)))),
    ),
  );
}

function chooseTheme(theme: string): void {
  document.documentElement.dataset['theme'] = theme;
  drawFrame();
}

byId('language').addEventListener('click', () => {
  switchLanguage();
  draw();
});
byId('theme').addEventListener('click', () => {
  chooseTheme(document.documentElement.dataset['theme'] === 'dark' ? 'light' : 'dark');
});
byId('search').addEventListener('input', drawLog);
chooseTheme(matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light');
void refresh();
setInterval(() => void refresh(), refreshMilliseconds);

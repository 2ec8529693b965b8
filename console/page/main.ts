import type { Activity } from '../../shared/domain/activity.ts';
import type { ConsoleState, GroupDay } from '../state.ts';
import { readDay, readLog, readState, Unreachable } from './api.ts';
import { byId, element } from './elements.ts';
import { groupCard } from './group-card.ts';
import { drawOverview } from './overview.ts';
import { drawLog, drawUpcoming } from './tables.ts';
import { listenForTooltips } from './tooltip.ts';
import {
  chooseLanguage,
  formatter,
  language,
  languageNames,
  locale,
  nearFormatter,
  say,
  setFleet,
} from './words.ts';
import { drawWorld } from './world.ts';

const refreshMilliseconds = 5000;
/** Of a picture; a page that nobody sees may have no width at all. */
const leastWidth = 240;

interface Seen {
  readonly state: ConsoleState;
  readonly days: ReadonlyMap<string, GroupDay>;
  readonly log: readonly Activity[];
}

let seen: Seen | undefined;
let busy = false;
/** Somebody changed something while it was being read. */
let again = false;
/** What each card was drawn from: it stays as it is while nothing has changed. */
const drawnFrom = new Map<string, string>();

async function refresh(): Promise<void> {
  if (document.hidden) return;
  if (busy) {
    again = true;
    return;
  }
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
    complain(error as Error);
  } finally {
    busy = false;
  }
  if (!again) return;
  again = false;
  await refresh();
}

/** What is on the page stays: it says of when it is. */
function complain(error: Error): void {
  const { message } = error;
  const what = error instanceof Unreachable ? message : `${say('unreadable')}: ${message}`;
  const asOf = seen && `${say('asOf')} ${formatter(seen.state.timeZone, true)(seen.state.now)}`;
  if (!seen) byId('clock').textContent = '';
  byId('problem').textContent = [what, asOf].filter(Boolean).join('\n');
  byId('problem').hidden = false;
}

function draw(): void {
  drawFrame();
  if (!seen) return;
  const { state, log } = seen;
  setFleet(state);
  document.querySelector('main')!.hidden = false;
  document.title = `${state.fleet} – Rushhour`;
  byId('fleet-name').textContent = state.fleet;
  byId('clock').textContent = `${formatter(state.timeZone, true)(state.now)} ${state.timeZone}`;
  const wanted = document.activeElement?.getAttribute('data-key');
  for (const { name } of state.groups) drawCard(seen, name);
  if (wanted && document.activeElement === document.body)
    document.querySelector<HTMLElement>(`[data-key="${CSS.escape(wanted)}"]`)?.focus();
  drawOverview(state);
  drawWorld(state, () => void refresh());
  drawLog(log, state.timeZone);
  drawUpcoming(state);
}

function drawCard({ state, days, log }: Seen, name: string): void {
  const group = state.groups.find((one) => one.name === name)!;
  const day = days.get(name)!;
  const activities = log.filter((activity) => activity.group === name);
  const groups = byId('groups');
  // Without a card's border and padding.
  const width = Math.max(leastWidth, groups.clientWidth - 34);
  const from = JSON.stringify([group, day, activities, width, language()]);
  if (drawnFrom.get(name) === from) return;
  drawnFrom.set(name, from);
  const card = groupCard({
    group,
    day,
    activities,
    width,
    formatTime: formatter(state.timeZone, false),
    formatWhen: nearFormatter(state.timeZone, state.now),
    refresh: () => void refresh(),
  });
  const old = groups.querySelector(`[data-group="${CSS.escape(name)}"]`);
  if (old) old.replaceWith(card);
  else groups.append(card);
}

/** What does not depend on what was read. */
function drawFrame(): void {
  document.documentElement.lang = locale();
  if (!seen) byId('clock').textContent = say('loading');
  byId('language').setAttribute('aria-label', say('language'));
  byId<HTMLSelectElement>('language').value = language();
  byId('theme').textContent = say(document.documentElement.dataset['theme'] === 'dark' ? 'light' : 'dark');
  byId('log-title').textContent = say('log');
  byId('search-label').textContent = say('search');
  byId('upcoming-title').textContent = say('upcoming');
  byId('world-title').textContent = say('world');
}

function chooseTheme(theme: string): void {
  document.documentElement.dataset['theme'] = theme;
  drawFrame();
}

byId('language').replaceChildren(
  ...languageNames.map(([value, name]) => element('option', { value, lang: value }, name)),
);
byId<HTMLSelectElement>('language').addEventListener('change', ({ target }) => {
  chooseLanguage((target as HTMLSelectElement).value);
  draw();
});
byId('theme').addEventListener('click', () => {
  const theme = document.documentElement.dataset['theme'] === 'dark' ? 'light' : 'dark';
  localStorage.setItem('theme', theme);
  chooseTheme(theme);
});
byId('search').addEventListener('input', () => {
  if (seen) drawLog(seen.log, seen.state.timeZone);
});
const dark = matchMedia('(prefers-color-scheme: dark)');
const themeNow = () => localStorage.getItem('theme') ?? (dark.matches ? 'dark' : 'light');
dark.addEventListener('change', () => chooseTheme(themeNow()));
document.addEventListener('visibilitychange', () => void refresh());
window.addEventListener('resize', draw);
listenForTooltips();
chooseTheme(themeNow());
void refresh();
setInterval(() => void refresh(), refreshMilliseconds);

import type { GroupDay, GroupView } from '../state.ts';
import { ask } from './ask.ts';
import { dayPicture } from './day-picture.ts';
import { element } from './elements.ts';
import { say } from './words.ts';

export interface CardContext {
  readonly formatTime: (at: string) => string;
  readonly refresh: () => void;
}

/** One group: its size and why, its day, what makes up the number, and what can be done about it. */
export function groupCard(group: GroupView, day: GroupDay, context: CardContext): HTMLElement {
  const { name, desired, inService, minSize, maxSize } = group;
  const title = `group-${name}`;
  return element(
    'section',
    { class: 'group', 'aria-labelledby': title, 'data-group': name },
    element(
      'header',
      {},
      element('h2', { id: title }, name),
      element('span', { class: 'size' }, `${inService} / ${desired}`),
      element('span', { class: 'quiet' }, `${minSize}–${maxSize}`),
    ),
    element('p', { class: 'why' }, group.message),
    ...notes(group, context),
    dayPicture(name, day, context.formatTime),
    element('div', { class: 'facts' }, layers(group), alarms(group, context), servers(group)),
    buttons(group, context),
  );
}

function notes({ pause, blockers }: GroupView, { formatTime }: CardContext): HTMLElement[] {
  const until = (at: string | undefined) => (at ? ` (→ ${formatTime(at)})` : '');
  const texts = blockers.map((blocker) => blocker.message + until(blocker.until));
  if (pause) texts.unshift(`${say('pausedBy')} ${pause.owner}: ${pause.reason}${until(pause.until)}`);
  return texts.map((text) => element('p', { class: 'quiet' }, text));
}

function list(title: string, rows: HTMLElement[]): HTMLElement {
  const shown = rows.length > 0 ? rows : [element('li', { class: 'quiet' }, say('none'))];
  return element('div', {}, element('h3', {}, title), element('ul', {}, ...shown));
}

function row(left: string, right: string, emphasis?: string): HTMLElement {
  return element('li', {}, element('span', {}, left), element('span', { class: emphasis ?? 'quiet' }, right));
}

function layers(group: GroupView): HTMLElement {
  return list(
    say('layers'),
    group.layers.map(({ layer, by, servers: count }) =>
      row(by === layer ? layer : `${layer}: ${by}`, String(count)),
    ),
  );
}

function alarms(group: GroupView, { formatTime }: CardContext): HTMLElement {
  return list(
    say('alarms'),
    group.alarms.map(({ name, value, since, condition }) =>
      row(
        `${name}: ${condition}`,
        `${value} ${formatTime(since)}`,
        value === 'ALARM' ? 'in-alarm' : undefined,
      ),
    ),
  );
}

function servers(group: GroupView): HTMLElement {
  return list(
    say('servers'),
    group.servers.map(({ id, state, health, protectedFromScaleIn }) =>
      row(id, [state, health, ...(protectedFromScaleIn ? [say('protected')] : [])].join(', ')),
    ),
  );
}

function buttons({ name, pause }: GroupView, { refresh }: CardContext): HTMLElement {
  const actions = ['bump', pause ? 'resume' : 'pause', 'adopt'] as const;
  return element(
    'div',
    { class: 'buttons' },
    ...actions.map((action) => {
      const button = element('button', { type: 'button', 'data-action': action }, say(action));
      button.addEventListener('click', () => ask(action, name, refresh));
      return button;
    }),
  );
}

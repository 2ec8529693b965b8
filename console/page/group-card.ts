import type { Activity } from '../../shared/domain/activity.ts';
import type { GroupDay, GroupView } from '../state.ts';
import { ask } from './ask.ts';
import { dayPicture } from './day-picture.ts';
import { element } from './elements.ts';
import { statusOf } from './status.ts';
import { countedIn, decisionOf, say, sentence, titleOf, type Word, wordFor } from './words.ts';

const mostServers = 8;

export interface CardInput {
  readonly group: GroupView;
  readonly day: GroupDay;
  /** Of this group, newest first. */
  readonly activities: readonly Activity[];
  readonly width: number;
  readonly formatTime: (at: number | string) => string;
  /** With the day where it is not of these 24 hours. */
  readonly formatWhen: (at: number | string) => string;
  readonly refresh: () => void;
}

/** One group: its size and why, its day, what makes up the number, and what can be done about it. */
export function groupCard(input: CardInput): HTMLElement {
  const { group } = input;
  const { name, desired, inService, minSize, maxSize } = group;
  const title = `group-${name}`;
  const state = statusOf(group);
  return element(
    'section',
    { class: 'group', 'aria-labelledby': title, 'data-group': name },
    element(
      'header',
      {},
      element('h2', { id: title }, name),
      element('span', { class: `state ${state}` }, say(state)),
      element(
        'strong',
        { class: 'size' },
        inService === desired ? `${desired}` : `${inService} → ${desired}`,
      ),
      element(
        'span',
        { class: 'quiet' },
        `${countedIn(desired, name)} · ${say('least')} ${minSize} · ${say('most')} ${maxSize}`,
      ),
      buttons(input),
    ),
    ...sentences(input),
    dayPicture({ ...input, group: name }),
    element('div', { class: 'facts' }, layers(group), rules(group), servers(group)),
  );
}

function sentences({ group, activities, formatWhen }: CardInput): HTMLElement[] {
  const { pause } = group;
  const last = activities.find(({ from, to }) => from !== to);
  const all: [Word, string | undefined][] = [
    ['lastChange', last && `${formatWhen(last.startedAt)} ${titleOf(last)}`],
    ['now', decisionOf(group)],
    [
      'pausedBy',
      pause && `${pause.owner}: ${pause.reason}${pause.until ? ` (→ ${formatWhen(pause.until)})` : ''}`,
    ],
  ];
  return all
    .filter(([, text]) => text)
    .map(([word, text]) => element('p', { class: 'why' }, element('b', {}, say(word)), ` ${text}`));
}

function list(title: string, rows: HTMLElement[]): HTMLElement {
  const shown = rows.length > 0 ? rows : [element('li', { class: 'quiet' }, say('none'))];
  return element('div', {}, element('h3', {}, title), element('ul', {}, ...shown));
}

function layers(group: GroupView): HTMLElement {
  return list(
    say('layers'),
    group.layers.map(({ layer, servers: count, why }) =>
      element(
        'li',
        {},
        element('span', { class: 'count' }, String(count)),
        element('span', {}, element('b', {}, wordFor(layer)), ` ${sentence(why, group.name)}`),
      ),
    ),
  );
}

function rules(group: GroupView): HTMLElement {
  return list(
    say('rules'),
    group.rules.map(({ value, urgent, near, why }) =>
      element(
        'li',
        {},
        element('span', { class: urgent ? 'value in-alarm' : near ? 'value near' : 'value' }, wordFor(value)),
        element('span', {}, sentence(why, group.name)),
      ),
    ),
  );
}

function servers(group: GroupView): HTMLElement {
  const rows = group.servers.slice(0, mostServers).map(({ id, lifecycle, protectedFromScaleIn }) => {
    const facts = [say(lifecycle), ...(protectedFromScaleIn ? [say('protected')] : [])];
    return element('li', {}, element('code', {}, id), element('span', { class: 'quiet' }, facts.join(', ')));
  });
  const rest = group.servers.length - rows.length;
  if (rest > 0) rows.push(element('li', { class: 'quiet' }, `+ ${rest} ${say('more')}`));
  return list(say('servers'), rows);
}

function buttons({ group: { name, pause }, refresh }: CardInput): HTMLElement {
  const actions = ['bump', pause ? 'resume' : 'pause', 'adopt'] as const;
  return element(
    'div',
    { class: 'buttons' },
    ...actions.map((action) => {
      const attributes = { type: 'button', 'data-action': action, 'data-key': `${name} ${action}` };
      const button = element('button', attributes, say(action), hidden(` ${name}`));
      button.addEventListener('click', () => ask(action, name, refresh));
      return button;
    }),
  );
}

/** For those who do not see which card a button is on. */
function hidden(text: string): HTMLElement {
  return element('span', { class: 'unseen' }, text);
}

import type { ConsoleState } from '../state.ts';
import { byId, element } from './elements.ts';
import { statusOf } from './status.ts';
import { say } from './words.ts';

/** So few fit on a screen or two, where everybody finds them. */
const fewGroups = 3;

/** All groups of a large fleet at a glance, each with its number and how it is, and the way to its card. */
export function drawOverview({ groups }: ConsoleState): void {
  const overview = byId('overview');
  overview.hidden = groups.length <= fewGroups;
  if (overview.hidden || overview.contains(document.activeElement)) return;
  const links = groups.map((group) => {
    const state = statusOf(group);
    return element(
      'li',
      {},
      element(
        'a',
        { href: `#group-${group.name}` },
        element('i', { class: `state ${state}`, 'aria-hidden': 'true' }),
        group.name,
        element('strong', {}, String(group.desired)),
        ...(state === 'steady' ? [] : [element('span', { class: 'quiet' }, say(state))]),
      ),
    );
  });
  overview.setAttribute('aria-label', say('group'));
  overview.replaceChildren(element('ul', {}, ...links));
}

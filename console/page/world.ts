import type { ConsoleState, WorldAction } from '../state.ts';
import { act } from './api.ts';
import { byId, element } from './elements.ts';
import { tell } from './told.ts';
import { language, say, type Word } from './words.ts';

const speeds = [1, 10, 60, 300];
/** What the controls were drawn from: a choice that was made stays. */
let drawnFrom = '';

/** What the local cloud's world can be asked for: speed of time, a crowd, a dying server. */
export function drawWorld({ world, groups }: ConsoleState, done: () => void): void {
  byId('world').hidden = !world;
  const names = groups.map(({ name }) => name);
  const from = JSON.stringify([world, names, language()]);
  if (!world || from === drawnFrom || byId('world').contains(document.activeElement)) return;
  drawnFrom = from;
  const chosen = element('select', {}, ...names.map((name) => element('option', {}, name)));
  const button = (word: Word, told: Word, action: 'flash-crowd' | 'kill-server') => {
    const made = element('button', { type: 'button' }, say(word));
    made.addEventListener('click', () => {
      const group = chosen.value;
      ask({ action, group }, `${say(told)}: ${group}`, done);
    });
    return made;
  };
  byId('world-controls').replaceChildren(
    element('label', {}, `${say('speed')} `, speedChoice(world.speed, done)),
    element('label', {}, `${say('group')} `, chosen),
    button('flashCrowd', 'crowdComes', 'flash-crowd'),
    button('killServer', 'serverDies', 'kill-server'),
  );
}

function speedChoice(now: number, done: () => void): HTMLElement {
  const choices = [...new Set([...speeds, now])].sort((one, other) => one - other);
  const options = choices.map((times) =>
    element('option', { value: times, ...(times === now && { selected: '' }) }, `${times} ×`),
  );
  const choice = element('select', { id: 'speed' }, ...options);
  choice.addEventListener('change', () => {
    const speed = Number(choice.value);
    ask({ action: 'speed', speed }, `${say('speed')}: ${speed} ×`, done);
  });
  return choice;
}

function ask(action: WorldAction, said: string, done: () => void): void {
  act(action).then(
    () => {
      tell(said);
      done();
    },
    (error: Error) => tell(error.message),
  );
}

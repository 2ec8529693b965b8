import type { ConsoleState, WorldAction } from '../state.ts';
import { act } from './api.ts';
import { byId, element } from './elements.ts';
import { say } from './words.ts';

const speeds = [1, 10, 60, 300];

/** What the local cloud's world can be asked for: speed of time, a crowd, a dying server. */
export function drawWorld({ world, groups }: ConsoleState, done: () => void): void {
  byId('world').hidden = !world;
  if (!world || byId('world').contains(document.activeElement)) return;
  const buttons = groups.flatMap(({ name }) => [
    worldButton(`${say('flashCrowd')}: ${name}`, { action: 'flash-crowd', group: name }, done),
    worldButton(`${say('killServer')}: ${name}`, { action: 'kill-server', group: name }, done),
  ]);
  byId('world-controls').replaceChildren(
    element('label', {}, `${say('speed')} `, speedChoice(world.speed, done)),
    ...buttons,
  );
}

function speedChoice(now: number, done: () => void): HTMLElement {
  const choices = [...new Set([...speeds, now])].sort((one, other) => one - other);
  const options = choices.map((times) =>
    element('option', { value: times, ...(times === now && { selected: '' }) }, `${times} ×`),
  );
  const choice = element('select', { id: 'speed' }, ...options);
  choice.addEventListener('change', () => ask({ action: 'speed', speed: Number(choice.value) }, done));
  return choice;
}

function worldButton(text: string, action: WorldAction, done: () => void): HTMLElement {
  const button = element('button', { type: 'button' }, text);
  button.addEventListener('click', () => ask(action, done));
  return button;
}

function ask(action: WorldAction, done: () => void): void {
  act(action).then(done, (error: Error) => {
    byId('problem').textContent = error.message;
    byId('problem').hidden = false;
  });
}

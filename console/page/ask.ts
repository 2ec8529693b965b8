import { type Answer, toldOf, wasDone } from '../../shared/engine/answer.ts';
import type { ConsoleAction } from '../state.ts';
import { act } from './api.ts';
import { byId, element } from './elements.ts';
import { tell } from './told.ts';
import { answered, say, type Word } from './words.ts';

type Asked = 'bump' | 'pause' | 'resume' | 'adopt';

/** Asks for what an action needs, always with a reason, and carries it out. */
export function ask(action: Asked, group: string, done: () => void): void {
  const dialog = byId<HTMLDialogElement>('ask');
  const fields = byId('ask-fields');
  const problem = byId('ask-problem');
  byId('ask-title').textContent = `${say(action)}: ${group}`;
  byId('ask-confirm').textContent = say('confirm');
  byId('ask-cancel').textContent = say('cancel');
  problem.hidden = true;
  fields.replaceChildren(...fieldsOf(action), input('reason', 'text', 'reason', ''));
  byId('ask-cancel').onclick = () => dialog.close();
  const form = dialog.querySelector('form')!;
  form.onsubmit = async (event) => {
    event.preventDefault();
    const confirm = byId<HTMLButtonElement>('ask-confirm');
    // Pressing twice asks once.
    if (confirm.disabled) return;
    confirm.disabled = true;
    problem.hidden = true;
    try {
      tell(toldBy(group, await act(read(action, group, new FormData(form)))));
      dialog.close();
    } catch (error) {
      problem.textContent = (error as Error).message;
      problem.hidden = false;
    } finally {
      confirm.disabled = false;
      done();
    }
  };
  dialog.showModal();
}

/** @throws Error with why it was refused */
function toldBy(group: string, { decisions = [] }: Partial<Answer>): string {
  const sentences = toldOf({ decisions })
    .map((decision) => answered(group, decision))
    .join('; ');
  if (!wasDone({ decisions })) throw new Error(sentences);
  return sentences;
}

function fieldsOf(action: Asked): HTMLElement[] {
  const duration = input('for', 'text', 'duration', '');
  if (action === 'bump') return [input('adjustment', 'number', 'adjustment', '1'), duration];
  if (action === 'adopt') return [input('instances', 'text', 'instances', '')];
  if (action === 'resume') return [];
  const options = (['both', 'out', 'in'] as const).map((value) => element('option', { value }, say(value)));
  return [
    element('label', {}, say('direction'), element('select', { name: 'direction' }, ...options)),
    duration,
  ];
}

function input(name: string, type: string, label: Word, value: string): HTMLElement {
  return element('label', {}, say(label), element('input', { name, type, value }));
}

/** @throws Error when there is no reason */
function read(action: Asked, group: string, form: FormData): ConsoleAction {
  const text = (name: string) => String(form.get(name) ?? '').trim();
  const reason = text('reason');
  if (!reason) throw new Error(say('reasonNeeded'));
  const duration = text('for') || undefined;
  if (action === 'bump')
    return { action, group, adjustment: Number(text('adjustment')), for: duration, reason };
  if (action === 'adopt')
    return {
      action,
      group,
      instances: text('instances')
        .split(/[\s,]+/)
        .filter(Boolean),
      reason,
    };
  if (action === 'resume') return { action, group, reason };
  return { action, group, direction: text('direction') as 'both' | 'out' | 'in', for: duration, reason };
}

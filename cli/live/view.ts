/** What somebody looks at: which rows, which of them, or one group's explanation. */
export interface View {
  readonly mode: 'table' | 'filter' | 'explanation';
  /** Only groups whose name or sentence contains it are shown. */
  readonly filter: string;
  /** The name of a group, so that a row that comes or goes moves nobody's choice. */
  readonly selected: string | undefined;
  /** Lines of the explanation that have been scrolled away. */
  readonly scrolled: number;
}

export const firstView: View = { mode: 'table', filter: '', selected: undefined, scrolled: 0 };

/** A key as `node:readline` names it. */
export interface Key {
  readonly name?: string | undefined;
  /** What it types. */
  readonly sequence?: string | undefined;
  readonly ctrl?: boolean | undefined;
}

/** What a key does beyond the view. */
export type Pressed = { readonly view: View } | 'quit';

/**
 * @param names of the groups that the filter leaves, in their order
 * @param page rows that fit on the screen
 */
export function pressed(view: View, key: Key, names: readonly string[], page: number): Pressed {
  if (key.ctrl && (key.name === 'c' || key.name === 'd')) return 'quit';
  const step = steps(page)[key.name ?? ''];
  if (view.mode === 'explanation') {
    if (step !== undefined) return { view: { ...view, scrolled: Math.max(0, view.scrolled + step) } };
    return leaves(key) || key.name === 'return'
      ? { view: { ...view, mode: 'table', scrolled: 0 } }
      : { view };
  }
  if (step !== undefined) return { view: { ...view, selected: moved(view, names, step) } };
  if (view.mode === 'filter') return { view: typed(view, key) };
  if (key.name === 'q') return 'quit';
  if (key.sequence === '/') return { view: { ...view, mode: 'filter', filter: '' } };
  if (key.name === 'escape') return { view: { ...view, filter: '' } };
  const chosen = chosenOf(view, names);
  if (key.name === 'return' && chosen !== undefined)
    return { view: { ...view, mode: 'explanation', selected: chosen, scrolled: 0 } };
  return { view };
}

/** The group that is chosen: the first until somebody chooses, or when the chosen one is filtered away. */
export function chosenOf({ selected }: View, names: readonly string[]): string | undefined {
  return selected !== undefined && names.includes(selected) ? selected : names[0];
}

function steps(page: number): Readonly<Record<string, number>> {
  return { up: -1, down: 1, pageup: -page, pagedown: page, home: -Infinity, end: Infinity };
}

function moved(view: View, names: readonly string[], step: number): string | undefined {
  const place = names.indexOf(chosenOf(view, names) ?? '');
  return names[Math.min(Math.max(place + step, 0), names.length - 1)];
}

function typed(view: View, { name, sequence = '', ctrl }: Key): View {
  if (name === 'return') return { ...view, mode: 'table' };
  if (name === 'escape') return { ...view, mode: 'table', filter: '' };
  if (name === 'backspace') return { ...view, filter: [...view.filter].slice(0, -1).join('') };
  const isText = !ctrl && sequence !== '' && !/\p{C}/u.test(sequence);
  return isText ? { ...view, filter: view.filter + sequence } : view;
}

function leaves({ name }: Key): boolean {
  return name === 'q' || name === 'escape' || name === 'left';
}

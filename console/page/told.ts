import { byId } from './elements.ts';

const shownMilliseconds = 12_000;
let timer: ReturnType<typeof setTimeout> | undefined;

/** Says for a while what came of what was asked for. */
export function tell(text: string): void {
  const told = byId('told');
  // Screen readers say what changes in what is there already.
  told.hidden = false;
  told.textContent = text;
  clearTimeout(timer);
  timer = setTimeout(() => {
    told.hidden = true;
  }, shownMilliseconds);
}

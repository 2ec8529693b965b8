import { byId } from './elements.ts';

const gap = 14;

/** Shows `text` near a place of the window, wholly inside of it. */
export function showTooltipAt(text: string, x: number, y: number): void {
  const tooltip = byId('tooltip');
  tooltip.textContent = text;
  tooltip.hidden = false;
  const { width, height } = tooltip.getBoundingClientRect();
  const below = y + gap + height < innerHeight;
  tooltip.style.left = `${Math.max(4, Math.min(x + gap, innerWidth - width - 4))}px`;
  tooltip.style.top = `${Math.max(4, below ? y + gap : y - gap - height)}px`;
}

export function hideTooltip(): void {
  byId('tooltip').hidden = true;
}

/** Everything with a `data-tip` says it when it is pointed at or has the keyboard's focus; Escape puts it away. */
export function listenForTooltips(): void {
  const show = ({ target }: Event) => {
    const tipped = target instanceof Element ? target.closest<HTMLElement>('[data-tip]') : null;
    if (!tipped) return;
    const { left, bottom } = tipped.getBoundingClientRect();
    showTooltipAt(tipped.dataset['tip']!, left, bottom - gap / 2);
  };
  const hide = ({ target }: Event) => {
    if (target instanceof Element && target.closest('[data-tip]')) hideTooltip();
  };
  document.addEventListener('pointerover', show);
  document.addEventListener('pointerout', hide);
  document.addEventListener('focusin', show);
  document.addEventListener('focusout', hide);
  document.addEventListener('keydown', ({ key }) => {
    if (key === 'Escape') hideTooltip();
  });
}

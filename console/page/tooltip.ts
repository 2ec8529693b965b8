import { byId } from './elements.ts';

/** Shows `text` beside `target` while it is hovered or has the keyboard's focus. */
export function showTooltipOn(target: Element, text: string): void {
  const show = () => {
    const tooltip = byId('tooltip');
    tooltip.textContent = text;
    tooltip.hidden = false;
    const { left, bottom } = target.getBoundingClientRect();
    const { width, height } = tooltip.getBoundingClientRect();
    tooltip.style.left = `${Math.max(4, Math.min(left, innerWidth - width - 8))}px`;
    tooltip.style.top = `${Math.min(bottom + 6, innerHeight - height - 8)}px`;
  };
  const hide = () => {
    byId('tooltip').hidden = true;
  };
  target.addEventListener('mouseenter', show);
  target.addEventListener('focus', show);
  target.addEventListener('mouseleave', hide);
  target.addEventListener('blur', hide);
}

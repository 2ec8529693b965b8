import { stripVTControlCharacters } from 'node:util';

const wide = /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60]/;

/** Columns on a terminal: Chinese, Japanese and Korean characters take two. */
export function widthOf(text: string): number {
  let width = 0;
  for (const character of stripVTControlCharacters(text)) width += columnsOf(character);
  return width;
}

/** Plain text, cut to so many columns; an ellipsis stands for what is missing. */
export function fitted(text: string, columns: number): string {
  if (widthOf(text) <= columns) return text;
  let fits = '';
  let width = 1;
  for (const character of text) {
    width += columnsOf(character);
    if (width > columns) break;
    fits += character;
  }
  return columns > 0 ? `${fits}…` : '';
}

function columnsOf(character: string): number {
  return wide.test(character) ? 2 : character.length;
}

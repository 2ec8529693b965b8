/**
 * Control characters, which a terminal obeys; those that turn the direction of writing or have no width, by which words
 * look like others; halves of characters, and characters of private use. Variation selectors are of emoji, and harmless.
 * @see https://www.unicode.org/reports/tr36/ on what text may be mistaken for
 */
const hidden = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Zl}\p{Zp}]|(?![\ufe0e\ufe0f])\p{Default_Ignorable_Code_Point}/u;
const hiddenInLines = new RegExp(`(?![\\n\\t])(?:${hidden.source})`, 'gu');

/** Is everything in it seen, and as what it is? A line break is not. */
export function isPrintable(text: string): boolean {
  return !hidden.test(text);
}

/** The text with whatever is not seen written as `\u001b`; line breaks and tabs stay. */
export function visible(text: string): string {
  return text.replaceAll(hiddenInLines, (character) =>
    Array.from({ length: character.length }, (_, at) => escaped(character.charCodeAt(at))).join(''),
  );
}

function escaped(unit: number): string {
  return `\\u${unit.toString(16).padStart(4, '0')}`;
}

// A place for the word of a unit (`unit.ts`) counts as Chinese.
const chinese = /[\u4e00-\u9fff\ue000-\ue002，；：（）。？、]/;
const letterOrDigit = /[A-Za-z0-9+\u2212%'’]/;
const chineseLetter = /[\u4e00-\u9fff\ue000-\ue002]/;

/**
 * A template of Chinese: where a value meets the words around it there is a space between Chinese and what is written in other
 * letters, and none between Chinese and Chinese. What a value says itself, such as the reason of a person, stays as it is.
 */
export function spaced(words: TemplateStringsArray, ...values: readonly (string | number)[]): string {
  let text = words[0]!;
  for (const [index, value] of values.entries()) {
    text = joined(joined(text, String(value)), words[index + 1]!);
  }
  return text;
}

/** Two pieces of a sentence, with a space between them where Chinese writes one. */
export function joined(left: string, right: string): string {
  if (left === '' || right === '') return left + right;
  const before = left.trimEnd();
  const after = right.trimStart();
  const [last = '', first = ''] = [before.at(-1), after[0]];
  if (chinese.test(last) && chinese.test(first)) return before + after;
  const meets =
    (chineseLetter.test(last) && letterOrDigit.test(first)) ||
    (letterOrDigit.test(last) && chineseLetter.test(first));
  return meets ? `${before} ${after}` : left + right;
}

import { pairs } from './chinese-sentences.ts';

const placeholder = /(\{[^}]+\})/;
const rules = pairs.map(([english, chinese]) => ({ pattern: patternOf(english), chinese }));
const known = new Map<string, string>();
/** Sentences with times and measurements are new every minute. */
const mostKnown = 5000;

/** A sentence of the engine in Chinese; what has no translation stays as it is. */
export function inChinese(sentence: string): string {
  const before = known.get(sentence);
  if (before !== undefined) return before;
  if (known.size >= mostKnown) known.clear();
  const translated = spaced(translate(sentence));
  known.set(sentence, translated);
  return translated;
}

function translate(sentence: string): string {
  for (const { pattern, chinese } of rules) {
    const match = pattern.exec(sentence);
    if (!match) continue;
    return chinese.replace(/\{(\*?)(\w+)\}/g, (_, star: string, name: string) => {
      const words = match.groups![name]!;
      return star ? translate(words) : words;
    });
  }
  return sentence;
}

/** Chinese has no spaces within, and one before and after what is written in other letters. */
function spaced(text: string): string {
  return text
    .replace(/([\u4e00-\u9fff，；：（）。？]) (?=[\u4e00-\u9fff，；：（）])/g, '$1')
    .replace(/(?<=[\u4e00-\u9fff])(?=[A-Za-z0-9+−])|(?<=[A-Za-z0-9%])(?=[\u4e00-\u9fff])/g, ' ');
}

/** `asks for {n:\d+}` as `^asks for (?<n>\d+)$`. */
function patternOf(english: string): RegExp {
  const parts = english.split(placeholder).map((part) => {
    if (!placeholder.test(part)) return part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
    const [, name, looks = '.+?'] = /^\{\*?(\w+):?(.+)?\}$/s.exec(part)!;
    return `(?<${name}>${looks})`;
  });
  return new RegExp(`^${parts.join('')}$`, 's');
}

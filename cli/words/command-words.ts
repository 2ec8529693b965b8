import type { Language } from '../../shared/sentences/language.ts';
import { type CommandWords, englishWords } from './en.ts';
import { koreanWords } from './ko.ts';
import { chineseWords } from './zh.ts';

const words: Readonly<Record<Language, CommandWords>> = {
  en: englishWords,
  zh: chineseWords,
  ko: koreanWords,
};

/** The command's own words in the language in which the engine's sentences are said. */
export function commandWords(language: Language): CommandWords {
  return words[language];
}

/** How a count reads in that language: `1,200`. */
export function countIn({ locale }: CommandWords, count: number): string {
  return new Intl.NumberFormat(locale).format(count);
}

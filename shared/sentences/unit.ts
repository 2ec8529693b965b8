/** What a group is made of, in the words of those who run it. */
export type Unit = 'server' | 'task' | 'pod';

/** How a language calls one unit and several, and counts them: `4 台`, `4대`, nothing in English. */
export interface UnitWords {
  readonly one: string;
  readonly many: string;
  readonly count: string;
}

/**
 * Places in the text of a catalogue where the word for the group's unit goes. They are characters for private use, which no name and no
 * reason of a person has.
 */
export const unit: UnitWords = { one: '\uE000', many: '\uE001', count: '\uE002' };

const places = /[\uE000-\uE002]/;
const wordOf: Readonly<Record<string, keyof UnitWords>> = {
  [unit.one]: 'one',
  [unit.many]: 'many',
  [unit.count]: 'count',
};

/** Puts the words into their places. @param join two pieces of a sentence, as the language writes them together */
export function withUnit(
  text: string,
  words: UnitWords,
  join: (left: string, right: string) => string = (left, right) => left + right,
): string {
  let said = '';
  let rest = text;
  for (let at = rest.search(places); at >= 0; at = rest.search(places)) {
    said = join(join(said, rest.slice(0, at)), words[wordOf[rest[at]!]!]);
    rest = rest.slice(at + 1);
  }
  return join(said, rest);
}

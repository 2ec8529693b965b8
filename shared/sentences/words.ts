import type { Party, Sentence } from '../domain/sentence.ts';
import { hourMs } from '../units.ts';
import type { Catalogue, Words } from './catalogue.ts';
import { joined } from './spaced.ts';

const locales = { en: 'en-GB', zh: 'zh-CN', ko: 'ko-KR' } as const;
const halfADayMs = 12 * hourMs;
/** What people read has a minus sign, U+2212, and no hyphen. */
const minus = '\u2212';

/** Numbers, times and names as a language writes them, by `Intl`; the formats are made once. */
export function wordMaker(catalogue: Catalogue, timeZone: string): (now: number) => Words {
  const locale = locales[catalogue.language];
  const numbers = madeOnce(numbersMade, locale, () => numberWords(locale));
  const timeOf = madeOnce(timesMade, `${locale} ${timeZone}`, () => timeFormat(locale, timeZone));
  return (now) => {
    const words: Words = {
      ...numbers,
      servers: (count) => catalogue.servers(count, words),
      time: (at) => timeOf(at, now),
      party: (party) => partyWord(catalogue, party),
      parties: (parties) => words.list(parties.map(words.party)),
      sentence: (sentence) => sentenceOf(catalogue, sentence, words),
    };
    return words;
  };
}

type NumberWords = Pick<Words, 'plural' | 'number' | 'decimal' | 'signed' | 'percent' | 'minutes' | 'list'>;

/** By language, and by language and time zone: to make a format takes longer than to read a fleet. */
const numbersMade = new Map<string, NumberWords>();
const timesMade = new Map<string, ReturnType<typeof timeFormat>>();

function madeOnce<T>(made: Map<string, T>, key: string, make: () => T): T {
  const one = made.get(key) ?? make();
  made.set(key, one);
  return one;
}

/** One that a newer version wrote is said by its key. */
function sentenceOf({ sentences }: Catalogue, sentence: Sentence, words: Words): string {
  const make = sentences[sentence.key] as ((says: Sentence, words: Words) => string) | undefined;
  return make ? make(sentence, words) : sentence.key;
}

function partyWord({ parties }: Catalogue, party: Party): string {
  return parties[party.kind]('name' in party ? party.name : '');
}

function numberWords(
  locale: string,
): Pick<Words, 'plural' | 'number' | 'decimal' | 'signed' | 'percent' | 'minutes' | 'list'> {
  const plurals = new Intl.PluralRules(locale);
  const atMostTwo = new Intl.NumberFormat(locale, { maximumFractionDigits: 2 });
  const whole = new Intl.NumberFormat(locale, { style: 'percent' });
  const oneDecimal = new Intl.NumberFormat(locale, { style: 'percent', minimumFractionDigits: 1 });
  const twoDecimals = new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 2 });
  const oneDigit = new Intl.NumberFormat(locale, { style: 'percent', maximumSignificantDigits: 1 });
  const minutes = new Intl.NumberFormat(locale, { style: 'unit', unit: 'minute', unitDisplay: 'long' });
  const list = new Intl.ListFormat(locale, { style: 'long', type: 'conjunction' });
  const percentOf = (share: number): Intl.NumberFormat => {
    if (share >= 0.1 || share === 0) return whole;
    if (share >= 0.01) return oneDecimal;
    return share >= 0.001 ? twoDecimals : oneDigit;
  };
  const tenths = new Intl.NumberFormat(locale, { minimumFractionDigits: 1, maximumFractionDigits: 1 });
  const shown = (text: string) => text.replace('-', minus);
  return {
    plural: (count, forms) => forms[plurals.select(count)] ?? forms.other,
    number: (value) => shown(atMostTwo.format(value)),
    decimal: (value) => shown(tenths.format(value)),
    signed: (value) => (value < 0 ? shown(atMostTwo.format(value)) : `+${atMostTwo.format(Math.abs(value))}`),
    // Prices go down to 0.0001 %, where one digit counts.
    percent: (share) => percentOf(share).format(share),
    minutes: (count) => minutes.format(count),
    list: (items) => listed(locale, list.formatToParts(items)),
  };
}

/** Chinese lists have no space before their 和, where it follows a name in other letters. */
function listed(locale: string, parts: readonly { readonly value: string }[]): string {
  const join = locale === locales.zh ? joined : (left: string, right: string) => left + right;
  return parts.map(({ value }) => value).reduce(join, '') || '–';
}

/** `13:00`; half a day away or more `13:00 on 4 March`, `3月4日 13:00`, `3월 4일 13:00`. */
function timeFormat(locale: string, timeZone: string): (at: number, now: number) => string {
  const clock = { timeZone, hour: '2-digit', minute: '2-digit', hourCycle: 'h23' } as const;
  const near = new Intl.DateTimeFormat(locale, clock);
  const far = new Intl.DateTimeFormat(locale, { ...clock, month: 'long', day: 'numeric' });
  return (at, now) => (Math.abs(at - now) < halfADayMs ? near : far).format(at);
}

import type { ActivityStatus } from '../domain/activity-status.ts';
import type { Party, Sentence, SentenceKey, SentenceParameters } from '../domain/sentence.ts';
import type { Language } from './language.ts';
import type { Unit, UnitWords } from './unit.ts';

/** All that is said in one language. The compiler holds each to every sentence. */
export interface Catalogue {
  readonly language: Language;
  readonly units: Readonly<Record<Unit, UnitWords>>;
  readonly sentences: {
    readonly [K in SentenceKey]: (says: SentenceParameters[K], words: Words) => string;
  };
  /** `4 servers`, `1 server`, `4 台`. */
  servers(count: number, words: Words): string;
  /** `servers`, `server`, `台服务器`, `대`. */
  counted(count: number, words: Words): string;
  readonly parties: { readonly [K in Party['kind']]: (name: string) => string };
  readonly statuses: Readonly<Record<ActivityStatus, string>>;
  readonly frames: Frames;
}

/** What surrounds a reason. */
export interface Frames {
  changes(group: string, from: number, to: number, why: string): string;
  stays(group: string, servers: number, why: string): string;
  news(group: string, what: string): string;
  /** An activity that has ended, or says how far it is. */
  withDetail(sentence: string, detail: string): string;
  failed: string;
  launchesFail: string;
  leftOut(notices: number): string;
}

/** What sentences are made of: names, numbers and times as a language writes them. */
export interface Words {
  /** `4 servers`, `1 server`, `4 台`. */
  servers(count: number): string;
  /** Of the forms that a language has, the one for this count. */
  plural(count: number, forms: Partial<Record<Intl.LDMLPluralRule, string>> & { other: string }): string;
  /** As exact as it is worth: two decimals at most. */
  number(value: number): string;
  /** `5.0`: one decimal, always. */
  decimal(value: number): string;
  /** `+2`, `−2`: with U+2212. */
  signed(value: number): string;
  /** Of a share: `12%`, `0.004%`. */
  percent(share: number): string;
  /** `6 minutes` */
  minutes(count: number): string;
  /** The fleet's clock; with its day when that is half a day away or more. */
  time(at: number): string;
  list(items: readonly string[]): string;
  party(party: Party): string;
  parties(parties: readonly Party[]): string;
  sentence(sentence: Sentence): string;
}

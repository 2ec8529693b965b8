import type { Activity } from '../../shared/domain/activity.ts';
import type { Sentence } from '../../shared/domain/sentence.ts';
import type { Answer } from '../../shared/engine/answer.ts';
import { english } from '../../shared/sentences/en.ts';
import { korean } from '../../shared/sentences/ko.ts';
import { type Language, languageOf } from '../../shared/sentences/language.ts';
import { type Speaker, speaker } from '../../shared/sentences/speaker.ts';
import type { Unit } from '../../shared/sentences/unit.ts';
import { chinese } from '../../shared/sentences/zh.ts';
import { dayMs } from '../../shared/units.ts';
import type { ConsoleState, GroupView } from '../state.ts';
import { englishWords, type Word } from './words-en.ts';
import { koreanWords } from './words-ko.ts';
import { chineseWords } from './words-zh.ts';

export type { Word } from './words-en.ts';

const spoken = {
  en: { locale: 'en-GB', words: englishWords, catalogue: english, name: 'English' },
  zh: { locale: 'zh-CN', words: chineseWords, catalogue: chinese, name: '中文' },
  ko: { locale: 'ko-KR', words: koreanWords, catalogue: korean, name: '한국어' },
} as const;

/** Each language by its own name. */
export const languageNames: readonly (readonly [Language, string])[] = Object.entries(spoken).map(
  ([language, { name }]) => [language as Language, name],
);

let chosen: Language = languageOf(localStorage.getItem('language') ?? navigator.language);
/** The fleet's clock, by which sentences tell times. */
let clock = { timeZone: 'UTC', now: 0 };
/** What each group is made of. */
let units: ReadonlyMap<string, Unit> = new Map();
let voice = voiceOf();

export function language(): Language {
  return chosen;
}

/** Of the page, for the browser. */
export function locale(): string {
  return spoken[chosen].locale;
}

export function chooseLanguage(asked: string): void {
  chosen = languageOf(asked);
  localStorage.setItem('language', chosen);
  voice = voiceOf();
}

/** What sentences need to know of the fleet that is shown. */
export function setFleet({ timeZone, now, groups }: ConsoleState): void {
  const moved = timeZone !== clock.timeZone;
  clock = { timeZone, now: Date.parse(now) };
  units = new Map(groups.map(({ name, unit }) => [name, unit]));
  if (moved) voice = voiceOf();
}

function voiceOf(): Speaker {
  return speaker(spoken[chosen].catalogue, clock.timeZone, (group) => units.get(group) ?? 'server');
}

export function say(word: Word): string {
  return spoken[chosen].words[word];
}

/** What stands behind the number of a group's servers: `servers`, `task`, `台服务器`, `대`. */
export function countedIn(count: number, group: string): string {
  return voice.of(group).counted(count);
}

/** What the engine says of a group, in the language of the page. */
export function sentence(says: Sentence, group: string): string {
  return voice.of(group).sentence(says, clock.now);
}

/** "business 3 → 5: window 'lunch' opened (+2)" */
export function titleOf(activity: Activity): string {
  return voice.message(activity.group, activity, activity.startedAt);
}

/** How far an activity has come, or why it failed. */
export function detailOf({ group, detail, startedAt, endedAt = startedAt }: Activity): string | undefined {
  return detail && voice.of(group).sentence(detail, endedAt);
}

/** What would be decided of a group now. */
export function decisionOf({ name, desired: from, to, reason, why }: GroupView): string {
  return voice.message(name, { from, to, reason, why }, clock.now);
}

/** What came of what somebody asked for. */
export function answered(group: string, decision: Answer['decisions'][number]): string {
  return voice.message(group, decision, clock.now);
}

/** AWS's status of an activity. */
export function statusWord(code: Activity['statusCode']): string {
  return voice.status(code);
}

/** A layer of the capacity, or the state of a rule; an alarm's is AWS's own word. */
export function wordFor(name: string): string {
  return name in englishWords ? say(name as Word) : name;
}

/** The time alone within a day of `now`, with its day before and after. */
export function nearFormatter(timeZone: string, now: string): (at: string | number) => string {
  const [near, far] = [formatter(timeZone, false), formatter(timeZone, true)];
  const distanceMs = (at: string | number) => Math.abs(new Date(at).getTime() - Date.parse(now));
  return (at) => (distanceMs(at) < dayMs ? near(at) : far(at));
}

/** How instants read on the fleet's clock: `21:23`, with the day `Wed 4 Mar, 21:23`. */
export function formatter(timeZone: string, withDay: boolean): (at: string | number) => string {
  const format = new Intl.DateTimeFormat(locale(), {
    timeZone,
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
    ...(withDay && { month: 'short', day: 'numeric', weekday: 'short' }),
  });
  return (at) => format.format(new Date(at));
}

import type { ActivityStatus } from '../domain/activity-status.ts';
import type { ReasonCode } from '../domain/reason.ts';
import type { Sentence } from '../domain/sentence.ts';
import type { Catalogue, Frames } from './catalogue.ts';
import type { Language } from './language.ts';
import { wordMaker } from './words.ts';

/** What a decision, an activity or a refusal has in common: enough for a whole sentence. */
export interface Said {
  readonly from: number;
  readonly to: number;
  readonly reason: ReasonCode;
  readonly why: Sentence;
}

/** Makes words of what the engine says. */
export interface Speaker {
  readonly language: Language;
  readonly frames: Frames;
  /** @param now the moment that times are near to or far from; epoch milliseconds */
  sentence(sentence: Sentence, now: number): string;
  /** "business 3 → 5: window 'lunch' opened (+2)" */
  message(group: string, said: Said, now: number): string;
  status(code: ActivityStatus): string;
  servers(count: number): string;
  /** A moment on the fleet's clock. */
  time(at: number, now: number): string;
}

/** Of these a sentence says what has happened, and not why a group stays as it is. */
const newsReasons: ReadonlySet<ReasonCode> = new Set<ReasonCode>([
  'FirstContact',
  'ExternalChange',
  'ServersAdopted',
  'ServersReleased',
  'ServersUnhealthy',
  'ServersLost',
  'ServersReplaced',
  'AlarmsStale',
  'AlarmEpisodeOver',
  'ActivityMoved',
  'ActivityEnded',
  'ActivityRetried',
  'Paused',
  'Resumed',
  'StaleEvent',
  'GroupMissing',
]);

/** @param timeZone whose clock times are read on */
export function speaker(catalogue: Catalogue, timeZone: string): Speaker {
  const { language, frames, statuses } = catalogue;
  const wordsAt = wordMaker(catalogue, timeZone);
  return {
    language,
    frames,
    sentence: (sentence, now) => wordsAt(now).sentence(sentence),
    message(group, { from, to, reason, why }, now) {
      const text = wordsAt(now).sentence(why);
      if (from !== to) return frames.changes(group, from, to, text);
      return newsReasons.has(reason) ? frames.news(group, text) : frames.stays(group, to, text);
    },
    status: (code) => statuses[code] ?? code,
    servers: (count) => wordsAt(0).servers(count),
    time: (at, now) => wordsAt(now).time(at),
  };
}

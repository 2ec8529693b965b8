import type { ActivityStatus } from '../domain/activity-status.ts';
import type { ReasonCode } from '../domain/reason.ts';
import type { Sentence } from '../domain/sentence.ts';
import type { Catalogue, Frames } from './catalogue.ts';
import type { Language } from './language.ts';
import { joined } from './spaced.ts';
import { type Unit, withUnit } from './unit.ts';
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
  /** Of one group alone: of tasks or pods where it is made of them. */
  of(group: string): Speaker;
  /** @param now the moment that times are near to or far from; epoch milliseconds */
  sentence(sentence: Sentence, now: number): string;
  /** "business 3 → 5: window 'lunch' opened (+2)" */
  message(group: string, said: Said, now: number): string;
  status(code: ActivityStatus): string;
  servers(count: number): string;
  /** What stands behind a number that is shown by itself: `servers`, `task`, `台服务器`, `대`. */
  counted(count: number): string;
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
  'RolloutFailed',
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

/**
 * @param timeZone whose clock times are read on
 * @param unitOf what a group is made of; `message` knows of which group it speaks, all else speaks of servers until `of` is asked
 */
export function speaker(
  catalogue: Catalogue,
  timeZone: string,
  unitOf: (group: string) => Unit = () => 'server',
): Speaker {
  return speakerOf(catalogue, wordMaker(catalogue, timeZone), unitOf, 'server');
}

function speakerOf(
  catalogue: Catalogue,
  wordsAt: ReturnType<typeof wordMaker>,
  unitOf: (group: string) => Unit,
  unit: Unit,
): Speaker {
  const { language, frames, statuses, units } = catalogue;
  const inUnits = (text: string, of = unit) =>
    withUnit(text, units[of], language === 'zh' ? joined : undefined);
  return {
    language,
    frames,
    of: (group) => speakerOf(catalogue, wordsAt, unitOf, unitOf(group)),
    sentence: (sentence, now) => inUnits(wordsAt(now).sentence(sentence)),
    message(group, { from, to, reason, why }, now) {
      const text = wordsAt(now).sentence(why);
      const said = (message: string) => inUnits(message, unitOf(group));
      if (from !== to) return said(frames.changes(group, from, to, text));
      return said(newsReasons.has(reason) ? frames.news(group, text) : frames.stays(group, to, text));
    },
    status: (code) => statuses[code] ?? code,
    servers: (count) => inUnits(wordsAt(0).servers(count)),
    counted: (count) => inUnits(catalogue.counted(count, wordsAt(0))),
    time: (at, now) => wordsAt(now).time(at),
  };
}

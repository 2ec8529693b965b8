import type { Fleet } from '../shared/fleet/fleet.ts';
import type { DeadLetter, DeadLetters } from './dead-letters.ts';
import { type ExaminedLetter, examineDeadLetter } from './examine-dead-letter.ts';

/** What became of a letter. */
export interface Redriven {
  readonly function: string;
  readonly done: boolean;
  readonly message: string;
}

/** Decides which letters are handed over. */
export interface Judge {
  /** Sees every letter before any is handed over. Throws to leave them all. */
  look(letters: readonly ExaminedLetter[]): Promise<void>;
  /** Is asked for each letter that is obeyed, and not only taken for news. @returns why not, if not */
  whyNot(letter: ExaminedLetter): Promise<string | undefined>;
}

/** How many characters of a reason a line of output shows. */
const wordsAtMost = 200;

type Invoke = (fleet: Fleet, name: string, payload: object) => Promise<unknown>;

/** What people ask for happens once per request; whatever else is in the queue only says when to look. */
const asksOfPeople: ReadonlySet<string> = new Set(['bump', 'adopt']);

/**
 * Shows all letters, then hands each that may be to its function once, and removes those that succeed. What stays is given
 * back, so that the next look sees it.
 */
export async function redriveAll(
  fleet: Fleet,
  queue: Pick<DeadLetters, 'arn' | 'take' | 'remove' | 'giveBack'>,
  judge: Judge,
  invoke: Invoke,
): Promise<Redriven[]> {
  const letters = (await takeAll(queue)).map((letter) => examineDeadLetter(fleet, queue.arn, letter));
  const staying = new Set(letters.map(({ letter }) => letter));
  try {
    if (letters.length > 0) await judge.look(letters);
    const results: Redriven[] = [];
    for (const each of letters) {
      const result = await redriveOne(fleet, each, judge, invoke);
      if (result.done) {
        await queue.remove(each.letter);
        staying.delete(each.letter);
      }
      results.push(result);
    }
    return results;
  } finally {
    for (const letter of staying) await queue.giveBack(letter);
  }
}

/** What is in the queue, which keeps it. */
export async function lettersIn(
  fleet: Fleet,
  queue: Pick<DeadLetters, 'arn' | 'take' | 'giveBack'>,
): Promise<ExaminedLetter[]> {
  const letters = await takeAll(queue);
  for (const letter of letters) await queue.giveBack(letter);
  return letters.map((letter) => examineDeadLetter(fleet, queue.arn, letter));
}

/** SQS may hand out a letter twice. */
async function takeAll(queue: Pick<DeadLetters, 'take'>): Promise<DeadLetter[]> {
  const all = new Map<string, DeadLetter>();
  for (;;) {
    const fresh = (await queue.take()).filter(({ id }) => !all.has(id));
    if (fresh.length === 0) return [...all.values()];
    for (const letter of fresh) all.set(letter.id, letter);
  }
}

async function redriveOne(
  fleet: Fleet,
  examined: ExaminedLetter,
  judge: Judge,
  invoke: Invoke,
): Promise<Redriven> {
  const { letter, own, function: name, change, refusal } = examined;
  if (own === undefined) return { function: name, done: false, message: refusal! };
  const declined = change === undefined ? undefined : await judge.whyNot(examined);
  if (declined !== undefined) return { function: name, done: false, message: declined };
  try {
    await invoke(fleet, own, payloadFor(own, letter));
    const before = letter.error === undefined ? '' : `; it had failed with: ${firstWords(letter.error)}`;
    return { function: name, done: true, message: `done${before}` };
  } catch (error) {
    return { function: name, done: false, message: (error as Error).message };
  }
}

function firstWords(text: string): string {
  return text.length <= wordsAtMost ? text : `${text.slice(0, wordsAtMost)}…`;
}

/** A request without an id went by that of its invocation; under another it would be carried out a second time. */
function payloadFor(own: string, { payload, requestId }: DeadLetter): object {
  return asksOfPeople.has(own) ? { requestId, ...Object(payload) } : Object(payload);
}

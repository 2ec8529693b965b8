import type { Fleet } from '../shared/fleet/fleet.ts';
import { functionName, functionNames } from '../shared/fleet/names.ts';
import type { DeadLetter, DeadLetters } from './dead-letters.ts';

/** What became of a letter. */
export interface Redriven {
  readonly function: string | undefined;
  readonly done: boolean;
  readonly message: string;
}

/** Characters of a reason that a line of output tells. */
const wordsAtMost = 200;

type Invoke = (fleet: Fleet, name: string, payload: object) => Promise<unknown>;

/** What people ask for happens once per request; whatever else is in the queue only says when to look. */
const asksOfPeople: ReadonlySet<string> = new Set(['bump', 'adopt']);

/**
 * Hands every letter to its function once, and removes those that succeed. What fails stays hidden for minutes; what comes
 * back all the same, because others took so long, is not tried again.
 */
export async function redriveAll(
  fleet: Fleet,
  queue: Pick<DeadLetters, 'take' | 'remove'>,
  invoke: Invoke,
): Promise<Redriven[]> {
  const results = new Map<string, Redriven>();
  for (;;) {
    const letters = (await queue.take()).filter(({ id }) => !results.has(id));
    if (letters.length === 0) return [...results.values()];
    for (const letter of letters) {
      const result = await redriveOne(fleet, letter, invoke);
      if (result.done) await queue.remove(letter);
      results.set(letter.id, result);
    }
  }
}

async function redriveOne(fleet: Fleet, letter: DeadLetter, invoke: Invoke): Promise<Redriven> {
  const { functionName: name } = letter;
  const own = functionNames.find((each) => functionName(fleet, each) === name);
  if (own === undefined) {
    const message = `for ${name ?? 'nobody'}, which is no function of this fleet: look at it in the console of SQS`;
    return { function: name, done: false, message };
  }
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

import { Differs } from './differs.ts';

/** What came of one fact: AWS is so, is otherwise, or could not be asked. */
export interface Finding {
  readonly name: string;
  readonly fact: string;
  readonly verdict: 'holds' | 'differs' | 'unknown';
  /** What was seen, or why nothing was. */
  readonly saw: string;
  readonly seconds: number;
}

/** Something to find out. */
interface Question {
  readonly name: string;
  readonly fact: string;
}

/** Asks all at once: most of the time is spent waiting. `tell` hears of each as it is known. Never throws. */
export async function askAll<Q extends Question>(
  questions: readonly Q[],
  ask: (question: Q) => Promise<string>,
  tell: (finding: Finding) => void,
): Promise<Finding[]> {
  return Promise.all(
    questions.map(async (question) => {
      const began = performance.now();
      const { verdict, saw } = await judged(() => ask(question));
      const seconds = Math.round((performance.now() - began) / 1000);
      const finding = { name: question.name, fact: question.fact, verdict, saw, seconds };
      tell(finding);
      return finding;
    }),
  );
}

async function judged(ask: () => Promise<string>): Promise<Pick<Finding, 'verdict' | 'saw'>> {
  try {
    return { verdict: 'holds', saw: await ask() };
  } catch (error) {
    const { name, message } = error as Error;
    if (error instanceof Differs) return { verdict: 'differs', saw: message };
    return { verdict: 'unknown', saw: `${name}: ${message}` };
  }
}

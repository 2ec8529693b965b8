import type { DigestWords, Notice } from './events.ts';

/** One mail. */
export interface Mail {
  readonly subject: string;
  readonly text: string;
}

/** A mail holds 256 kB. */
const toldAtMost = 100;
const charactersAtMost = 2000;

/** Several notices as one mail: its subject is that of the first failure, else of the first notice. */
export function digestOf(
  notices: readonly Pick<Notice, 'subject' | 'message' | 'urgent'>[],
  words: DigestWords,
): Mail {
  const [first, ...others] = notices.toSorted(
    (one, other) => Number(other.urgent ?? false) - Number(one.urgent ?? false),
  );
  if (!first) throw new RangeError('a mail tells of something');
  if (others.length === 0) return { subject: first.subject, text: first.message };
  const told = [first, ...others].slice(0, toldAtMost).map(paragraph);
  const left = notices.length - told.length;
  if (left > 0) told.push(words.leftOut(left));
  return { subject: `${shortened(first.subject, 85)} (+${others.length} more)`, text: told.join('\n\n') };
}

function paragraph({ subject, message }: Pick<Notice, 'subject' | 'message'>): string {
  const text = subject.endsWith(message) || message.startsWith(subject) ? '' : `\n${message}`;
  return shortened(message.startsWith(subject) ? message : `${subject}${text}`, charactersAtMost);
}

function shortened(text: string, characters: number): string {
  return text.length <= characters ? text : `${text.slice(0, characters - 1)}…`;
}

import type { Instant } from '../domain/observation.ts';
import type { Sentence } from '../domain/sentence.ts';
import type { Notice } from '../ports/events.ts';
import type { Scaler, ScalerGroup } from './scaler-group.ts';

/**
 * News of a group that is no activity, for people, in the language of their mail.
 * @param detail what stands behind it, and not in the subject
 */
export function newsOf(
  { fleet, mail }: Scaler,
  { name }: ScalerGroup,
  at: Instant,
  sentence: Sentence,
  detail?: Sentence,
): Notice {
  const subject = `[${fleet.name}] ${mail.frames.news(name, mail.sentence(sentence, at))}`;
  const message = detail ? `${subject}. ${mail.sentence(detail, at)}` : subject;
  return { group: name, at, forPeople: true, urgent: true, subject, message };
}

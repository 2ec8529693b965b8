import type { Instant } from '../domain/observation.ts';
import type { Sentence } from '../domain/sentence.ts';
import type { Notice } from '../ports/events.ts';
import type { Speaker } from '../sentences/speaker.ts';
import type { Scaler, ScalerGroup } from './scaler-group.ts';

/**
 * News of a group that is no activity, for people, in the language of their mail.
 * @param detail what stands behind it, and not in the subject
 */
export function newsOf(
  { fleet, english, mail }: Scaler,
  { name }: ScalerGroup,
  at: Instant,
  sentence: Sentence,
  detail?: Sentence,
): Notice {
  const said = (speaker: Speaker) =>
    `[${fleet.name}] ${speaker.frames.news(name, speaker.of(name).sentence(sentence, at))}`;
  const news = said(mail);
  const message = detail ? `${news}. ${mail.of(name).sentence(detail, at)}` : news;
  const subject = said(english);
  return { group: name, at, forPeople: true, urgent: true, subject, message };
}

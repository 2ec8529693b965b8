import type { Instant } from '../service.ts';
import type { Subscription } from './topic.ts';

/** A mail that would have been sent. */
export interface Mail {
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  /** ISO-8601 */
  readonly sentAt: string;
}

/** A mail that asks the reader of an address whether its subscription is wanted. */
export interface ConfirmationMail {
  readonly to: string;
  readonly topicArn: string;
  readonly token: string;
}

/** More than so many a second to one address suspend its subscription. */
const mailsPerSecond = 10;
/** An unconfirmed subscription is deleted after this time. */
export const pendingForMs = 48 * 3_600_000;

/** Counts a mail that is sent. @returns whether it was one too many */
export function floods({ sentAt }: Subscription, now: Instant): boolean {
  sentAt.push(now);
  while (sentAt[0]! <= now - 1000) sentAt.shift();
  return sentAt.length > mailsPerSecond;
}

/**
 * In one line, without control characters, below 100 characters. The documentation says ASCII in one place and UTF-8 in
 * another: what is ASCII passes by both.
 * @see https://docs.aws.amazon.com/sns/latest/api/API_Publish.html
 */
export function isSubject(subject: string): boolean {
  return /^[\x20-\x7e]{1,99}$/.test(subject);
}

import type { ZodMiniType } from 'zod/mini';
import { InvalidEvent } from './invalid-event.ts';

/**
 * Checks an event's form. Its values are not quoted: events end up in logs, and nobody knows what is in a wrong one.
 * @throws InvalidEvent with every mistake at once
 */
export function parseEvent<T>(schema: ZodMiniType<T>, event: unknown): T {
  const result = schema.safeParse(event);
  if (result.success) return result.data;
  throw new InvalidEvent(
    result.error.issues.map((issue) => {
      const path = issue.path.map(String).join('.') || '(event)';
      if (issue.code === 'unrecognized_keys') return `${path}: expected no ${issue.keys.join(', ')}`;
      return `${path}: ${issue.message}`;
    }),
  );
}

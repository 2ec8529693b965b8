import { PortError } from '../../shared/ports/port-error.ts';

/** What one check has found. */
export interface Finding {
  readonly check: string;
  /** `unknown`: it could not be looked at. */
  readonly verdict: 'fine' | 'warning' | 'problem' | 'unknown';
  readonly message: string;
  /** What to do about it. */
  readonly advice?: string;
}

export function fine(check: string, message: string): Finding {
  return { check, verdict: 'fine', message };
}

export function warning(check: string, message: string, advice: string): Finding {
  return { check, verdict: 'warning', message, advice };
}

export function problem(check: string, message: string, advice: string): Finding {
  return { check, verdict: 'problem', message, advice };
}

/** @param what could not be looked at @throws the error itself, when no port says it */
export function unseen(check: string, what: string, error: unknown): Finding {
  if (!(error instanceof PortError)) throw error;
  return { check, verdict: 'unknown', message: `${what} could not be seen: ${error.message}` };
}

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

import { ServiceError } from '../service.ts';
import type { AlarmState } from './judge.ts';

const tokenPattern =
  /\s*(AND\b|OR\b|NOT\b|TRUE\b|FALSE\b|[()]|(ALARM|OK|INSUFFICIENT_DATA)\s*\(\s*(?:"([^"]+)"|([^()"]+?))\s*\))/y;

/** Decides the rule of a composite alarm, given the state of an alarm by its name or ARN. */
export type AlarmRule = (stateOf: (alarm: string) => AlarmState) => boolean;

/**
 * Parses `ALARM("a") AND NOT (OK(b) OR FALSE)`.
 * @throws ServiceError ValidationError
 */
export function parseAlarmRule(text: string): AlarmRule {
  let position = 0;
  let token = next();
  function next(): RegExpExecArray | undefined {
    if (position >= text.trimEnd().length) return undefined;
    tokenPattern.lastIndex = position;
    const match = tokenPattern.exec(text);
    if (!match) throw invalid(text);
    position = tokenPattern.lastIndex;
    return match;
  }
  const accept = (word: string): boolean => {
    if (token?.[1] !== word) return false;
    token = next();
    return true;
  };
  const disjunction = (): AlarmRule => {
    let left = conjunction();
    while (accept('OR')) {
      const [a, b] = [left, conjunction()];
      left = (stateOf) => a(stateOf) || b(stateOf);
    }
    return left;
  };
  const conjunction = (): AlarmRule => {
    let left = negation();
    while (accept('AND')) {
      const [a, b] = [left, negation()];
      left = (stateOf) => a(stateOf) && b(stateOf);
    }
    return left;
  };
  const negation = (): AlarmRule => {
    if (!accept('NOT')) return atom();
    const inner = negation();
    return (stateOf) => !inner(stateOf);
  };
  const atom = (): AlarmRule => {
    if (accept('TRUE')) return () => true;
    if (accept('FALSE')) return () => false;
    if (accept('(')) {
      const inner = disjunction();
      if (!accept(')')) throw invalid(text);
      return inner;
    }
    const [state, alarm] = [token?.[2], token?.[3] ?? token?.[4]];
    if (!state || !alarm) throw invalid(text);
    token = next();
    return (stateOf) => stateOf(alarm) === state;
  };
  const rule = disjunction();
  if (token) throw invalid(text);
  return rule;
}

function invalid(text: string): ServiceError {
  return new ServiceError('ValidationError', `AlarmRule '${text}' is not valid`);
}

import { ServiceError } from '../service.ts';
import type { Target } from './stack.ts';

/**
 * Checks a template's `Rules` (the CDK asserts its bootstrap version with one) against its parameters.
 * @throws ServiceError `ValidationError` with the description of the first assertion that does not hold.
 */
export function checkRules(target: Target): void {
  for (const [name, rule] of Object.entries(target.template.Rules)) {
    const { RuleCondition, Assertions = [] } = rule as { RuleCondition?: unknown; Assertions?: Assertion[] };
    if (RuleCondition !== undefined && !judge(RuleCondition, target)) continue;
    const broken = Assertions.find(({ Assert }) => !judge(Assert, target));
    if (broken)
      throw invalid(`Template error: rule ${name}: ${broken.AssertDescription ?? 'an assertion is false'}`);
  }
}

interface Assertion {
  readonly Assert: unknown;
  readonly AssertDescription?: string;
}

function judge(expression: unknown, target: Target): unknown {
  if (Array.isArray(expression)) return expression.map((item) => judge(item, target));
  if (expression === null || typeof expression !== 'object') return expression;
  const [name = '', argument] = Object.entries(expression)[0] ?? [];
  if (name === 'Ref') return target.parameters.resolved[String(argument)];
  const operands = judge(argument, target) as unknown[];
  if (name === 'Fn::Not') return !operands[0];
  if (name === 'Fn::And') return operands.every(Boolean);
  if (name === 'Fn::Or') return operands.some(Boolean);
  if (name === 'Fn::Equals') return String(operands[0]) === String(operands[1]);
  if (name === 'Fn::Contains') return (operands[0] as unknown[]).map(String).includes(String(operands[1]));
  throw invalid(`Template error: the local cloud does not know the rule function ${name}`);
}

function invalid(message: string): ServiceError {
  return new ServiceError('ValidationError', message);
}

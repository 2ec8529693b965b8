import { ServiceError } from '../service.ts';
import type { Template, TemplateParameter } from './template.ts';

/** A parameter as the API takes it. */
export interface GivenParameter {
  ParameterKey?: string;
  ParameterValue?: string;
  UsePreviousValue?: boolean;
}

/** What was given for each parameter, and what `Ref` makes of it: a list, or the value behind an SSM name. */
export interface ParameterValues {
  readonly given: Readonly<Record<string, string>>;
  readonly resolved: Readonly<Record<string, string | string[]>>;
}

/**
 * Gives every parameter of the template its value: given, previous or default, in that order.
 * @throws ServiceError `ValidationError` for unknown, missing and disallowed values.
 */
export async function resolveParameters(
  template: Template,
  given: readonly GivenParameter[],
  previous: Readonly<Record<string, string>>,
  readSsmParameter: (name: string) => Promise<string>,
): Promise<ParameterValues> {
  const extra = given.filter(({ ParameterKey = '' }) => !(ParameterKey in template.Parameters));
  if (extra.length > 0)
    throw invalid(`[${extra.map((each) => each.ParameterKey).join(', ')}] do not exist in the template`);
  const values: Record<string, string> = {};
  const missing: string[] = [];
  for (const [name, parameter] of Object.entries(template.Parameters)) {
    const asked = given.find(({ ParameterKey }) => ParameterKey === name);
    const value = asked?.UsePreviousValue ? previous[name] : (asked?.ParameterValue ?? parameter.Default);
    if (value === undefined) missing.push(name);
    else values[name] = allowed(name, parameter, value);
  }
  if (missing.length > 0) throw invalid(`[${missing.join(', ')}] must have values`);
  const resolved: Record<string, string | string[]> = {};
  for (const [name, value] of Object.entries(values)) {
    resolved[name] = await resolve(template.Parameters[name]!.Type, value, readSsmParameter);
  }
  return { given: values, resolved };
}

function allowed(name: string, parameter: TemplateParameter, value: string): string {
  const { AllowedValues, AllowedPattern, MinLength = 0, MaxLength = Infinity } = parameter;
  const { MinValue = -Infinity, MaxValue = Infinity } = parameter;
  const numeric = parameter.Type === 'Number';
  const fits =
    (!AllowedValues || AllowedValues.includes(value)) &&
    (!AllowedPattern || new RegExp(`^(?:${AllowedPattern})$`).test(value)) &&
    value.length >= MinLength &&
    value.length <= MaxLength &&
    (!numeric || (value !== '' && Number(value) >= MinValue && Number(value) <= MaxValue));
  if (!fits)
    throw invalid(`'${name}' ${parameter.ConstraintDescription ?? `does not accept the value ${value}`}`);
  return value;
}

async function resolve(type: string, value: string, readSsmParameter: (name: string) => Promise<string>) {
  const inner = /^AWS::SSM::Parameter::Value<(.+)>$/.exec(type)?.[1];
  const text = inner ? await readSsmParameter(value) : value;
  const isList = type === 'CommaDelimitedList' || (inner ?? type).startsWith('List<');
  if (!isList) return text;
  return text === '' ? [] : text.split(',').map((item) => item.trim());
}

function invalid(message: string): ServiceError {
  return new ServiceError('ValidationError', `Parameters: ${message}`);
}

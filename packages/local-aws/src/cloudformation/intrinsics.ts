import { type Resource, ServiceError } from '../service.ts';
import type { Template } from './template.ts';

/** What a template's functions can see. */
export interface Scope {
  readonly template: Template;
  /** Parameters and pseudo parameters by name; a list parameter is an array. */
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly availabilityZones: readonly string[];
  /** A resource made so far. */
  resource(logicalId: string): Resource | undefined;
  importValue(exportName: string): string;
  /** The value of another stack's output, whether or not it is exported. */
  outputOf(stackName: string, outputName: string): string;
}

/** A value of `AWS::NoValue`: the property that holds it is left out. */
const noValue = Symbol('AWS::NoValue');

/**
 * Evaluates a template value: intrinsic functions are replaced by what they return, `AWS::NoValue` by nothing.
 * @throws ServiceError `ValidationError` for an unknown function, reference or attribute.
 */
export function evaluate(value: unknown, scope: Scope): unknown {
  if (Array.isArray(value))
    return value.map((item) => evaluate(item, scope)).filter((item) => item !== noValue);
  if (value === null || typeof value !== 'object') return value;
  const [name, argument] = Object.entries(value)[0] ?? [];
  if (name !== undefined && Object.keys(value).length === 1 && (name === 'Ref' || name.startsWith('Fn::'))) {
    const intrinsic = functions[name];
    if (!intrinsic) throw invalid(`Unknown function ${name}`);
    return intrinsic(argument, scope);
  }
  return Object.fromEntries(
    Object.entries(value)
      .map(([key, item]) => [key, evaluate(item, scope)] as const)
      .filter(([, item]) => item !== noValue),
  );
}

/** Evaluates a condition of the template by name. */
export function holds(conditionName: string, scope: Scope): boolean {
  const condition = scope.template.Conditions[conditionName];
  if (condition === undefined) throw invalid(`Unresolved condition dependency ${conditionName}`);
  return truth(condition, scope);
}

function truth(condition: unknown, scope: Scope): boolean {
  if (isObject(condition) && typeof condition['Condition'] === 'string')
    return holds(condition['Condition'], scope);
  const value = evaluate(condition, scope);
  if (typeof value === 'boolean') return value;
  throw invalid(`Conditions must be boolean functions, not ${JSON.stringify(condition)}`);
}

type Intrinsic = (argument: unknown, scope: Scope) => unknown;

const functions: Readonly<Record<string, Intrinsic>> = {
  Ref: (argument, scope) => reference(String(argument), scope),
  'Fn::GetAtt': (argument, scope) => {
    const parts = typeof argument === 'string' ? argument.split('.') : (argument as unknown[]);
    const [logicalId, ...attribute] = parts.map((part) => String(evaluate(part, scope)));
    return attributeOf(logicalId!, attribute.join('.'), scope);
  },
  'Fn::Sub': (argument, scope) => {
    const [text, variables] = Array.isArray(argument) ? argument : [argument, {}];
    return substitute(String(text), evaluate(variables, scope) as Record<string, unknown>, scope);
  },
  'Fn::Join': (argument, scope) => {
    const [separator, items] = list(argument, scope);
    return (items as unknown[]).map(String).join(String(separator));
  },
  'Fn::Select': (argument, scope) => {
    const [index, items] = list(argument, scope);
    const item = (items as unknown[])[Number(index)];
    if (item === undefined) throw invalid(`Fn::Select cannot select nonexistent value at index ${index}`);
    return item;
  },
  'Fn::Split': (argument, scope) => {
    const [separator, text] = list(argument, scope);
    return String(text).split(String(separator));
  },
  'Fn::If': (argument, scope) => {
    const [condition, whenTrue, whenFalse] = argument as [string, unknown, unknown];
    return evaluate(holds(condition, scope) ? whenTrue : whenFalse, scope);
  },
  'Fn::Equals': (argument, scope) => {
    const [left, right] = list(argument, scope);
    return JSON.stringify(comparable(left)) === JSON.stringify(comparable(right));
  },
  'Fn::And': (argument, scope) => (argument as unknown[]).every((item) => truth(item, scope)),
  'Fn::Or': (argument, scope) => (argument as unknown[]).some((item) => truth(item, scope)),
  'Fn::Not': (argument, scope) => !truth((argument as unknown[])[0], scope),
  'Fn::FindInMap': (argument, scope) => {
    const [map, top, second] = list(argument, scope).map(String) as [string, string, string];
    const value = scope.template.Mappings[map]?.[top]?.[second];
    if (value === undefined) throw invalid(`Unable to get mapping for ${map}::${top}::${second}`);
    return value;
  },
  'Fn::ImportValue': (argument, scope) => scope.importValue(String(evaluate(argument, scope))),
  'Fn::GetStackOutput': (argument, scope) => stackOutput(evaluate(argument, scope), scope),
  'Fn::GetAZs': (_, scope) => scope.availabilityZones,
  'Fn::Base64': (argument, scope) => Buffer.from(String(evaluate(argument, scope))).toString('base64'),
  'Fn::Cidr': (argument, scope) => {
    const [block, count, bits] = list(argument, scope);
    return subnets(String(block), Number(count), Number(bits));
  },
};

/** @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-getstackoutput.html */
function stackOutput(argument: unknown, scope: Scope): string {
  const { StackName, OutputName, Region, RoleArn, ...unknown } = argument as Record<string, unknown>;
  if (typeof StackName !== 'string' || typeof OutputName !== 'string' || Object.keys(unknown).length > 0)
    throw invalid('Fn::GetStackOutput takes StackName, OutputName, Region and RoleArn');
  if (
    RoleArn !== undefined ||
    (Region ?? scope.parameters['AWS::Region']) !== scope.parameters['AWS::Region']
  )
    throw invalid('The local cloud has one account and one region for Fn::GetStackOutput');
  return scope.outputOf(StackName, OutputName);
}

function reference(name: string, scope: Scope): unknown {
  if (name === 'AWS::NoValue') return noValue;
  if (name in scope.parameters) return scope.parameters[name];
  const resource = scope.resource(name);
  if (!resource) throw invalid(`Unresolved resource dependency [${name}]`);
  return resource.physicalId;
}

function attributeOf(logicalId: string, attribute: string, scope: Scope): string {
  const resource = scope.resource(logicalId);
  if (!resource) throw invalid(`Unresolved resource dependency [${logicalId}]`);
  const value = resource.attributes[attribute];
  if (value === undefined) throw invalid(`Requested attribute ${attribute} does not exist in ${logicalId}`);
  return value;
}

function substitute(text: string, variables: Record<string, unknown>, scope: Scope): string {
  return text.replaceAll(/\$\{(!?)([^}]+)\}/g, (_, literal: string, name: string) => {
    if (literal) return `\${${name}}`;
    if (name in variables) return String(variables[name]);
    const dot = name.indexOf('.');
    return String(
      dot < 0 ? reference(name, scope) : attributeOf(name.slice(0, dot), name.slice(dot + 1), scope),
    );
  });
}

/** The first `count` subnets of an IPv4 block, each with `bits` host bits. */
function subnets(block: string, count: number, bits: number): string[] {
  const [base = ''] = block.split('/');
  const start = base.split('.').reduce((sum, octet) => sum * 256 + Number(octet), 0);
  return Array.from({ length: count }, (_, index) => {
    const address = start + index * 2 ** bits;
    const octets = [24, 16, 8, 0].map((shift) => Math.floor(address / 2 ** shift) % 256);
    return `${octets.join('.')}/${32 - bits}`;
  });
}

function list(argument: unknown, scope: Scope): unknown[] {
  const value = evaluate(argument, scope);
  if (!Array.isArray(value)) throw invalid(`A list is expected, not ${JSON.stringify(argument)}`);
  return value;
}

/** CloudFormation compares scalars as the strings they are written as. */
function comparable(value: unknown): unknown {
  return value === null || typeof value === 'object' ? value : String(value);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return value !== null && typeof value === 'object';
}

function invalid(message: string): ServiceError {
  return new ServiceError('ValidationError', `Template error: ${message}`);
}

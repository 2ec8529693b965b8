import type { z } from 'zod';
import { ServiceError } from '../service.ts';

/**
 * Checks the properties of a resource against its type's schema. As in CloudFormation, `"80"` is good where a number
 * is expected and `"true"` where a boolean is; an unknown property is an error.
 * @throws ServiceError `ValidationError` that names every property that is wrong.
 */
export function parseProperties<P>(schema: z.ZodType<P>, type: string, properties: unknown): P {
  const first = schema.safeParse(properties);
  if (first.success) return first.data;
  const converted = structuredClone(properties);
  for (const issue of flatten(first.error.issues)) convertScalar(converted, issue);
  const second = schema.safeParse(converted);
  if (second.success) return second.data;
  throw new ServiceError(
    'ValidationError',
    `Properties validation failed for ${type}: ${describe(second.error)}`,
  );
}

type Issue = z.core.$ZodIssue;

/** A union reports the mistakes of each of its members. */
function flatten(issues: readonly Issue[], path: readonly PropertyKey[] = []): Issue[] {
  return issues.flatMap((issue) => {
    const here = { ...issue, path: [...path, ...issue.path] };
    return issue.code === 'invalid_union' ? issue.errors.flatMap((each) => flatten(each, here.path)) : [here];
  });
}

function convertScalar(root: unknown, issue: Issue): void {
  if (issue.code !== 'invalid_type') return;
  const key = issue.path.at(-1);
  const parent = issue.path.slice(0, -1).reduce<unknown>((value, step) => child(value, step), root);
  if (key === undefined || parent === null || typeof parent !== 'object') return;
  const value = child(parent, key);
  const converted = convert(value, issue.expected);
  if (converted !== undefined) (parent as Record<PropertyKey, unknown>)[key] = converted;
}

function convert(value: unknown, expected: string): unknown {
  if (expected === 'number' && typeof value === 'string' && value !== '' && !Number.isNaN(Number(value))) {
    return Number(value);
  }
  if (expected === 'boolean' && (value === 'true' || value === 'false')) return value === 'true';
  if (expected === 'string' && (typeof value === 'number' || typeof value === 'boolean'))
    return String(value);
  return undefined;
}

function child(value: unknown, key: PropertyKey): unknown {
  return value !== null && typeof value === 'object'
    ? (value as Record<PropertyKey, unknown>)[key]
    : undefined;
}

function describe(error: z.ZodError): string {
  return error.issues
    .map((issue) =>
      issue.code === 'unrecognized_keys'
        ? `#/${issue.path.join('/')}: the local cloud does not know ${issue.keys.join(', ')}`
        : `#/${issue.path.join('/')}: ${issue.message}`,
    )
    .join('; ');
}

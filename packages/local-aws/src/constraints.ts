import { ServiceError } from './service.ts';

/** @throws ServiceError in AWS's words unless the value is one of those allowed, or not given */
export function requireOneOf(
  value: string | undefined,
  allowed: readonly string[],
  member: string,
  code = 'ValidationError',
): void {
  if (value === undefined || allowed.includes(value)) return;
  const set = `Member must satisfy enum value set: [${allowed.join(', ')}]`;
  throw new ServiceError(
    code,
    `1 validation error detected: Value '${value}' at '${member}' failed to satisfy constraint: ${set}`,
  );
}

/** @throws ServiceError in AWS's words unless the whole name fits the pattern */
export function requireName(
  name: string | undefined,
  pattern: string,
  member: string,
  code = 'ValidationError',
): void {
  if (name !== undefined && new RegExp(`^${pattern}$`).test(name)) return;
  const set = `Member must satisfy regular expression pattern: ${pattern}`;
  throw new ServiceError(
    code,
    `1 validation error detected: Value '${name}' at '${member}' failed to satisfy constraint: ${set}`,
  );
}

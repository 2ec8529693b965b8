import { ServiceError } from '../service.ts';
import type { Output, Stack } from './stack.ts';

/** What a stack exports, by export name. */
export function exportsOf(outputs: Readonly<Record<string, Output>>): Map<string, string> {
  return new Map(
    Object.values(outputs).flatMap(({ exportName, value }) =>
      exportName === undefined ? [] : [[exportName, value]],
    ),
  );
}

/**
 * Checks what a stack is going to export against the other stacks.
 * @throws ServiceError `ValidationError` when another stack exports the name already, or imports one that is to
 *   vanish or to change.
 */
export function checkExports(
  stack: Stack,
  outputs: Readonly<Record<string, Output>>,
  stacks: readonly Stack[],
): void {
  const others = stacks.filter((other) => other !== stack);
  const next = exportsOf(outputs);
  for (const name of next.keys()) {
    const owner = others.find((other) => exportsOf(other.outputs).has(name));
    if (owner) throw invalid(`Export with name ${name} is already exported by stack ${owner.name}.`);
  }
  for (const [name, value] of exportsOf(stack.outputs)) {
    if (next.get(name) === value) continue;
    const users = others.filter((other) => other.imports.has(name)).map((other) => other.name);
    const verb = next.has(name) ? 'updated' : 'deleted';
    if (users.length > 0)
      throw invalid(`Export ${name} cannot be ${verb} as it is in use by ${users.join(' and ')}`);
  }
}

function invalid(message: string): ServiceError {
  return new ServiceError('ValidationError', message);
}

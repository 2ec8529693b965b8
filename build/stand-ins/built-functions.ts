import { fileURLToPath } from 'node:url';

/** The functions as they were built with the package. @returns their folder */
export function builtFunctions(): string {
  return fileURLToPath(new URL('functions/', import.meta.url));
}

import { userInfo } from 'node:os';

/** Who is at the keyboard, for the history. Containers run under numbers that have no name. */
export function operatorName(): string {
  try {
    return userInfo().username;
  } catch {
    return process.env['USER'] || `uid-${process.getuid?.()}`;
  }
}

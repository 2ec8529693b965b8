import { InvalidArgumentError } from 'commander';

/** The value of `--port`; 0 is any free one. */
export function readPort(text: string): number {
  if (/^\d{1,5}$/.test(text) && Number(text) <= 65_535) return Number(text);
  throw new InvalidArgumentError('Expected 0 to 65535.');
}

/** A trace that cannot be read; `line` counts from 1, the header being line 1. */
export class TraceError extends Error {
  override readonly name = 'TraceError';
  readonly code = 'TraceInvalid';
  readonly line: number;

  constructor(name: string, line: number, message: string) {
    super(`${name}, line ${line}: ${message.replace(/\p{Cc}/gu, '�')}`);
    this.line = line;
  }
}

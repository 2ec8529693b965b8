/**
 * What every command answers with: 0 done, or yes; 1 it failed, or no; 2 it was used wrongly. A signal ends it with 128
 * and its number, as shells have it.
 */
export const exitCodes = { done: 0, failed: 1, misused: 2 } as const;

/** A command cannot do what was asked. The message says what is wrong, `advice` what to do next. */
export class Failure extends Error {
  override readonly name = 'Failure';
  readonly advice: string | undefined;
  readonly exitCode: number;

  constructor(
    message: string,
    {
      advice,
      exitCode = exitCodes.failed,
      cause,
    }: { advice?: string; exitCode?: number; cause?: unknown } = {},
  ) {
    super(message, { cause });
    this.advice = advice;
    this.exitCode = exitCode;
  }
}

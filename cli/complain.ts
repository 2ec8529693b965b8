import { InvalidFleet } from '../shared/fleet/invalid-fleet.ts';
import { adviceFor, isOfTheCloud } from './advice.ts';
import { exitCodes, Failure } from './failure.ts';
import { styled, write } from './terminal.ts';

/** Says on stderr what went wrong and what to do next. @returns the exit code */
export function complain(error: unknown): number {
  if (error instanceof InvalidFleet) return say(error.message);
  if (error instanceof Failure) return say(error.message, error.advice, error.exitCode);
  if (isOfTheCloud(error)) return say(sentenceOf(error as Error), adviceFor(error));
  return say(error instanceof Error ? (error.stack ?? error.message) : String(error), bug);
}

const bug = 'This should not happen. Please report it with the lines above.';

/** The SDK's errors carry their name apart, and some nothing else. */
function sentenceOf({ name, message }: Error): string {
  const saysAll = name === 'Error' || name === 'PortError' || message.includes(name);
  return message && saysAll ? message : `${name}: ${message}`;
}

function say(message: string, advice?: string, exitCode: number = exitCodes.failed): number {
  const stream = process.stderr;
  write(stream, `${styled('red', 'error:', stream)} ${message}\n`);
  if (advice) write(stream, `${advice}\n`);
  return exitCode;
}

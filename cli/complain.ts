import { type FleetProblem, InvalidFleet } from '../shared/fleet/invalid-fleet.ts';
import { adviceFor, isOfTheCloud } from './advice.ts';
import { exitCodes, Failure } from './failure.ts';
import { type DataFormat, dataText } from './output-format.ts';
import { styled, write } from './terminal.ts';

/** What went wrong, and what to do next. */
export interface Complaint {
  readonly name: string;
  readonly message: string;
  readonly advice?: string | undefined;
  readonly exitCode: number;
  /** Of a fleet file. */
  readonly problems?: readonly FleetProblem[];
}

/**
 * Says on stderr what went wrong and what to do next.
 * @param format a program listens: it finds the same as data on stdout
 * @returns the exit code
 */
export function complain(error: unknown, format?: DataFormat): number {
  const complaint = complaintOf(error);
  if (format) write(process.stdout, `${dataText({ error: complaint }, format)}\n`);
  return say(complaint);
}

function complaintOf(error: unknown): Complaint {
  const name = error instanceof Error ? error.name : 'Error';
  const exitCode = exitCodes.failed;
  if (error instanceof InvalidFleet) {
    const { message, problems } = error;
    return { name, message, exitCode, problems };
  }
  if (error instanceof Failure) {
    const { message, advice, exitCode } = error;
    return { name: nameOfCause(error), message, advice, exitCode };
  }
  if (isOfTheCloud(error))
    return { name, message: sentenceOf(error as Error), advice: adviceFor(error), exitCode };
  const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return { name, message, advice: bug, exitCode };
}

/** Programs tell apart what has failed by what caused it: `ECONNREFUSED`, `AccessDeniedException`. */
function nameOfCause({ name, cause }: Error): string {
  if (!(cause instanceof Error)) return name;
  return (cause as NodeJS.ErrnoException).code ?? cause.name;
}

const bug = 'This should not happen. Please report it with the lines above.';

/** The SDK's errors carry their name apart, and some nothing else. */
function sentenceOf({ name, message }: Error): string {
  const saysAll = name === 'Error' || name === 'PortError' || message.includes(name);
  return message && saysAll ? message : `${name}: ${message}`;
}

function say({ message, advice, exitCode }: Complaint): number {
  const stream = process.stderr;
  write(stream, `${styled('red', 'error:', stream)} ${message}\n`);
  if (advice) write(stream, `${advice}\n`);
  return exitCode;
}

import { visible } from '../shared/fleet/printable.ts';

/** What Ctrl-C and `kill` end a program with, as shells have it. */
const signals = { SIGINT: 130, SIGTERM: 143 } as const;

/**
 * Runs a program to its end. What it throws is printed as a sentence, not as a stack, with where to find help.
 * A signal ends it as if nobody listened, except that what is to be removed at the end is removed.
 */
export async function runProgram(main: () => Promise<void>, help: string): Promise<void> {
  exitOnSignals();
  try {
    await main();
  } catch (error) {
    console.error(`${visible((error as Error).message)}\n\n${help}`);
    // Whatever still listens would keep it alive.
    process.exit(1);
  }
}

/** So that what is to be removed at the end is removed. */
export function exitOnSignals(): void {
  for (const [signal, status] of Object.entries(signals)) process.once(signal, () => process.exit(status));
}

/** From now on a signal does this instead. */
export function onSignal(stop: () => void): void {
  for (const signal of Object.keys(signals)) process.removeAllListeners(signal).once(signal, stop);
}

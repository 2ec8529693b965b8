import { writeStatus } from './terminal.ts';

/** On a terminal, says after a second what is being waited for, until it is there. @returns what `work` returns */
export async function inProgress<T>(what: string, work: Promise<T>): Promise<T> {
  if (!process.stderr.isTTY) return work;
  const startedAt = Date.now();
  const timer = setInterval(() => {
    writeStatus(`… ${what} (${Math.round((Date.now() - startedAt) / 1000)} s)`);
  }, 1000);
  try {
    return await work;
  } finally {
    clearInterval(timer);
    writeStatus();
  }
}

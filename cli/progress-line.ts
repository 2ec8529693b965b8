import { writeStatus } from './terminal.ts';

const everyMs = 200;

/** On a terminal, shows how far something is, on one line that is gone when it is done. */
export function progressLine(what: string): (share: number) => void {
  let shownAt = 0;
  return (share) => {
    if (share >= 1) writeStatus();
    else if (Date.now() - shownAt >= everyMs) {
      shownAt = Date.now();
      writeStatus(`… ${what} ${Math.floor(100 * share)} %`);
    }
  };
}

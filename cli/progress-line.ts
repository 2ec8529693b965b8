const everyMs = 200;

/** On a terminal, shows how far something is, on one line that is gone when it is done. */
export function progressLine(what: string): (share: number) => void {
  const { stderr } = process;
  if (!stderr.isTTY) return () => {};
  let shownAt = 0;
  return (share) => {
    if (share >= 1) stderr.write('\r\u001b[K');
    else if (Date.now() - shownAt >= everyMs) {
      shownAt = Date.now();
      stderr.write(`\r\u001b[K… ${what} ${Math.floor(100 * share)} %`);
    }
  };
}

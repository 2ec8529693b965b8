/** On a terminal, says after a second what is being waited for, until it is there. @returns what `work` returns */
export async function inProgress<T>(what: string, work: Promise<T>): Promise<T> {
  const { stderr } = process;
  if (!stderr.isTTY) return work;
  const startedAt = Date.now();
  const timer = setInterval(() => {
    stderr.write(`\r… ${what} (${Math.round((Date.now() - startedAt) / 1000)} s)`);
  }, 1000);
  try {
    return await work;
  } finally {
    clearInterval(timer);
    stderr.write('\r\u001b[K');
  }
}

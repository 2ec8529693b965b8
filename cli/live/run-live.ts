import { once } from 'node:events';
import { emitKeypressEvents } from 'node:readline';
import { drawFrame, enterFullScreen, leaveFullScreen } from '../terminal.ts';
import { type LiveSources, LiveTable } from './live-table.ts';
import type { Key } from './view.ts';

/** Whether somebody sees it and has keys. */
export function canRunLive(): boolean {
  return process.stdout.isTTY && process.stdin.isTTY && process.env['TERM'] !== 'dumb';
}

/**
 * Shows the table on the whole terminal until somebody leaves, and then what was on the terminal before.
 * @param seconds between two looks
 * @throws what the first look throws
 */
export async function runLive(
  { look, explain }: Pick<LiveSources, 'look' | 'explain'>,
  seconds: number,
): Promise<void> {
  const { stdin, stdout } = process;
  const screen = () => ({ columns: stdout.columns || 80, lines: stdout.rows || 24 });
  const table = new LiveTable(await look(), { look, explain, screen, draw: drawFrame });
  const end = new AbortController();
  const onKey = (_: string | undefined, key: Key) =>
    void table.press(key).then((goesOn) => goesOn || end.abort());
  const onResize = () => table.draw();
  emitKeypressEvents(stdin);
  stdin.setRawMode(true);
  stdin.on('keypress', onKey);
  stdin.resume();
  stdout.on('resize', onResize);
  enterFullScreen();
  // However it ends: a terminal without echo is of no use to anybody.
  const restore = () => {
    leaveFullScreen();
    stdin.setRawMode(false);
  };
  process.once('exit', restore);
  const stop = () => end.abort();
  process.once('SIGTERM', stop);
  try {
    table.draw();
    await untilAborted(end.signal, seconds, table);
  } finally {
    process.off('exit', restore);
    process.off('SIGTERM', stop);
    stdin.off('keypress', onKey);
    stdout.off('resize', onResize);
    restore();
    stdin.pause();
  }
}

/** One look after the other, so that a slow cloud is not asked twice at a time. */
async function untilAborted(signal: AbortSignal, seconds: number, table: LiveTable): Promise<void> {
  const aborted = once(signal, 'abort');
  while (!signal.aborted) {
    const { promise: pause, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, seconds * 1000);
    await Promise.race([pause, aborted]);
    clearTimeout(timer);
    if (!signal.aborted) await Promise.race([table.refresh(), aborted]);
  }
}

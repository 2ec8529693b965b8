import { playDay } from './play-day.ts';
import { runProgram } from './run-program.ts';
import { readStartOptions } from './start-options.ts';

/** `npm start`: the example fleet's day. */
await runProgram(() => playDay(readStartOptions()), 'npm start -- --help says how to use it.');

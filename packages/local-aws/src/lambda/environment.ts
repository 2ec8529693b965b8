import { type ChildProcess, fork } from 'node:child_process';
import { rm } from 'node:fs/promises';
import { scratchFolder } from '../scratch-folder.ts';
import type { Instant } from '../service.ts';
import type { SandboxInvocation, SandboxMessage, SandboxStart } from './sandbox.ts';
import { sandboxProgram } from './sandbox-program.ts';

export interface EnvironmentOptions {
  readonly start: SandboxStart;
  readonly memoryMegabytes: number;
  readonly logStream: string;
}

/** How an invocation ended, with what it printed. `error` is set when the function failed, as Lambda's response has it. */
export interface Outcome {
  readonly payload: string;
  readonly error: 'Unhandled' | undefined;
  readonly output: string;
  readonly durationMs: number;
}

/** A simulated function may use this much of the machine's time beyond its timeout; a busy machine is not its fault. */
const patienceMs = 60_000;

/** Node 20 has it under its first name. */
const permissionModel = process.allowedNodeEnvironmentFlags.has('--permission')
  ? '--permission'
  : '--experimental-permission';
/**
 * Megabytes of a heap's youngest part: Node's own 16 let a process grow by 50 before it looks for garbage, and with one a sweep of
 * sixty groups spends a third of its time on garbage.
 */
const semiSpaceMegabytes = 4;

/**
 * One execution environment: a process with the function loaded, which handles one event at a time. It inherits no
 * variables, and Node's permission model lets it read its own code, write in a scratch folder, and start nothing. That
 * holds back mistakes and what a library would look up on the machine; it is no jail for code that means harm, and
 * does not limit the network.
 * @see https://nodejs.org/docs/latest-v24.x/api/permissions.html
 */
export class Environment {
  readonly options: EnvironmentOptions;
  /** When its last invocation is over, on the cloud's clock. */
  freeAt: Instant;
  readonly #process: ChildProcess;
  /** How it ended, once it has ended and all that it said has been heard. */
  readonly #gone: Promise<Ending>;
  #output = '';
  #alive = true;

  constructor(options: EnvironmentOptions) {
    const { memoryMegabytes, start } = options;
    this.options = options;
    this.freeAt = start.clock.now;
    const scratch = scratchFolder('tmp');
    const { main, files } = sandboxProgram();
    this.#process = fork(main, {
      cwd: start.taskRoot,
      env: {},
      execArgv: [
        `--max-old-space-size=${memoryMegabytes}`,
        `--max-semi-space-size=${semiSpaceMegabytes}`,
        permissionModel,
        // It may read its own program and the function's code, and nothing else.
        ...[...files, start.taskRoot, scratch].map((path) => `--allow-fs-read=${path}`),
        `--allow-fs-write=${scratch}`,
      ],
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    });
    this.#gone = endingOf(this.#process).finally(() => {
      this.#alive = false;
      return rm(scratch, { recursive: true, force: true });
    });
    this.#process.once('exit', () => {
      this.#alive = false;
    });
    const variables = { ...start.variables, TMPDIR: scratch };
    this.#send({ ...start, variables });
    this.#rest();
  }

  /** False once the function has timed out, exited or run out of memory: the next event needs another environment. */
  get isAlive(): boolean {
    return this.#alive;
  }

  async invoke(invocation: SandboxInvocation): Promise<Outcome> {
    this.#output = '';
    this.#process.ref();
    this.#process.channel?.ref();
    const { clock, timeoutMs } = invocation;
    const wallMs = clock.speed > 0 ? timeoutMs / clock.speed : timeoutMs + patienceMs;
    const { promise: ended, resolve: end } = Promise.withResolvers<Outcome>();
    const fail = (payload: string, durationMs: number) =>
      end({ payload, error: 'Unhandled', output: this.#output, durationMs });
    const onMessage = (message: SandboxMessage) => {
      if (message.kind === 'output') this.#output += message.text;
      else if (message.kind === 'timeout') fail(timedOut(invocation), timeoutMs);
      else if (message.kind === 'crash') {
        this.#alive = false;
        fail(message.payload, 0);
      } else {
        const { payload, kind } = message;
        const error = kind === 'failure' ? 'Unhandled' : undefined;
        end({ payload, error, output: this.#output, durationMs: message.now - clock.now });
      }
    };
    const onWall = setTimeout(() => fail(timedOut(invocation), timeoutMs), Math.min(wallMs, 2 ** 31 - 1));
    this.#process.on('message', onMessage);
    void this.#gone.then((how) => fail(exited(invocation.requestId, how), 0));
    this.#send(invocation);
    const outcome = await ended;
    clearTimeout(onWall);
    this.#process.off('message', onMessage);
    this.#rest();
    if (outcome.payload.includes('"Sandbox.Timedout"')) await this.stop();
    return outcome;
  }

  async stop(): Promise<void> {
    this.#alive = false;
    // Who waits for its end must be kept alive until then.
    this.#process.ref();
    this.#process.channel?.ref();
    this.#process.kill('SIGKILL');
    await this.#gone;
  }

  /** To a process that has ended, which is heard of by its end. */
  #send(message: SandboxStart | SandboxInvocation): void {
    this.#process.send(message, () => {});
  }

  /** An idle environment must not keep the local cloud's own process alive. */
  #rest(): void {
    this.#process.unref();
    this.#process.channel?.unref();
  }
}

interface Ending {
  readonly status: number | null;
  readonly signal: NodeJS.Signals | null;
  /** Why it was never started. */
  readonly error?: Error;
}

/** Its last messages may still be on their way when a process has ended. */
async function endingOf(child: ChildProcess): Promise<Ending> {
  const { promise: heard, resolve: hear } = Promise.withResolvers<void>();
  child.once('disconnect', hear);
  return new Promise((resolve) => {
    child.on('error', (error) => resolve({ status: null, signal: null, error }));
    child.once('exit', async (status, signal) => {
      await heard;
      resolve({ status, signal });
    });
  });
}

function timedOut({ requestId, timeoutMs }: SandboxInvocation): string {
  const seconds = (timeoutMs / 1000).toFixed(2);
  return JSON.stringify({
    errorType: 'Sandbox.Timedout',
    errorMessage: `RequestId: ${requestId} Error: Task timed out after ${seconds} seconds`,
  });
}

/** V8 aborts a process whose heap is full, however the platform signals that. */
const outOfMemory: readonly (NodeJS.Signals | null)[] = ['SIGABRT', 'SIGTRAP', 'SIGILL'];

function exited(requestId: string, { signal, status, error }: Ending): string {
  const how = error?.message ?? (signal ? 'signal: killed' : `exit status ${status}`);
  return JSON.stringify({
    errorType: outOfMemory.includes(signal) ? 'Runtime.OutOfMemory' : 'Runtime.ExitError',
    errorMessage: `RequestId: ${requestId} Error: Runtime exited with error: ${how}`,
  });
}

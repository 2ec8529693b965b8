import { Worker } from 'node:worker_threads';
import type { SandboxData, SandboxInvocation, SandboxMessage } from './sandbox.ts';

export interface EnvironmentOptions {
  readonly data: SandboxData;
  readonly variables: Readonly<Record<string, string>>;
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
const PATIENCE_MS = 60_000;

/** One execution environment: a worker thread with the function loaded, which handles one event at a time. */
export class Environment {
  readonly logStream: string;
  /** When its last invocation is over, on the cloud's clock. */
  freeAt = 0;
  readonly #worker: Worker;
  #output = '';
  #alive = true;

  constructor(options: EnvironmentOptions) {
    this.logStream = options.logStream;
    this.#worker = new Worker(new URL('./sandbox.ts', import.meta.url), {
      workerData: options.data,
      env: { ...options.variables },
      execArgv: [],
      stdout: true,
      stderr: true,
      resourceLimits: { maxOldGenerationSizeMb: options.memoryMegabytes },
    });
    // An idle environment must not keep the process alive.
    this.#worker.unref();
    this.#worker.on('exit', () => {
      this.#alive = false;
    });
  }

  /** False once the function has timed out, exited or run out of memory: the next event needs another environment. */
  get isAlive(): boolean {
    return this.#alive;
  }

  async invoke(invocation: SandboxInvocation): Promise<Outcome> {
    this.#output = '';
    this.#worker.ref();
    const { clock, timeoutMs } = invocation;
    const wallMs = clock.speed > 0 ? timeoutMs / clock.speed : timeoutMs + PATIENCE_MS;
    let end: (outcome: Outcome) => void = () => {};
    const ended = new Promise<Outcome>((resolve) => {
      end = resolve;
    });
    const fail = (payload: object, durationMs: number) =>
      end({ payload: JSON.stringify(payload), error: 'Unhandled', output: this.#output, durationMs });
    const onMessage = (message: SandboxMessage) => {
      if (message.kind === 'output') this.#output += message.text;
      else if (message.kind === 'timeout') fail(timedOut(invocation), timeoutMs);
      else {
        const { payload, kind } = message;
        const error = kind === 'failure' ? 'Unhandled' : undefined;
        end({ payload, error, output: this.#output, durationMs: message.now - clock.now });
      }
    };
    const onExit = (status: number) => fail(exited(invocation.requestId, `exit status ${status}`), 0);
    const onError = (error: Error) => {
      this.#alive = false;
      fail(crashed(invocation.requestId, error), 0);
    };
    const onWall = setTimeout(() => fail(timedOut(invocation), timeoutMs), Math.min(wallMs, 2 ** 31 - 1));
    this.#worker.on('message', onMessage).on('exit', onExit).on('error', onError);
    this.#worker.postMessage(invocation);
    const outcome = await ended;
    clearTimeout(onWall);
    this.#worker.off('message', onMessage).off('exit', onExit).off('error', onError);
    this.#worker.unref();
    if (outcome.payload.includes('"Sandbox.Timedout"')) await this.stop();
    return outcome;
  }

  async stop(): Promise<void> {
    this.#alive = false;
    await this.#worker.terminate();
  }
}

function timedOut({ requestId, timeoutMs }: SandboxInvocation): object {
  const seconds = (timeoutMs / 1000).toFixed(2);
  return {
    errorType: 'Sandbox.Timedout',
    errorMessage: `RequestId: ${requestId} Error: Task timed out after ${seconds} seconds`,
  };
}

function exited(requestId: string, how: string): object {
  return {
    errorType: 'Runtime.ExitError',
    errorMessage: `RequestId: ${requestId} Error: Runtime exited with error: ${how}`,
  };
}

/** An error outside any handler: it takes the environment with it. */
function crashed(requestId: string, error: Error & { code?: string }): object {
  if (error.code === 'ERR_WORKER_OUT_OF_MEMORY') {
    return { ...exited(requestId, 'signal: killed'), errorType: 'Runtime.OutOfMemory' };
  }
  return { errorType: error.name, errorMessage: error.message, trace: error.stack?.split('\n') ?? [] };
}

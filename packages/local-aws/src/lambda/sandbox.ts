import { existsSync } from 'node:fs';
import { createRequire, syncBuiltinESMExports } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { format } from 'node:util';
import { seededRandom } from '../random.ts';
import { type ClockSetting, installClock, SandboxClock } from './sandbox-clock.ts';

/** The first message to the process. */
export interface SandboxStart {
  /** All that its environment holds; told, and not handed down, as Node and the loader obey some of them when they start. */
  readonly variables: Readonly<Record<string, string>>;
  readonly taskRoot: string;
  /** `index.handler` */
  readonly handler: string;
  readonly jsonLogs: boolean;
  readonly clock: ClockSetting;
  /** Of the sandbox's random numbers: the same day must give the same back-offs and ids. */
  readonly seed: number;
}

/** Asks the process to handle one event. */
export interface SandboxInvocation {
  readonly payload: string;
  readonly requestId: string;
  readonly functionName: string;
  readonly functionArn: string;
  readonly memoryMegabytes: number;
  readonly logGroup: string;
  readonly logStream: string;
  readonly traceId: string;
  readonly timeoutMs: number;
  readonly clock: ClockSetting;
}

/** What the process says: output as it comes, then one end of the invocation; or a crash, at any time. */
export type SandboxMessage =
  | { readonly kind: 'output'; readonly text: string }
  | { readonly kind: 'answer'; readonly payload: string; readonly now: number }
  | { readonly kind: 'failure'; readonly payload: string; readonly now: number }
  | { readonly kind: 'timeout'; readonly now: number }
  | { readonly kind: 'crash'; readonly payload: string };

type Handler = (event: unknown, context: unknown) => unknown;

const clock = new SandboxClock();
const send = process.send!.bind(process);
let requestId = '';
let jsonLogs = false;

const say = (message: SandboxMessage): void => void send(message);

/** Runs one event through the function and says how it ended. */
async function invoke(handler: Promise<Handler>, invocation: SandboxInvocation): Promise<void> {
  ({ requestId } = invocation);
  process.env['_X_AMZN_TRACE_ID'] = invocation.traceId;
  const deadline = invocation.clock.now + invocation.timeoutMs;
  clock.start(invocation.clock, deadline, () => say({ kind: 'timeout', now: deadline }));
  try {
    const run = await handler;
    const answer = await run(JSON.parse(invocation.payload), contextOf(invocation, deadline));
    say({ kind: 'answer', payload: JSON.stringify(answer) ?? 'null', now: clock.now() });
  } catch (error) {
    const failure = describe(error);
    writeLog('ERROR', [`Invoke Error \t${JSON.stringify({ ...failure, stack: failure.trace })}`]);
    say({ kind: 'failure', payload: JSON.stringify(failure), now: clock.now() });
  } finally {
    clock.freeze();
  }
}

function contextOf(invocation: SandboxInvocation, deadline: number): Record<string, unknown> {
  return {
    callbackWaitsForEmptyEventLoop: true,
    functionName: invocation.functionName,
    functionVersion: '$LATEST',
    invokedFunctionArn: invocation.functionArn,
    memoryLimitInMB: String(invocation.memoryMegabytes),
    awsRequestId: invocation.requestId,
    logGroupName: invocation.logGroup,
    logStreamName: invocation.logStream,
    getRemainingTimeInMillis: () => Math.max(0, Math.round(deadline - clock.now())),
  };
}

/** Loads the function as Lambda's runtime does. @throws what the module throws, or the runtime's own errors. */
async function load({ handler, taskRoot }: SandboxStart): Promise<Handler> {
  const dot = handler.lastIndexOf('.');
  const [module, name] = [handler.slice(0, dot), handler.slice(dot + 1)];
  const file = ['.mjs', '.js', '.cjs'].map((end) => join(taskRoot, module + end)).find(existsSync);
  if (!file) throw runtimeError('Runtime.ImportModuleError', `Error: Cannot find module '${module}'`);
  const loaded = (await import(pathToFileURL(file).href)) as Record<string, unknown>;
  const found = loaded[name] ?? (loaded['default'] as Record<string, unknown> | undefined)?.[name];
  if (typeof found !== 'function') {
    throw runtimeError('Runtime.HandlerNotFound', `${handler} is undefined or not exported`);
  }
  return found as Handler;
}

function runtimeError(name: string, message: string): Error {
  return Object.assign(new Error(message), { name });
}

function describe(error: unknown): { errorType: string; errorMessage: string; trace: string[] } {
  if (!(error instanceof Error)) return { errorType: typeof error, errorMessage: String(error), trace: [] };
  return { errorType: error.name, errorMessage: error.message, trace: error.stack?.split('\n') ?? [] };
}

function writeLog(level: string, parts: unknown[]): void {
  const timestamp = new Date().toISOString();
  const message = format(...parts);
  const line = jsonLogs
    ? JSON.stringify({ timestamp, level, requestId, message })
    : `${timestamp}\t${requestId}\t${level}\t${message}`;
  say({ kind: 'output', text: `${line}\n` });
}

/** What the function prints goes to its log, in order with how its invocations end. */
function installOutput(): void {
  const levels = { log: 'INFO', info: 'INFO', debug: 'DEBUG', warn: 'WARN', error: 'ERROR', trace: 'TRACE' };
  for (const [method, level] of Object.entries(levels)) {
    console[method as 'log'] = (...parts: unknown[]) => writeLog(level, parts);
  }
  const write = (chunk: string | Uint8Array, ...rest: unknown[]): boolean => {
    say({ kind: 'output', text: typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString() });
    const done = rest.find((each) => typeof each === 'function') as (() => void) | undefined;
    done?.();
    return true;
  };
  process.stdout.write = write;
  process.stderr.write = write;
}

function installRandom(seed: number): void {
  const { next } = seededRandom(seed);
  Math.random = next;
  const fill = <T extends NodeJS.ArrayBufferView>(array: T): T => {
    const bytes = new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
    for (let index = 0; index < bytes.length; index += 1) bytes[index] = Math.floor(next() * 256);
    return array;
  };
  const randomUUID = () => {
    const hex = Buffer.from(fill(new Uint8Array(16))).toString('hex');
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20)}`;
  };
  const require = createRequire(import.meta.url);
  Object.assign(require('node:crypto'), { randomUUID });
  Object.assign(globalThis.crypto, { randomUUID, getRandomValues: fill });
  syncBuiltinESMExports();
}

function installEnvironment(variables: Readonly<Record<string, string>>): void {
  for (const name of Object.keys(process.env)) delete process.env[name];
  Object.assign(process.env, variables);
}

/** An error outside of any handler takes the process with it, and its reason must be out before. */
function crash(error: unknown): void {
  send({ kind: 'crash', payload: JSON.stringify(describe(error)) }, () => process.exit(1));
}

function start(given: SandboxStart): void {
  ({ jsonLogs } = given);
  clock.start(given.clock, Number.POSITIVE_INFINITY, () => {});
  installEnvironment(given.variables);
  installClock(clock);
  installRandom(given.seed);
  installOutput();
  const handler = load(given);
  // Without an invocation that waits for it, a failing module must not end the process: the next invocation reports it.
  handler.catch(() => {});
  process.on('message', (invocation: SandboxInvocation) => void invoke(handler, invocation));
}

process.on('uncaughtException', crash);
// With the local cloud it ends; Ctrl-C reaches the whole process group, and the cloud still has to close.
process.on('disconnect', () => process.exit());
process.on('SIGINT', () => {});
process.once('message', start);

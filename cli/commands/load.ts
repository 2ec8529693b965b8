import { type Command, InvalidArgumentError, Option } from 'commander';
import { exitCodes, Failure } from '../failure.ts';
import { type LoadResult, type LoadSecond, runLoadTest } from '../load-test.ts';
import { type OutputOptions, print, printData, withJsonOption } from '../print.ts';

const help = `
Asks a deployed service again and again, to watch its fleet grow. A line a second; Ctrl-C ends it and sums up. Only ever
load what is yours.

  $ rushhour load --url http://shop.example.com/health --users 500 --duration 600
  $ rushhour load --url http://localhost:8001/health --users 20 --rate 300 --json

Exit codes: 0 every request was answered, 1 some were not, or not with success.`;

interface TestOptions extends OutputOptions {
  readonly url: string;
  readonly users: number;
  readonly duration: number;
  readonly rate?: number;
}

export function define(command: Command): void {
  withJsonOption(command)
    .addOption(new Option('--url <url>', 'the address to load').makeOptionMandatory().argParser(readUrl))
    .addOption(new Option('--users <number>', 'how many ask at a time').default(50).argParser(upTo(10_000)))
    .addOption(new Option('--duration <seconds>', 'how long').default(60).argParser(upTo(86_400)))
    .addOption(
      new Option('--rate <number>', 'at most this many requests a second').argParser(upTo(1_000_000)),
    )
    .addHelpText('after', help)
    .action(load);
}

function readUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol === 'http:' || url?.protocol === 'https:') return text;
  throw new InvalidArgumentError('Expected an address like https://shop.example.com/health.');
}

function upTo(most: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (Number.isInteger(value) && value >= 1 && value <= most) return value;
    throw new InvalidArgumentError(`Expected a whole number from 1 to ${most}.`);
  };
}

async function load(options: TestOptions): Promise<void> {
  const { url, users, duration, rate, json } = options;
  const interrupt = new AbortController();
  process.once('SIGINT', () => interrupt.abort());
  const test = { url, users, durationSeconds: duration, requestsPerSecond: rate };
  const result = await runLoadTest(test, json ? () => {} : tellSecond, interrupt.signal);
  const { requests, errors, timeouts, non2xx, refused } = result;
  if (requests === 0)
    throw new Failure(refused ? `Nobody listens at ${url}: ${refused}` : `${url} answered nothing.`, {
      advice: 'Is that its address, and does a healthy server stand behind it? curl it once.',
      exitCode: exitCodes.failed,
    });
  if (json) printData(result, options);
  else tell(result);
  if (errors + timeouts + non2xx > 0) process.exitCode = exitCodes.failed;
}

function tellSecond({ second, requestsPerSecond, meanMilliseconds }: LoadSecond): void {
  const latency = meanMilliseconds === undefined ? 'no answer' : `${meanMilliseconds.toFixed(1)} ms`;
  print(`${String(second).padStart(5)} s  ${String(requestsPerSecond).padStart(7)} requests/s  ${latency}`);
}

function tell({
  requests,
  seconds,
  requestsPerSecond,
  latency,
  non2xx,
  errors,
  timeouts,
  refused,
}: LoadResult): void {
  const { p50, p90, p99, max } = latency;
  print(`\n${requests} requests in ${seconds.toFixed(0)} s, ${requestsPerSecond.toFixed(0)} a second`);
  print(`latency: half within ${p50} ms, 90 % within ${p90} ms, 99 % within ${p99} ms, at most ${max} ms`);
  print(
    `failed: ${errors} broken, ${timeouts} without an answer in time, ${non2xx} answered without success`,
  );
  if (refused) print(`stopped: nobody listens there any more (${refused})`);
}

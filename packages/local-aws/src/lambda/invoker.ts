import type { Cloud } from '../cloud.ts';
import { servicePrincipal } from '../cloud-context.ts';
import { type Instant, type Principal, ServiceError } from '../service.ts';
import { embeddedMetricsIn } from './embedded-metrics.ts';
import { Environment, type Outcome } from './environment.ts';
import { type LambdaFunction, logGroupOf } from './function.ts';
import { runtimeVariables } from './runtime-variables.ts';

/** The largest answer of a synchronous invocation, in bytes. */
const maxAnswerBytes = 6_291_556;

interface Fleet {
  readonly idle: Environment[];
  readonly busy: Set<Environment>;
  /** Environments whose idle processes were ended: the next call starts a new process under the same name. */
  readonly asleep: Environment[];
  /** When one was begun last, on the cloud's clock. */
  begunAt: Instant | undefined;
  /** Was begun for whatever comes next. */
  ahead: Environment | undefined;
}

/** An environment that waits longer for its next event is ended, as Lambda does after some minutes. */
const warmMs = 10 * 60_000;

/**
 * Of the environments that wait, in all functions together, so many keep their process. What comes at one instant needs an environment
 * each, as in Lambda, and sixty windows that close at once would otherwise hold gigabytes for it.
 */
const warmAtMost = 8;

/** Runs events through functions, each in an execution environment that is kept warm; writes their logs and metrics. */
export class Invoker {
  readonly #cloud: Cloud;
  readonly #fleets = new Map<string, Fleet>();
  /** The role's session of each environment, by which the function's own calls are made. */
  readonly #sessions = new WeakMap<Environment, Principal>();

  constructor(cloud: Cloud) {
    this.#cloud = cloud;
  }

  /** @throws ServiceError `TooManyRequestsException` when the function's reserved concurrency is used up. */
  async run(target: LambdaFunction, payload: string, requestId: string): Promise<Outcome> {
    const fleet = this.#fleetOf(target);
    if (fleet.busy.size >= (target.reservedConcurrency ?? Number.POSITIVE_INFINITY)) {
      await this.publish(target, { Throttles: 1 });
      throw new ServiceError('TooManyRequestsException', 'Rate Exceeded.', 429, {
        Reason: 'ReservedFunctionConcurrentInvocationLimitExceeded',
        Type: 'User',
      });
    }
    const { eventQueue } = this.#cloud;
    const environment = this.#take(target, fleet);
    fleet.busy.add(environment);
    try {
      const outcome = bounded(
        await environment.invoke(this.#invocationOf(target, environment, payload, requestId)),
      );
      // Whatever a function waited for took its own time and none of the simulated cloud's.
      environment.freeAt = eventQueue.now() + (eventQueue.speed === 0 ? outcome.durationMs : 0);
      await this.#record(target, environment, requestId, outcome);
      return outcome;
    } finally {
      fleet.busy.delete(environment);
      await this.#release(target, fleet, environment);
    }
  }

  /** Publishes metrics of a function in the namespace `AWS/Lambda`. */
  async publish(target: LambdaFunction, values: Readonly<Record<string, number>>): Promise<void> {
    const Timestamp = new Date(this.#cloud.eventQueue.now());
    const Dimensions = [{ Name: 'FunctionName', Value: target.name }];
    const MetricData = Object.entries(values).map(([MetricName, Value]) => ({
      MetricName,
      Dimensions,
      Timestamp,
      Value,
      Unit: MetricName === 'Duration' ? 'Milliseconds' : 'Count',
    }));
    await this.#tell(
      'monitoring',
      'PutMetricData',
      { Namespace: 'AWS/Lambda', MetricData },
      servicePrincipal('lambda'),
    );
  }

  /** Ends the function's environments: its code or configuration has changed, or it is gone. */
  async retire(target: LambdaFunction): Promise<void> {
    const fleet = this.#fleets.get(target.arn);
    this.#fleets.delete(target.arn);
    await Promise.all((fleet?.idle ?? []).map((environment) => environment.stop()));
  }

  async close(): Promise<void> {
    const all = [...this.#fleets.values()].flatMap(({ idle, busy }) => [...idle, ...busy]);
    this.#fleets.clear();
    await Promise.all(all.map((environment) => environment.stop()));
  }

  /** Keeps an environment warm, unless it has died or its function has changed meanwhile. */
  async #release(target: LambdaFunction, fleet: Fleet, environment: Environment): Promise<void> {
    if (this.#fleets.get(target.arn) !== fleet) await environment.stop();
    else if (environment.isAlive) fleet.idle.push(environment);
    await this.#endIdle();
  }

  async #endIdle(): Promise<void> {
    const now = this.#cloud.eventQueue.now();
    for (const { idle, asleep } of this.#fleets.values()) {
      const ended = idle.filter(({ freeAt }) => now - freeAt > warmMs);
      for (const environment of ended) {
        idle.splice(idle.indexOf(environment), 1);
        asleep.push(environment);
      }
      await Promise.all(ended.map((environment) => environment.stop()));
    }
    await this.#endSurplus();
  }

  /** Of the function that has most of them: whatever is called now and then keeps its one. */
  async #endSurplus(): Promise<void> {
    const fleets = [...this.#fleets.values()];
    const warm = () => fleets.reduce((sum, { idle }) => sum + idle.length, 0);
    while (warm() > warmAtMost) {
      const { idle, asleep } = fleets.reduce((most, fleet) =>
        fleet.idle.length > most.idle.length ? fleet : most,
      );
      const surplus = idle.pop()!;
      asleep.push(surplus);
      await surplus.stop();
    }
  }

  /**
   * What needs two more environments at one instant will need others. Each is begun while the one before it runs: loading takes longer
   * than most of what functions do, and another processor of the machine has nothing to do.
   */
  #take(target: LambdaFunction, fleet: Fleet): Environment {
    const now = this.#cloud.eventQueue.now();
    const idle = takeIdle(fleet, now);
    if (idle && idle !== fleet.ahead) return idle;
    const taken = idle ?? this.#begin(target, fleet);
    fleet.ahead = fleet.begunAt === now ? this.#begin(target, fleet) : undefined;
    fleet.begunAt = now;
    // Where those that are too many are taken from last.
    if (fleet.ahead) fleet.idle.unshift(fleet.ahead);
    return taken;
  }

  #begin(target: LambdaFunction, fleet: Fleet): Environment {
    return this.#wake(fleet) ?? this.#start(target);
  }

  #wake({ asleep }: Fleet): Environment | undefined {
    const former = asleep.pop();
    if (!former) return undefined;
    const { start } = former.options;
    const { eventQueue } = this.#cloud;
    const clock = { now: eventQueue.now(), speed: eventQueue.speed };
    // Another seed: its random numbers must not be those that it had before.
    const environment = new Environment({
      ...former.options,
      start: { ...start, clock, seed: start.seed + 1 },
    });
    this.#sessions.set(environment, this.#sessions.get(former)!);
    return environment;
  }

  #fleetOf(target: LambdaFunction): Fleet {
    let fleet = this.#fleets.get(target.arn);
    if (!fleet) {
      fleet = { idle: [], busy: new Set(), asleep: [], begunAt: undefined, ahead: undefined };
      this.#fleets.set(target.arn, fleet);
    }
    return fleet;
  }

  #start(target: LambdaFunction): Environment {
    const { eventQueue, credentials, ids } = this.#cloud;
    const session = credentials.issue(target.configuration.Role!, target.name);
    const day = new Date(eventQueue.now()).toISOString().slice(0, 10).replaceAll('-', '/');
    const logStream = `${day}/[$LATEST]${ids.hex(32)}`;
    const environment = new Environment({
      start: {
        taskRoot: target.taskRoot,
        handler: target.configuration.Handler!,
        jsonLogs: target.configuration.LoggingConfig?.LogFormat === 'JSON',
        clock: { now: eventQueue.now(), speed: eventQueue.speed },
        seed: Number.parseInt(ids.hex(8), 16),
        variables: {
          ...runtimeVariables(this.#cloud, target, logStream),
          AWS_ACCESS_KEY_ID: session.AccessKeyId,
          AWS_SECRET_ACCESS_KEY: session.SecretAccessKey,
          AWS_SESSION_TOKEN: session.SessionToken,
          ...target.environment,
        },
      },
      memoryMegabytes: target.configuration.MemorySize!,
      logStream,
    });
    this.#sessions.set(environment, credentials.principalOf(session.AccessKeyId)!);
    return environment;
  }

  #invocationOf(target: LambdaFunction, environment: Environment, payload: string, requestId: string) {
    const { eventQueue } = this.#cloud;
    return {
      payload,
      requestId,
      functionName: target.name,
      functionArn: target.arn,
      memoryMegabytes: target.configuration.MemorySize!,
      logGroup: logGroupOf(target),
      logStream: environment.options.logStream,
      traceId: `Root=1-${Math.floor(eventQueue.now() / 1000).toString(16)}-${requestId.replaceAll('-', '').slice(0, 24)};Sampled=0`,
      timeoutMs: target.configuration.Timeout! * 1000,
      clock: { now: eventQueue.now(), speed: eventQueue.speed },
    };
  }

  async #record(
    target: LambdaFunction,
    from: Environment,
    requestId: string,
    outcome: Outcome,
  ): Promise<void> {
    const Duration = Math.max(1, Math.round(outcome.durationMs));
    await this.publish(target, { Invocations: 1, Errors: outcome.error ? 1 : 0, Duration });
    for (const metrics of embeddedMetricsIn(outcome.output)) {
      await this.#tell('monitoring', 'PutMetricData', metrics, servicePrincipal('logs'));
    }
    const lines = [
      `START RequestId: ${requestId} Version: $LATEST`,
      ...outcome.output.split('\n').filter((line) => line !== ''),
      `END RequestId: ${requestId}`,
      `REPORT RequestId: ${requestId}\tDuration: ${Duration} ms\tMemory Size: ${target.configuration.MemorySize} MB`,
    ];
    await this.#writeLog(target, from, lines);
  }

  /** With the function's own rights: a role that may not write logs leaves none, as in AWS. */
  async #writeLog(target: LambdaFunction, from: Environment, lines: readonly string[]): Promise<void> {
    const stream = { logGroupName: logGroupOf(target), logStreamName: from.options.logStream };
    const timestamp = this.#cloud.eventQueue.now();
    const input = { ...stream, logEvents: lines.map((message) => ({ timestamp, message })) };
    const session = this.#sessions.get(from)!;
    if ((await this.#tell('logs', 'PutLogEvents', input, session)) !== 'ResourceNotFoundException') return;
    await this.#tell('logs', 'CreateLogGroup', { logGroupName: stream.logGroupName }, session);
    await this.#tell('logs', 'CreateLogStream', stream, session);
    await this.#tell('logs', 'PutLogEvents', input, session);
  }

  /** What Lambda reports never fails an invocation. Returns the error's code, if any. */
  async #tell(
    service: string,
    operation: string,
    input: unknown,
    principal: Principal,
  ): Promise<string | undefined> {
    try {
      await this.#cloud.call(service, operation, input, principal);
      return undefined;
    } catch (error) {
      if (error instanceof ServiceError) return error.code;
      throw error;
    }
  }
}

/** One that is alive, and whose last invocation is over by its own clock, which must not go back. */
function takeIdle({ idle }: Fleet, now: number): Environment | undefined {
  const place = idle.findLastIndex(({ isAlive, freeAt }) => isAlive && freeAt <= now);
  return place < 0 ? undefined : idle.splice(place, 1)[0];
}

function bounded(outcome: Outcome): Outcome {
  if (outcome.error || Buffer.byteLength(outcome.payload) <= maxAnswerBytes) return outcome;
  const failure = {
    errorType: 'Function.ResponseSizeTooLarge',
    errorMessage: `Response payload size exceeded maximum allowed payload size (${maxAnswerBytes} bytes).`,
  };
  return { ...outcome, error: 'Unhandled', payload: JSON.stringify(failure) };
}

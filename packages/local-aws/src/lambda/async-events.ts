import type { Cloud } from '../cloud.ts';
import { Delivery } from '../delivery.ts';
import { sessionOf } from '../role-session.ts';
import { type Instant, ServiceError } from '../service.ts';
import type { Outcome } from './environment.ts';
import { defaultEventInvokeConfig, type LambdaFunction } from './function.ts';
import type { Invoker } from './invoker.ts';

interface AsyncEvent {
  readonly functionArn: string;
  readonly payload: string;
  readonly requestId: string;
  readonly queuedAt: Instant;
  /** How often the function has run on it. */
  attempts: number;
  throttles: number;
}

type Condition = 'Success' | 'RetriesExhausted' | 'EventAgeExceeded';

const minuteMs = 60_000;

/**
 * The queue in front of asynchronous invocations: an event whose function fails is tried again after one minute and
 * then after two, a throttled one for as long as it may wait; what fails for good goes to the on-failure destination
 * and the dead-letter queue.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html
 */
export class AsyncEvents {
  readonly #cloud: Cloud;
  readonly #invoker: Invoker;
  readonly #find: (arn: string) => LambdaFunction | undefined;
  readonly #delivery: Delivery;

  constructor(cloud: Cloud, invoker: Invoker, find: (arn: string) => LambdaFunction | undefined) {
    this.#cloud = cloud;
    this.#invoker = invoker;
    this.#find = find;
    this.#delivery = new Delivery(cloud);
  }

  add(target: LambdaFunction, payload: string, requestId: string): void {
    const queuedAt = this.#cloud.eventQueue.now();
    this.#runAt(queuedAt, {
      functionArn: target.arn,
      payload,
      requestId,
      queuedAt,
      attempts: 0,
      throttles: 0,
    });
  }

  #runAt(when: Instant, event: AsyncEvent): void {
    this.#cloud.eventQueue.at(when, `event for ${event.functionArn}`, () => this.#run(event));
  }

  async #run(event: AsyncEvent): Promise<void> {
    const target = this.#find(event.functionArn);
    if (!target) return;
    const { maximumEventAgeSeconds, maximumRetryAttempts } =
      target.eventInvokeConfig ?? defaultEventInvokeConfig;
    const expires = event.queuedAt + maximumEventAgeSeconds * 1000;
    if (this.#cloud.eventQueue.now() > expires)
      return this.#end(target, event, 'EventAgeExceeded', undefined);
    const outcome = await this.#attempt(target, event);
    if (outcome === 'throttled')
      return this.#retry(target, event, expires, throttleDelayMs(event), undefined);
    if (!outcome.error) return this.#end(target, event, 'Success', outcome);
    if (event.attempts > maximumRetryAttempts) return this.#end(target, event, 'RetriesExhausted', outcome);
    return this.#retry(target, event, expires, event.attempts * minuteMs, outcome);
  }

  async #attempt(target: LambdaFunction, event: AsyncEvent): Promise<Outcome | 'throttled'> {
    try {
      const outcome = await this.#invoker.run(target, event.payload, event.requestId);
      event.attempts += 1;
      return outcome;
    } catch (error) {
      if (!(error instanceof ServiceError)) throw error;
      event.throttles += 1;
      return 'throttled';
    }
  }

  async #retry(
    target: LambdaFunction,
    event: AsyncEvent,
    expires: Instant,
    delayMs: number,
    outcome: Outcome | undefined,
  ): Promise<void> {
    const when = this.#cloud.eventQueue.now() + delayMs;
    if (when > expires) await this.#end(target, event, 'EventAgeExceeded', outcome);
    else this.#runAt(when, event);
  }

  async #end(
    target: LambdaFunction,
    event: AsyncEvent,
    condition: Condition,
    outcome: Outcome | undefined,
  ): Promise<void> {
    const { onSuccess, onFailure } = target.eventInvokeConfig ?? defaultEventInvokeConfig;
    const role = sessionOf(target.configuration.Role!, target.name);
    const destination = condition === 'Success' ? onSuccess : onFailure;
    if (destination) {
      const record = JSON.stringify(this.#recordOf(target, event, condition, outcome));
      await this.#send(target, 'DestinationDeliveryFailures', () =>
        this.#delivery.send(destination, record, role, {
          source: 'lambda',
          detailType: `Lambda Function Invocation Result - ${condition === 'Success' ? 'Success' : 'Failure'}`,
        }),
      );
    }
    const deadLetters = target.configuration.DeadLetterConfig?.TargetArn;
    if (condition === 'Success') return;
    await this.#invoker.publish(target, { AsyncEventsDropped: 1 });
    if (deadLetters) {
      const attributes = deadLetterAttributes(event, outcome);
      await this.#send(target, 'DeadLetterErrors', () =>
        this.#delivery.send(deadLetters, event.payload, role, { attributes }),
      );
    }
  }

  /** A destination that cannot be reached loses the event; only a metric says so. */
  async #send(target: LambdaFunction, failureMetric: string, send: () => Promise<void>): Promise<void> {
    try {
      await send();
    } catch (error) {
      if (!(error instanceof ServiceError)) throw error;
      await this.#invoker.publish(target, { [failureMetric]: 1 });
    }
  }

  #recordOf(
    target: LambdaFunction,
    event: AsyncEvent,
    condition: Condition,
    outcome: Outcome | undefined,
  ): object {
    return {
      version: '1.0',
      timestamp: new Date(this.#cloud.eventQueue.now()).toISOString(),
      requestContext: {
        requestId: event.requestId,
        functionArn: `${target.arn}:$LATEST`,
        condition,
        approximateInvokeCount: event.attempts,
      },
      requestPayload: JSON.parse(event.payload),
      ...(outcome
        ? {
            responseContext: {
              statusCode: 200,
              executedVersion: '$LATEST',
              ...(outcome.error ? { functionError: outcome.error } : {}),
            },
            responsePayload: JSON.parse(outcome.payload),
          }
        : {}),
    };
  }
}

/** From one second, doubling, to five minutes. */
function throttleDelayMs({ throttles }: AsyncEvent): number {
  return Math.min(1000 * 2 ** (throttles - 1), 5 * minuteMs);
}

function deadLetterAttributes(event: AsyncEvent, outcome: Outcome | undefined): Record<string, string> {
  const message = outcome
    ? String((JSON.parse(outcome.payload) as { errorMessage?: string }).errorMessage)
    : '';
  return {
    RequestID: event.requestId,
    ErrorCode: outcome ? '200' : '429',
    ErrorMessage: message.slice(0, 1024),
  };
}

import type { CloudContext } from './cloud-context.ts';
import { Delivery, type DeliveryOptions } from './delivery.ts';
import { type Instant, type Principal, ServiceError } from './service.ts';

export interface RetryPolicy {
  readonly maximumRetryAttempts: number;
  readonly maximumEventAgeSeconds: number;
}

/** EventBridge's and EventBridge Scheduler's default: 185 times in 24 hours. */
export const defaultRetryPolicy: RetryPolicy = { maximumRetryAttempts: 185, maximumEventAgeSeconds: 86_400 };

/** Something to bring to a target, however long that takes. */
export interface Parcel {
  readonly targetArn: string;
  /** What is sent, by attempt (from 1). */
  readonly text: (attempt: number) => string;
  readonly principal: Principal;
  readonly retryPolicy: RetryPolicy;
  readonly options?: DeliveryOptions;
  readonly deadLetterArn?: string | undefined;
  /** Who leaves the dead letter, if not who brings the parcel. */
  readonly deadLetterPrincipal?: Principal;
  /** Attributes of the dead letter, besides those that say what went wrong. */
  readonly deadLetterAttributes: Readonly<Record<string, string>>;
}

const maxDelayMs = 10 * 60_000;

/**
 * Brings parcels to their targets as EventBridge does: what the target refuses is given up at once, what it is too
 * busy for is tried again with growing delays, and what cannot be delivered goes to the dead-letter queue.
 *
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-retry-policy.html
 */
export class RetryingDelivery {
  readonly #cloud: CloudContext;
  readonly #delivery: Delivery;

  constructor(cloud: CloudContext) {
    this.#cloud = cloud;
    this.#delivery = new Delivery(cloud);
  }

  /** Resolves after the first attempt; what follows is on the event queue. */
  async deliver(parcel: Parcel): Promise<void> {
    await this.#attempt(parcel, 1, this.#cloud.eventQueue.now());
  }

  async #attempt(parcel: Parcel, attempt: number, since: Instant): Promise<void> {
    try {
      await this.#delivery.send(parcel.targetArn, parcel.text(attempt), parcel.principal, parcel.options);
    } catch (error) {
      if (!(error instanceof ServiceError)) throw error;
      await this.#afterFailure(parcel, attempt, since, error);
    }
  }

  async #afterFailure(parcel: Parcel, attempt: number, since: Instant, error: ServiceError): Promise<void> {
    const { maximumRetryAttempts, maximumEventAgeSeconds } = parcel.retryPolicy;
    const next = this.#cloud.eventQueue.now() + Math.min(1000 * 2 ** (attempt - 1), maxDelayMs);
    if (!isPassing(error)) return this.#giveUp(parcel, attempt, error, undefined);
    if (attempt > maximumRetryAttempts) return this.#giveUp(parcel, attempt, error, 'MaximumRetryAttempts');
    if (next > since + maximumEventAgeSeconds * 1000) {
      return this.#giveUp(parcel, attempt, error, 'MaximumEventAgeInSeconds');
    }
    this.#cloud.eventQueue.at(next, `retry for ${parcel.targetArn}`, () =>
      this.#attempt(parcel, attempt + 1, since),
    );
  }

  async #giveUp(
    parcel: Parcel,
    attempt: number,
    error: ServiceError,
    exhausted: string | undefined,
  ): Promise<void> {
    if (!parcel.deadLetterArn) return;
    const attributes = {
      ...parcel.deadLetterAttributes,
      TARGET_ARN: parcel.targetArn,
      ERROR_CODE: error.code,
      ERROR_MESSAGE: error.message.slice(0, 1024),
      RETRY_ATTEMPTS: String(attempt - 1),
      ...(exhausted ? { EXHAUSTED_RETRY_CONDITION: exhausted } : {}),
    };
    const caller = parcel.deadLetterPrincipal ?? parcel.principal;
    try {
      await this.#delivery.send(parcel.deadLetterArn, parcel.text(attempt), caller, { attributes });
    } catch (lost) {
      // With no dead-letter queue that takes it, AWS drops the event too.
      if (!(lost instanceof ServiceError)) throw lost;
    }
  }
}

function isPassing(error: ServiceError): boolean {
  return error.status >= 500 || error.status === 429 || error.code.startsWith('Throttl');
}

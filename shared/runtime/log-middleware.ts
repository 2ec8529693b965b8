import type { Logger } from '@aws-lambda-powertools/logger';
import type { MiddlewareObj } from '@middy/core';

/** Log lines carry the id of the event, so that one event can be followed through retries and functions. */
export function correlate(logger: Logger): MiddlewareObj {
  return {
    before({ event, context }) {
      logger.setCorrelationId(eventId(event) ?? context.awsRequestId);
    },
  };
}

/** EventBridge's id, SNS's message id, or a person's request id. */
function eventId(event: unknown): string | undefined {
  const { id, requestId, Records } = (event ?? {}) as {
    id?: unknown;
    requestId?: unknown;
    Records?: { Sns?: { MessageId?: unknown } }[];
  };
  const found = [id, requestId, Array.isArray(Records) ? Records[0]?.Sns?.MessageId : undefined];
  return found.find((one): one is string => typeof one === 'string' && one.length <= 128);
}

/** Logs why it failed, without the payload. The error goes on to Lambda, which retries and then dead-letters. */
export function logFailure(logger: Logger): MiddlewareObj {
  return {
    onError({ error }) {
      if (error) logger.error(error.message, error);
    },
  };
}

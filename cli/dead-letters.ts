import {
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  type Message,
  ReceiveMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import type { Fleet } from '../shared/fleet/fleet.ts';
import { deadLettersName } from '../shared/fleet/names.ts';

/** An event that was given up. */
export interface DeadLetter {
  /** The message's own. */
  readonly id: string;
  /** Of the invocation that failed, the same for each of its attempts; where there was none, the message's id. */
  readonly requestId: string;
  /** The function that it was for; undefined: none, a message to a person for example. */
  readonly functionName: string | undefined;
  readonly payload: unknown;
  /** Why it was given up. */
  readonly error: string | undefined;
  readonly receiptHandle: string;
}

/** The dead-letter queue behind every asynchronous path of a fleet. */
export class DeadLetters {
  readonly #sqs = new SQSClient();
  readonly #url: string;

  private constructor(url: string) {
    this.#url = url;
  }

  /** @throws the SDK's QueueDoesNotExist when the fleet is not deployed */
  static async of(fleet: Fleet): Promise<DeadLetters> {
    const { QueueUrl } = await new SQSClient().send(
      new GetQueueUrlCommand({ QueueName: deadLettersName(fleet) }),
    );
    return new DeadLetters(QueueUrl!);
  }

  /** About how many there are. */
  async count(): Promise<number> {
    const { Attributes } = await this.#sqs.send(
      new GetQueueAttributesCommand({ QueueUrl: this.#url, AttributeNames: ['ApproximateNumberOfMessages'] }),
    );
    return Number(Attributes?.['ApproximateNumberOfMessages'] ?? 0);
  }

  /** Up to ten, which nobody else sees for the next minutes. */
  async take(): Promise<DeadLetter[]> {
    const { Messages = [] } = await this.#sqs.send(
      new ReceiveMessageCommand({
        QueueUrl: this.#url,
        MaxNumberOfMessages: 10,
        WaitTimeSeconds: 1,
        VisibilityTimeout: 300,
        MessageAttributeNames: ['All'],
      }),
    );
    return Messages.map(deadLetterOf);
  }

  async remove({ receiptHandle }: DeadLetter): Promise<void> {
    await this.#sqs.send(new DeleteMessageCommand({ QueueUrl: this.#url, ReceiptHandle: receiptHandle }));
  }
}

/** What Lambda's failure destination leaves in the queue. */
interface FailedInvocation {
  readonly requestContext?: { readonly functionArn?: string; readonly requestId?: string };
  readonly requestPayload?: unknown;
  readonly responsePayload?: { readonly errorMessage?: string };
}

/** Functions leave an envelope; EventBridge and its Scheduler leave the event itself, and say in attributes for whom. */
function deadLetterOf({ Body = '', MessageAttributes = {}, MessageId, ReceiptHandle }: Message): DeadLetter {
  const id = MessageId!;
  const receiptHandle = ReceiptHandle!;
  const body = parse(Body);
  const { requestContext, requestPayload: payload, responsePayload } = body as FailedInvocation;
  if (requestContext?.functionArn) {
    const functionName = nameOf(requestContext.functionArn);
    const { requestId = id } = requestContext;
    return { id, requestId, functionName, payload, error: responsePayload?.errorMessage, receiptHandle };
  }
  const functionName = nameOf(MessageAttributes['TARGET_ARN']?.StringValue);
  const error = MessageAttributes['ERROR_MESSAGE']?.StringValue;
  return { id, requestId: id, functionName, payload: body, error, receiptHandle };
}

/** `arn:aws:lambda:REGION:ACCOUNT:function:NAME:VERSION` */
function nameOf(arn: string | undefined): string | undefined {
  return /^arn:[^:]+:lambda:[^:]*:[^:]*:function:([^:]+)/.exec(arn ?? '')?.[1];
}

function parse(text: string): object {
  try {
    return Object(JSON.parse(text));
  } catch {
    return { text };
  }
}

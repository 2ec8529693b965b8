import {
  ChangeMessageVisibilityCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  type Message,
  ReceiveMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import type { Fleet } from '../shared/fleet/fleet.ts';
import { deadLettersName } from '../shared/fleet/names.ts';
import { paced } from './paced.ts';

/** An event that was given up. */
export interface DeadLetter {
  /** The message's own. */
  readonly id: string;
  /** Of the invocation that failed, the same for each of its attempts; where there was none, the message's id. */
  readonly requestId: string;
  /** ARN of the function that it was for; undefined: none, a message to a person for example. */
  readonly functionArn: string | undefined;
  /** Who gave it up: Lambda, after the function's last attempt, or the service that could not invoke it. */
  readonly givenUpBy: 'lambda' | 'caller';
  /** ARN of the rule that could not invoke the function. */
  readonly ruleArn: string | undefined;
  /** Who put it into the queue, as SQS knows and nobody can write: an id of a role, a user or a service. */
  readonly senderId: string | undefined;
  readonly payload: unknown;
  /** Why it was given up. */
  readonly error: string | undefined;
  readonly receiptHandle: string;
}

/** The dead-letter queue behind every asynchronous path of a fleet. */
export class DeadLetters {
  readonly #sqs = paced(new SQSClient());
  readonly #url: string;
  /** `arn:aws:sqs:REGION:ACCOUNT:NAME` */
  readonly arn: string;

  private constructor(url: string, arn: string) {
    this.#url = url;
    this.arn = arn;
  }

  /** @throws the SDK's QueueDoesNotExist when the fleet is not deployed */
  static async of(fleet: Fleet): Promise<DeadLetters> {
    const sqs = paced(new SQSClient());
    const { QueueUrl } = await sqs.send(new GetQueueUrlCommand({ QueueName: deadLettersName(fleet) }));
    const { Attributes } = await sqs.send(
      new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['QueueArn'] }),
    );
    return new DeadLetters(QueueUrl!, Attributes!['QueueArn']!);
  }

  /** About how many there are, also those that somebody is looking at. */
  async count(): Promise<number> {
    const { Attributes = {} } = await this.#sqs.send(
      new GetQueueAttributesCommand({
        QueueUrl: this.#url,
        AttributeNames: ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible'],
      }),
    );
    const { ApproximateNumberOfMessages = 0, ApproximateNumberOfMessagesNotVisible = 0 } = Attributes;
    return Number(ApproximateNumberOfMessages) + Number(ApproximateNumberOfMessagesNotVisible);
  }

  /** Up to ten, which nobody else sees for the next minutes. */
  async take(): Promise<DeadLetter[]> {
    const { Messages = [] } = await this.#sqs.send(
      new ReceiveMessageCommand({
        QueueUrl: this.#url,
        MaxNumberOfMessages: 10,
        WaitTimeSeconds: 1,
        VisibilityTimeout: 900,
        MessageAttributeNames: ['All'],
        MessageSystemAttributeNames: ['SenderId'],
      }),
    );
    return Messages.map(deadLetterOf);
  }

  /** Makes it visible again in its queue. */
  async giveBack({ receiptHandle }: DeadLetter): Promise<void> {
    await this.#sqs.send(
      new ChangeMessageVisibilityCommand({
        QueueUrl: this.#url,
        ReceiptHandle: receiptHandle,
        VisibilityTimeout: 0,
      }),
    );
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
function deadLetterOf(message: Message): DeadLetter {
  const { Body = '', MessageAttributes = {}, Attributes = {} } = message;
  const id = message.MessageId!;
  const body = parse(Body);
  const { requestContext, requestPayload: payload, responsePayload } = body as FailedInvocation;
  const parts = { id, receiptHandle: message.ReceiptHandle!, senderId: Attributes.SenderId };
  if (requestContext?.functionArn) {
    const { requestId = id, functionArn } = requestContext;
    const error = responsePayload?.errorMessage;
    return { ...parts, requestId, functionArn, givenUpBy: 'lambda', ruleArn: undefined, payload, error };
  }
  const attribute = (name: string) => MessageAttributes[name]?.StringValue;
  return {
    ...parts,
    requestId: id,
    functionArn: attribute('TARGET_ARN'),
    givenUpBy: 'caller',
    ruleArn: attribute('RULE_ARN'),
    payload: body,
    error: attribute('ERROR_MESSAGE'),
  };
}

function parse(text: string): object {
  try {
    return Object(JSON.parse(text));
  } catch {
    return { text };
  }
}

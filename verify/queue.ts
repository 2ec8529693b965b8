import {
  CreateQueueCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
} from '@aws-sdk/client-sqs';
import type { Bench } from './bench.ts';

/** A queue in which a probe finds what a service has sent. */
export interface Queue {
  readonly url: string;
  readonly arn: string;
}

export async function makeQueue(bench: Bench, what: string): Promise<Queue> {
  const { sqs } = bench.clients;
  const { QueueUrl } = await sqs.send(
    new CreateQueueCommand({ QueueName: bench.name(what), tags: bench.tagMap }),
  );
  const asked = new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['QueueArn'] });
  const { Attributes } = await sqs.send(asked);
  return { url: QueueUrl!, arn: Attributes!['QueueArn']! };
}

/** Takes a message's body out of the queue; undefined: there is none. */
export async function takeMessage(bench: Bench, { url }: Queue): Promise<string | undefined> {
  const { sqs } = bench.clients;
  const { Messages = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl: url }));
  const [message] = Messages;
  if (!message) return undefined;
  await sqs.send(new DeleteMessageCommand({ QueueUrl: url, ReceiptHandle: message.ReceiptHandle! }));
  return message.Body!;
}

import type {
  ChangeMessageVisibilityRequest,
  DeleteMessageRequest,
  Message,
  ReceiveMessageRequest,
  SendMessageRequest,
} from '@aws-sdk/client-sqs';
import { authorizeService } from '../authorize.ts';
import type { Cloud } from '../cloud.ts';
import { type Call, type Operation, ServiceError } from '../service.ts';
import { md5, type Queue, type QueueMessage } from './queue.ts';

/** How often a receive that waits for messages looks again, on the cloud's clock. */
const pollMs = 250;

type Find = (url: string | undefined) => Queue;

/** Sending, receiving and deleting messages. */
export function messageOperations(
  cloud: Cloud,
  find: Find,
  findByArn: (arn: string) => Queue | undefined,
): Record<string, Operation> {
  return {
    SendMessage: (input: SendMessageRequest, call) => send(cloud, find(input.QueueUrl), input, call),
    ReceiveMessage: (input: ReceiveMessageRequest) => receive(cloud, find(input.QueueUrl), input, findByArn),
    DeleteMessage: (input: DeleteMessageRequest) => {
      const queue = find(input.QueueUrl);
      const message = byReceipt(queue, input.ReceiptHandle);
      queue.messages = queue.messages.filter((each) => each !== message);
    },
    ChangeMessageVisibility: (input: ChangeMessageVisibilityRequest, { now }) => {
      const message = byReceipt(find(input.QueueUrl), input.ReceiptHandle);
      if (message)
        message.visibleAt = now + checked(input.VisibilityTimeout!, 0, 43_200, 'VisibilityTimeout') * 1000;
    },
  };
}

function send(cloud: Cloud, queue: Queue, input: SendMessageRequest, { now, principal }: Call): object {
  authorizeService(principal, queue.policy, 'sqs:SendMessage', queue.arn);
  const body = input.MessageBody!;
  const limit = queue.seconds('MaximumMessageSize');
  if (body === '' || Buffer.byteLength(body) > limit) {
    const reason = body === '' ? 'Message must not be empty' : `Message must be shorter than ${limit} bytes`;
    throw new ServiceError('InvalidParameterValue', `One or more parameters are invalid. Reason: ${reason}.`);
  }
  const delay = checked(input.DelaySeconds ?? queue.seconds('DelaySeconds'), 0, 900, 'DelaySeconds');
  const message: QueueMessage = {
    messageId: cloud.ids.uuid(),
    body,
    attributes: input.MessageAttributes ?? {},
    senderId: principal.arn,
    sentAt: now,
    firstReceivedAt: undefined,
    receiveCount: 0,
    visibleAt: now + delay * 1000,
    receiptHandle: undefined,
  };
  queue.messages.push(message);
  return { MessageId: message.messageId, MD5OfMessageBody: md5(body) };
}

async function receive(
  cloud: Cloud,
  queue: Queue,
  input: ReceiveMessageRequest,
  findByArn: (arn: string) => Queue | undefined,
): Promise<object> {
  const wait = input.WaitTimeSeconds ?? queue.seconds('ReceiveMessageWaitTimeSeconds');
  const until = cloud.eventQueue.now() + checked(wait, 0, 20, 'WaitTimeSeconds') * 1000;
  const most = checked(input.MaxNumberOfMessages ?? 1, 1, 10, 'MaxNumberOfMessages');
  for (;;) {
    const taken = take(cloud, queue, input, most, findByArn);
    const next = cloud.eventQueue.now() + pollMs;
    // In simulated time nothing would come while this waits: the clock stands still until it has answered.
    if (taken.length > 0 || next > until || cloud.eventQueue.speed === 0) return { Messages: taken };
    await new Promise<void>((resolve) => cloud.eventQueue.at(next, `receive from ${queue.name}`, resolve));
  }
}

function take(
  cloud: Cloud,
  queue: Queue,
  input: ReceiveMessageRequest,
  most: number,
  findByArn: (arn: string) => Queue | undefined,
): Message[] {
  const now = cloud.eventQueue.now();
  queue.expire(now);
  const hidden = checked(
    input.VisibilityTimeout ?? queue.seconds('VisibilityTimeout'),
    0,
    43_200,
    'VisibilityTimeout',
  );
  const taken: Message[] = [];
  for (const message of queue.messages.filter(({ visibleAt }) => visibleAt <= now)) {
    if (taken.length === most) break;
    if (redriven(queue, message, findByArn)) continue;
    message.receiveCount += 1;
    message.firstReceivedAt ??= now;
    message.visibleAt = now + hidden * 1000;
    message.receiptHandle = cloud.ids.hex(64);
    taken.push(describe(message, input));
  }
  return taken;
}

/** A message that was received too often goes to the dead-letter queue instead. */
function redriven(
  queue: Queue,
  message: QueueMessage,
  findByArn: (arn: string) => Queue | undefined,
): boolean {
  const { redrive } = queue;
  if (!redrive || message.receiveCount < redrive.maxReceiveCount) return false;
  const deadLetters = findByArn(redrive.deadLetterTargetArn);
  if (!deadLetters) return false;
  queue.messages = queue.messages.filter((each) => each !== message);
  deadLetters.messages.push(message);
  return true;
}

function describe(message: QueueMessage, input: ReceiveMessageRequest): Message {
  const system: Record<string, string> = {
    SenderId: message.senderId,
    SentTimestamp: String(message.sentAt),
    ApproximateReceiveCount: String(message.receiveCount),
    ApproximateFirstReceiveTimestamp: String(message.firstReceivedAt),
  };
  const wanted = [...(input.MessageSystemAttributeNames ?? []), ...(input.AttributeNames ?? [])] as string[];
  const chosen = Object.entries(system).filter(([name]) => wanted.includes('All') || wanted.includes(name));
  const names = input.MessageAttributeNames ?? [];
  const own = Object.entries(message.attributes).filter(([name]) =>
    names.some(
      (each) =>
        ['All', '.*', name].includes(each) || (each.endsWith('.*') && name.startsWith(each.slice(0, -2))),
    ),
  );
  return {
    MessageId: message.messageId,
    ReceiptHandle: message.receiptHandle!,
    MD5OfBody: md5(message.body),
    Body: message.body,
    ...(chosen.length > 0 ? { Attributes: Object.fromEntries(chosen) } : {}),
    ...(own.length > 0 ? { MessageAttributes: Object.fromEntries(own) } : {}),
  };
}

/** Undefined for a message that is gone or was received again since: SQS does not mind. */
function byReceipt(queue: Queue, receiptHandle: string | undefined): QueueMessage | undefined {
  if (!/^[0-9a-f]{64}$/.test(receiptHandle ?? '')) {
    const message = `The input receipt handle "${receiptHandle}" is not a valid receipt handle.`;
    throw new ServiceError('ReceiptHandleIsInvalid', message);
  }
  return queue.messages.find((each) => each.receiptHandle === receiptHandle);
}

function checked(value: number, least: number, most: number, name: string): number {
  if (Number.isInteger(value) && value >= least && value <= most) return value;
  const message = `Value ${value} for parameter ${name} is invalid. Reason: Must be between ${least} and ${most}, if provided.`;
  throw new ServiceError('InvalidParameterValue', message);
}

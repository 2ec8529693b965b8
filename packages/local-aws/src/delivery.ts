import type { CloudContext } from './cloud-context.ts';
import { type Principal, ServiceError } from './service.ts';

export interface DeliveryOptions {
  /** Of an SQS or SNS message: string attributes. */
  readonly attributes?: Readonly<Record<string, string>>;
  /** Of an SQS message to a FIFO queue. */
  readonly messageGroupId?: string | undefined;
  /** Of an event on an event bus. */
  readonly source?: string;
  readonly detailType?: string;
}

/** Sends a text to whatever an ARN names, as rules, schedules and functions do: function, queue, topic, automation
 * or event bus. */
export class Delivery {
  readonly #cloud: CloudContext;

  constructor(cloud: CloudContext) {
    this.#cloud = cloud;
  }

  /** Calls as `principal`. @throws ServiceError what the target answers, or `ResourceNotFoundException` for no target. */
  async send(
    targetArn: string,
    text: string,
    principal: Principal,
    options: DeliveryOptions = {},
  ): Promise<void> {
    const [, , service, region, account, name] = targetArn.split(':');
    const call = (operation: string, input: object) =>
      this.#cloud.call(service!, operation, input, principal);
    switch (service) {
      case 'lambda':
        await call('Invoke', {
          FunctionName: targetArn,
          InvocationType: 'Event',
          Payload: Buffer.from(text),
        });
        return;
      case 'sqs':
        await call('SendMessage', {
          QueueUrl: `https://sqs.${region}.amazonaws.com/${account}/${name}`,
          MessageBody: text,
          MessageAttributes: messageAttributes(options.attributes),
          MessageGroupId: options.messageGroupId,
        });
        return;
      case 'sns':
        await call('Publish', {
          TopicArn: targetArn,
          Message: text,
          MessageAttributes: messageAttributes(options.attributes),
        });
        return;
      case 'ssm':
        // `automation-definition/NAME:$DEFAULT`; what is sent are the document's parameters.
        await call('StartAutomationExecution', {
          DocumentName: targetArn.split('/')[1]?.split(':')[0],
          Parameters: JSON.parse(text),
        });
        return;
      case 'events': {
        const { source: Source, detailType: DetailType } = options;
        await call('PutEvents', { Entries: [{ EventBusName: targetArn, Source, DetailType, Detail: text }] });
        return;
      }
      default:
        throw new ServiceError(
          'ResourceNotFoundException',
          `The local cloud cannot deliver to ${targetArn}`,
          404,
        );
    }
  }
}

function messageAttributes(attributes: Readonly<Record<string, string>> = {}): object {
  return Object.fromEntries(
    Object.entries(attributes).map(([name, StringValue]) => [name, { DataType: 'String', StringValue }]),
  );
}

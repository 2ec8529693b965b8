import type { PolicyStatement } from '../src/authorize.ts';
import { Cloud } from '../src/cloud.ts';
import { DynamoDb } from '../src/dynamodb/dynamodb.ts';
import { EventBridge } from '../src/events/event-bridge.ts';
import { inlineArchive } from '../src/lambda/inline-archive.ts';
import { Lambda } from '../src/lambda/lambda.ts';
import { Scheduler } from '../src/scheduler/scheduler.ts';
import type { Principal } from '../src/service.ts';
import { Sns } from '../src/sns/sns.ts';
import { Sqs } from '../src/sqs/sqs.ts';

export const start = Date.parse('2026-03-02T00:00:00Z');
export const role = 'arn:aws:iam::000000000000:role/r';
const owner: Principal = { kind: 'owner', arn: 'arn:aws:iam::000000000000:user/owner' };

/** An account with the services that carry events, whose one role may do what the test says. */
export class TestAccount {
  readonly cloud = new Cloud({ start: start, seed: 7 });
  readonly sns = new Sns(this.cloud);
  /** What the role may do. */
  statements: PolicyStatement[] = [{ Effect: 'Allow', Action: '*', Resource: '*' }];

  constructor() {
    this.cloud
      .add(this.sns, new Sqs(this.cloud), new Lambda(this.cloud), new DynamoDb(this.cloud))
      .add(new EventBridge(this.cloud), new Scheduler(this.cloud))
      .usePolicies({ policiesOf: () => [{ Statement: this.statements }] });
  }

  // biome-ignore lint/suspicious/noExplicitAny: tests look into outputs of every operation.
  call(service: string, operation: string, input: unknown = {}): Promise<any> {
    return this.cloud.call(service, operation, input, owner);
  }

  async pass(seconds: number): Promise<void> {
    await this.cloud.eventQueue.runUntil(this.cloud.eventQueue.now() + seconds * 1000);
  }

  /** Makes a queue that every service may write to. @returns its ARN */
  async queue(name: string, Attributes: Record<string, string> = {}): Promise<string> {
    const Policy = JSON.stringify({
      Statement: { Effect: 'Allow', Principal: '*', Action: 'sqs:SendMessage', Resource: '*' },
    });
    await this.call('sqs', 'CreateQueue', { QueueName: name, Attributes: { Policy, ...Attributes } });
    return `arn:aws:sqs:us-east-1:000000000000:${name}`;
  }

  /** Takes what lies in a queue: bodies (parsed, where they are JSON) with their string attributes. */
  // biome-ignore lint/suspicious/noExplicitAny: what the services under test have sent.
  async received(name: string): Promise<{ body: any; attributes: Record<string, string> }[]> {
    const all = [];
    for (;;) {
      const { Messages } = await this.call('sqs', 'ReceiveMessage', {
        QueueUrl: name,
        MaxNumberOfMessages: 10,
        MessageAttributeNames: ['All'],
      });
      if (Messages.length === 0) return all;
      for (const { Body, MessageAttributes = {}, ReceiptHandle } of Messages) {
        const attributes = Object.entries(MessageAttributes as Record<string, { StringValue: string }>);
        const body = Body.startsWith('{') || Body.startsWith('"') ? JSON.parse(Body) : Body;
        all.push({
          body,
          attributes: Object.fromEntries(attributes.map(([key, { StringValue }]) => [key, StringValue])),
        });
        await this.call('sqs', 'DeleteMessage', { QueueUrl: name, ReceiptHandle });
      }
    }
  }

  /** Makes a function of an ES module's source. @returns its ARN */
  async function(name: string, source: string, settings: object = {}): Promise<string> {
    await this.call('lambda', 'CreateFunction', {
      FunctionName: name,
      Role: role,
      Runtime: 'nodejs24.x',
      Handler: 'index.handler',
      Code: { ZipFile: inlineArchive(source, 'index.mjs') },
      ...settings,
    });
    return `arn:aws:lambda:us-east-1:000000000000:function:${name}`;
  }
}

import { setImmediate as promisesRun } from 'node:timers/promises';
import { z } from 'zod';
import {
  type CallService,
  type EventQueue,
  type Resource,
  type ResourceContext,
  type ResourceType,
  ServiceError,
} from '../service.ts';
import type { AnswerBox } from './answer-box.ts';

/** CloudFormation's own limit on how long a custom resource may take. */
const defaultTimeoutSeconds = 3600;

interface Answer {
  readonly Status: 'SUCCESS' | 'FAILED';
  readonly Reason?: string;
  readonly PhysicalResourceId?: string;
  readonly Data?: Readonly<Record<string, unknown>>;
}

type CustomProperties = Readonly<Record<string, unknown>> & {
  ServiceToken: string;
  ServiceTimeout?: number | undefined;
};

export interface CustomResourceOptions {
  readonly eventQueue: EventQueue;
  readonly call: CallService;
  readonly requestId: () => string;
  readonly answers: AnswerBox;
}

/**
 * A resource that a Lambda function makes: it is invoked asynchronously and answers at `ResponseURL`.
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/crpg-ref.html
 */
export function customResource(type: string, options: CustomResourceOptions): ResourceType {
  const request = (kind: string, context: ResourceContext, properties: CustomProperties, more: object = {}) =>
    ask(type, options, { RequestType: kind, ...more }, context, properties);
  return {
    type,
    waitsForEventQueue: true,
    properties: z.looseObject({ ServiceToken: z.string(), ServiceTimeout: z.coerce.number().optional() }),
    create: (properties: CustomProperties, context) => request('Create', context, properties),
    update: (physicalId, next: CustomProperties, previous: CustomProperties, context) =>
      request('Update', context, next, {
        PhysicalResourceId: physicalId,
        OldResourceProperties: withStringScalars(previous),
      }),
    delete: async (physicalId, properties: CustomProperties, context) => {
      await request('Delete', context, properties, { PhysicalResourceId: physicalId });
    },
  };
}

async function ask(
  type: string,
  { eventQueue, call, answers, ...options }: CustomResourceOptions,
  kind: { RequestType: string; PhysicalResourceId?: string },
  context: ResourceContext,
  properties: CustomProperties,
): Promise<Resource> {
  const requestId = options.requestId();
  const { url, body } = answers.receive(requestId);
  const event = {
    ...kind,
    ResponseURL: url,
    StackId: context.stackId,
    RequestId: requestId,
    ResourceType: type,
    LogicalResourceId: context.logicalId,
    ResourceProperties: withStringScalars(properties),
  };
  const cloudFormation = { kind: 'service', arn: 'cloudformation.amazonaws.com' } as const;
  await call(
    'lambda',
    'Invoke',
    {
      FunctionName: properties.ServiceToken,
      InvocationType: 'Event',
      Payload: Buffer.from(JSON.stringify(event)),
    },
    cloudFormation,
  );
  const seconds = properties.ServiceTimeout ?? defaultTimeoutSeconds;
  const answer = JSON.parse(await withDeadline(eventQueue, seconds, body)) as Answer;
  if (answer.Status !== 'SUCCESS') {
    throw new ServiceError(
      'GeneralServiceException',
      `Received response status [FAILED] from custom resource. Message returned: ${answer.Reason}`,
    );
  }
  const physicalId = answer.PhysicalResourceId ?? kind.PhysicalResourceId ?? requestId;
  return { physicalId, attributes: flatten(answer.Data ?? {}) };
}

function withDeadline(eventQueue: EventQueue, seconds: number, answer: Promise<string>): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const message = `CloudFormation did not receive a response from your Custom Resource within ${seconds} seconds`;
  const deadline = eventQueue.now() + seconds * 1000;
  const cancel = eventQueue.at(deadline, 'CloudFormation gives up on a custom resource', async () => {
    reject(new ServiceError('NotStabilized', message));
    // The stack goes on within this entry, not after whatever is next on the event queue.
    await promisesRun();
  });
  answer.then(resolve, reject).finally(cancel);
  return promise;
}

/** CloudFormation hands numbers and booleans to custom resources as strings. */
function withStringScalars(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withStringScalars);
  if (value === null || typeof value !== 'object') return String(value);
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, withStringScalars(item)]));
}

/** `Fn::GetAtt` names what lies deeper by a path of dots. */
function flatten(data: Readonly<Record<string, unknown>>, prefix = ''): Record<string, string> {
  return Object.fromEntries(
    Object.entries(data).flatMap(([key, value]) =>
      value !== null && typeof value === 'object'
        ? Object.entries(flatten(value as Record<string, unknown>, `${prefix}${key}.`))
        : [[`${prefix}${key}`, String(value)]],
    ),
  );
}

import { z } from 'zod';
import type { CloudContext } from '../cloud-context.ts';
import { type Run, resourceRunner } from '../resource-runner.ts';
import type { Operation, ResourceContext, ResourceType } from '../service.ts';
import { tagList, tagsOf } from '../template-tags.ts';

const policyDocument = z.looseObject({ Statement: z.unknown() });

const queueProperties = z.strictObject({
  QueueName: z.string().optional(),
  DelaySeconds: z.number().optional(),
  MaximumMessageSize: z.number().optional(),
  MessageRetentionPeriod: z.number().optional(),
  ReceiveMessageWaitTimeSeconds: z.number().optional(),
  VisibilityTimeout: z.number().optional(),
  KmsMasterKeyId: z.string().optional(),
  KmsDataKeyReusePeriodSeconds: z.number().optional(),
  SqsManagedSseEnabled: z.boolean().optional(),
  RedrivePolicy: z.strictObject({ deadLetterTargetArn: z.string(), maxReceiveCount: z.number() }).optional(),
  RedriveAllowPolicy: z
    .strictObject({ redrivePermission: z.string(), sourceQueueArns: z.array(z.string()).optional() })
    .optional(),
  Tags: tagList.optional(),
});

const queuePolicyProperties = z.strictObject({ PolicyDocument: policyDocument, Queues: z.array(z.string()) });

type QueueProperties = z.output<typeof queueProperties>;

/** The CloudFormation types of SQS. `arnOf` gives a queue's ARN by its URL. */
export function sqsResources(
  cloud: CloudContext,
  operations: Readonly<Record<string, Operation>>,
  arnOf: (url: string) => string,
): ResourceType[] {
  const run = resourceRunner(cloud, operations);
  return [queueType(run, arnOf), queuePolicyType(run)];
}

function queueType(run: Run, arnOf: (url: string) => string): ResourceType<QueueProperties> {
  const resource = (url: string) => ({
    physicalId: url,
    attributes: { Arn: arnOf(url), QueueName: url.split('/').at(-1)!, QueueUrl: url },
  });
  const create = async (next: QueueProperties, context: ResourceContext) => {
    const QueueName = next.QueueName ?? context.physicalName(80);
    const tags = Object.fromEntries(tagsOf(next, context).map(({ Key, Value }) => [Key, Value]));
    const { QueueUrl } = await run('CreateQueue', { QueueName, Attributes: attributesOf(next), tags });
    return resource(QueueUrl);
  };
  return {
    type: 'AWS::SQS::Queue',
    properties: queueProperties,
    create,
    async update(url, next, previous, context) {
      if (next.QueueName !== previous.QueueName) return create(next, context);
      const gone = Object.keys(attributesOf(previous)).map((name) => [name, '']);
      await run('SetQueueAttributes', {
        QueueUrl: url,
        Attributes: { ...Object.fromEntries(gone), ...defaults, ...attributesOf(next) },
      });
      const Tags = Object.fromEntries(tagsOf(next, context).map(({ Key, Value }) => [Key, Value]));
      await run('TagQueue', { QueueUrl: url, Tags });
      return resource(url);
    },
    delete: async (QueueUrl) => void (await run('DeleteQueue', { QueueUrl })),
  };
}

/** What an attribute goes back to when the template no longer sets it. */
const defaults = {
  DelaySeconds: '0',
  MaximumMessageSize: '1048576',
  MessageRetentionPeriod: '345600',
  ReceiveMessageWaitTimeSeconds: '0',
  VisibilityTimeout: '30',
};

function attributesOf(properties: QueueProperties): Record<string, string> {
  const { QueueName: _, Tags: __, ...attributes } = properties;
  return Object.fromEntries(
    Object.entries(attributes).map(([name, value]) => [
      name,
      typeof value === 'object' ? JSON.stringify(value) : String(value),
    ]),
  );
}

function queuePolicyType(run: Run): ResourceType<z.output<typeof queuePolicyProperties>> {
  const put = async (next: z.output<typeof queuePolicyProperties>) => {
    const Attributes = { Policy: JSON.stringify(next.PolicyDocument) };
    for (const QueueUrl of next.Queues) await run('SetQueueAttributes', { QueueUrl, Attributes });
  };
  return {
    type: 'AWS::SQS::QueuePolicy',
    properties: queuePolicyProperties,
    async create(next, context) {
      await put(next);
      return { physicalId: context.physicalName(80), attributes: {} };
    },
    async update(physicalId, next, previous) {
      const gone = previous.Queues.filter((url) => !next.Queues.includes(url));
      for (const QueueUrl of gone) await run('SetQueueAttributes', { QueueUrl, Attributes: { Policy: '' } });
      await put(next);
      return { physicalId, attributes: {} };
    },
    async delete(_physicalId, { Queues }) {
      for (const QueueUrl of Queues)
        await run('SetQueueAttributes', { QueueUrl, Attributes: { Policy: '' } });
    },
  };
}

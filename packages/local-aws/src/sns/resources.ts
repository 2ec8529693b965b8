import { z } from 'zod';
import type { CloudContext } from '../cloud-context.ts';
import { type Run, resourceRunner } from '../resource-runner.ts';
import type { Operation, ResourceContext, ResourceType } from '../service.ts';
import { tagList, tagsOf } from '../template-tags.ts';

const policyDocument = z.looseObject({ Statement: z.unknown() });

const topicProperties = z.strictObject({
  TopicName: z.string().optional(),
  DisplayName: z.string().optional(),
  KmsMasterKeyId: z.string().optional(),
  Subscription: z.array(z.strictObject({ Endpoint: z.string(), Protocol: z.string() })).optional(),
  Tags: tagList.optional(),
});

const subscriptionProperties = z.strictObject({
  TopicArn: z.string(),
  Protocol: z.string(),
  Endpoint: z.string(),
  FilterPolicy: z.looseObject({}).optional(),
  FilterPolicyScope: z.string().optional(),
  RawMessageDelivery: z.boolean().optional(),
  RedrivePolicy: z.strictObject({ deadLetterTargetArn: z.string() }).optional(),
  Region: z.string().optional(),
});

const topicPolicyProperties = z.strictObject({ PolicyDocument: policyDocument, Topics: z.array(z.string()) });

type TopicProperties = z.output<typeof topicProperties>;
type SubscriptionProperties = z.output<typeof subscriptionProperties>;

/** The CloudFormation types of SNS. */
export function snsResources(
  cloud: CloudContext,
  operations: Readonly<Record<string, Operation>>,
): ResourceType[] {
  const run = resourceRunner(cloud, operations);
  return [topicType(run), subscriptionType(run), topicPolicyType(run)];
}

function topicType(run: Run): ResourceType<TopicProperties> {
  const put = async (Name: string, next: TopicProperties, context: ResourceContext) => {
    const { DisplayName = '', KmsMasterKeyId = '' } = next;
    const { TopicArn } = await run('CreateTopic', { Name, Tags: tagsOf(next, context) });
    for (const [AttributeName, AttributeValue] of Object.entries({ DisplayName, KmsMasterKeyId })) {
      await run('SetTopicAttributes', { TopicArn, AttributeName, AttributeValue });
    }
    for (const subscription of next.Subscription ?? []) await run('Subscribe', { TopicArn, ...subscription });
    return { physicalId: TopicArn, attributes: { TopicArn, TopicName: Name } };
  };
  return {
    type: 'AWS::SNS::Topic',
    properties: topicProperties,
    create: (next, context) => put(next.TopicName ?? context.physicalName(256), next, context),
    update(arn, next, previous, context) {
      if (next.TopicName !== previous.TopicName) return this.create(next, context);
      return put(arn.split(':').at(-1)!, next, context);
    },
    delete: async (TopicArn) => void (await run('DeleteTopic', { TopicArn })),
  };
}

function subscriptionType(run: Run): ResourceType<SubscriptionProperties> {
  const create = async ({ TopicArn, Protocol, Endpoint, Region: _, ...settings }: SubscriptionProperties) => {
    const Attributes = Object.fromEntries(
      Object.entries(settings).map(([name, value]) => [
        name,
        typeof value === 'object' ? JSON.stringify(value) : String(value),
      ]),
    );
    const { SubscriptionArn } = await run('Subscribe', {
      TopicArn,
      Protocol,
      Endpoint,
      Attributes,
      ReturnSubscriptionArn: true,
    });
    return { physicalId: SubscriptionArn, attributes: {} };
  };
  const unsubscribe = (SubscriptionArn: string) => run('Unsubscribe', { SubscriptionArn });
  return {
    type: 'AWS::SNS::Subscription',
    properties: subscriptionProperties,
    create,
    async update(arn, next) {
      // A topic has one subscription for an endpoint, so that the old one has to go before the new one comes.
      await unsubscribe(arn);
      return create(next);
    },
    delete: async (arn) => void (await unsubscribe(arn)),
  };
}

function topicPolicyType(run: Run): ResourceType<z.output<typeof topicPolicyProperties>> {
  const set = async (topics: readonly string[], AttributeValue: string) => {
    for (const TopicArn of topics)
      await run('SetTopicAttributes', { TopicArn, AttributeName: 'Policy', AttributeValue });
  };
  return {
    type: 'AWS::SNS::TopicPolicy',
    properties: topicPolicyProperties,
    async create(next, context) {
      await set(next.Topics, JSON.stringify(next.PolicyDocument));
      return { physicalId: context.physicalName(80), attributes: {} };
    },
    async update(physicalId, next, previous) {
      await set(previous.Topics, '');
      await set(next.Topics, JSON.stringify(next.PolicyDocument));
      return { physicalId, attributes: {} };
    },
    delete: (_physicalId, { Topics }) => set(Topics, ''),
  };
}

import { GetFunctionConfigurationCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { ListSubscriptionsByTopicCommand, SNSClient, type Subscription } from '@aws-sdk/client-sns';
import { functionName, topicName } from '../shared/fleet/names.ts';
import type { FleetInCloud } from './cloud.ts';
import { paced } from './paced.ts';

/** An address of the fleet file that does not hear of everything. */
export interface DeafAddress {
  readonly address: string;
  /** Topics that it hears nothing of. */
  readonly topics: readonly string[];
  /** `pending`: not confirmed yet, or suspended for too much mail; `missing`: SNS has given it up, or the fleet is not deployed anew. */
  readonly state: 'pending' | 'missing';
}

/**
 * Who under `notify.email` hears nothing: until its reader confirms a subscription, and again once SNS has suspended it, an
 * address is silent. @returns undefined: nobody is deployed who would write
 */
export async function deafAddresses({
  scaler: { fleet },
  arn,
  account,
  region,
}: FleetInCloud): Promise<DeafAddress[] | undefined> {
  if (fleet.notify.email.length === 0) return [];
  const notices = await noticesTopic(functionName(fleet, 'sweep'));
  if (notices === undefined) return undefined;
  const sns = paced(new SNSClient());
  // Of `arn:aws-cn:…`, as of every other.
  const partition = arn.split(':')[1] ?? 'aws';
  const alarms = `arn:${partition}:sns:${region}:${account}:${topicName(fleet, 'alarms')}`;
  const deaf: DeafAddress[] = [];
  for (const topicArn of [notices, alarms]) {
    const topic = topicArn.split(':').at(-1)!;
    const found = await subscriptionsOf(sns, topicArn);
    if (!found) return undefined;
    for (const address of fleet.notify.email) {
      const own = found.find(({ Protocol, Endpoint }) => Protocol === 'email' && Endpoint === address);
      if (own?.SubscriptionArn?.startsWith('arn:')) continue;
      deaf.push({ address, topics: [topic], state: own ? 'pending' : 'missing' });
    }
  }
  return merged(deaf);
}

/** What the sweep publishes to: a topic of the fleet's own, or one that the app has given. Undefined: it is not deployed. */
async function noticesTopic(FunctionName: string): Promise<string | undefined> {
  try {
    const lambda = paced(new LambdaClient());
    const { Environment } = await lambda.send(new GetFunctionConfigurationCommand({ FunctionName }));
    return Environment?.Variables?.['TOPIC_ARN'];
  } catch (error) {
    if ((error as Error).name !== 'ResourceNotFoundException') throw error;
    return undefined;
  }
}

async function subscriptionsOf(sns: SNSClient, TopicArn: string): Promise<Subscription[] | undefined> {
  const found: Subscription[] = [];
  let next: string | undefined;
  try {
    do {
      const { Subscriptions = [], NextToken } = await sns.send(
        new ListSubscriptionsByTopicCommand({ TopicArn, NextToken: next }),
      );
      found.push(...Subscriptions);
      next = NextToken;
    } while (next);
  } catch (error) {
    if (!/^NotFound/.test((error as Error).name)) throw error;
    return undefined;
  }
  return found;
}

function merged(deaf: readonly DeafAddress[]): DeafAddress[] {
  const byAddress = new Map<string, DeafAddress>();
  for (const each of deaf) {
    const key = `${each.address} ${each.state}`;
    const topics = [...(byAddress.get(key)?.topics ?? []), ...each.topics];
    byAddress.set(key, { ...each, topics });
  }
  return [...byAddress.values()];
}

/** "ops@example.com hears nothing: …" */
export function deafness({ address, topics, state }: DeafAddress): string {
  const why =
    state === 'pending'
      ? 'its subscription is not confirmed, or SNS has suspended it'
      : 'SNS has no subscription of it any more';
  return `${address} hears nothing of ${topics.join(' and ')}: ${why}`;
}

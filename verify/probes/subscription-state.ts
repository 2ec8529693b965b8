import {
  CreateTopicCommand,
  GetTopicAttributesCommand,
  ListSubscriptionsByTopicCommand,
  PublishCommand,
  SubscribeCommand,
} from '@aws-sdk/client-sns';
import { expectEqual } from '../differs.ts';
import type { Probe } from '../probe.ts';

/** Amazon's own address for tests: it takes whatever comes, and confirms nothing. */
const nobody = 'success@simulator.amazonses.com';

/** @see https://docs.aws.amazon.com/sns/latest/dg/sns-email-notifications.html */
export const subscriptionState: Probe = {
  name: 'subscription-state',
  fact: 'An address that has not confirmed is listed as PendingConfirmation, counted as pending, and publishing goes on',
  creates: `a topic, a subscription of ${nobody} (one mail goes there)`,
  cents: 0,
  run: async (bench) => {
    const { sns } = bench.clients;
    const { TopicArn } = await sns.send(
      new CreateTopicCommand({ Name: bench.name('topic'), Tags: bench.tagList }),
    );
    const subscribe = new SubscribeCommand({ TopicArn, Protocol: 'email', Endpoint: nobody });
    const { SubscriptionArn } = await sns.send(subscribe);
    expectEqual('what Subscribe answers', SubscriptionArn, 'pending confirmation');
    const arns = await bench.eventually('the subscription in the list', 60, async () => {
      const listed = await sns.send(new ListSubscriptionsByTopicCommand({ TopicArn }));
      return listed.Subscriptions?.length
        ? listed.Subscriptions.map((one) => one.SubscriptionArn)
        : undefined;
    });
    expectEqual('SubscriptionArn in the list', arns, ['PendingConfirmation']);
    await sns.send(new PublishCommand({ TopicArn, Message: 'Nobody hears this' }));
    const counts = await bench.eventually('the counts of the topic', 120, async () => {
      const { Attributes = {} } = await sns.send(new GetTopicAttributesCommand({ TopicArn }));
      const { SubscriptionsPending, SubscriptionsConfirmed } = Attributes;
      return SubscriptionsPending !== '0' && { SubscriptionsPending, SubscriptionsConfirmed };
    });
    expectEqual('the counts', counts, { SubscriptionsPending: '1', SubscriptionsConfirmed: '0' });
    return 'PendingConfirmation in the list, one pending and none confirmed; publishing is no error';
  },
};

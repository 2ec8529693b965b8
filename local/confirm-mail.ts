import type { WholeCloud } from '@rushhour/local-aws';
import type { Principal } from '@rushhour/local-aws/service';

const reader: Principal = { kind: 'owner', arn: 'arn:aws:iam::000000000000:user/reader-of-the-mail' };

/** Confirms the mail subscriptions, as the reader of the mail does once after a deploy. Until then SNS sends none. */
export async function confirmMail({ cloud, sns }: Pick<WholeCloud, 'cloud' | 'sns'>): Promise<void> {
  for (const { topicArn: TopicArn, token: Token } of sns.confirmations.splice(0))
    await cloud.call('sns', 'ConfirmSubscription', { TopicArn, Token }, reader);
}

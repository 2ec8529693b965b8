import * as iam from 'aws-cdk-lib/aws-iam';
import type * as sqs from 'aws-cdk-lib/aws-sqs';

/** Leave in the queue what could not be done: to send is enough, where the library would let it look at the queue too. */
export function mayGiveUp(deadLetters: sqs.IQueue): iam.PolicyStatement {
  return new iam.PolicyStatement({
    sid: 'GiveUp',
    actions: ['sqs:SendMessage'],
    resources: [deadLetters.queueArn],
  });
}

import { AutoScalingClient, SetDesiredCapacityCommand } from '@aws-sdk/client-auto-scaling';
import { DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import {
  DescribeTargetHealthCommand,
  ElasticLoadBalancingV2Client,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { toPortError } from '../../shared/providers/aws/to-port-error.ts';

const common = {
  region: 'eu-central-1',
  credentials: { accessKeyId: 'AKIAEXAMPLE', secretAccessKey: 'example' },
};

/** What a service answers instead of the real one, and how many attempts it takes to give up. */
export interface Answer {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

function answering(answer: Answer) {
  return { requestHandler: { handle: async () => ({ response: answer }), destroy() {} } as never };
}

const calls = {
  dynamodb: (answer: Answer) =>
    new DynamoDBClient({ ...common, ...answering(answer) }).send(
      new PutItemCommand({ TableName: 'ledger', Item: { group: { S: 'web' } } }),
    ),
  autoscaling: (answer: Answer) =>
    new AutoScalingClient({ ...common, ...answering(answer) }).send(
      new SetDesiredCapacityCommand({ AutoScalingGroupName: 'web', DesiredCapacity: 3 }),
    ),
  elb: (answer: Answer) =>
    new ElasticLoadBalancingV2Client({ ...common, ...answering(answer) }).send(
      new DescribeTargetHealthCommand({ TargetGroupArn: 'arn' }),
    ),
};

/** What a caller sees of a service's error. */
export async function errorOf(service: keyof typeof calls, answer: Answer) {
  const error = await calls[service](answer).then(
    () => new Error('no error'),
    (each: Error) => each,
  );
  const { httpStatusCode, attempts } = (error as { $metadata?: Record<string, unknown> }).$metadata ?? {};
  const { code } = toPortError('try', error);
  return { name: error.name, message: error.message, httpStatusCode, attempts, code };
}

import * as events from 'aws-cdk-lib/aws-events';
import { Construct } from 'constructs';

interface InstanceEventsProps {
  readonly name: string;
  readonly description: string;
  /** What `detail` must hold, in EventBridge's pattern language. */
  readonly of: { readonly groups: readonly unknown[] } | { readonly servers: readonly string[] };
  readonly functionArn: string;
  readonly deadLetters: string;
}

/** Servers that came, went, or failed to, told to the scaler as they happen. */
export class InstanceEvents extends Construct {
  constructor(scope: Construct, id: string, props: InstanceEventsProps) {
    super(scope, id);
    new events.CfnRule(this, 'Rule', {
      name: props.name,
      description: props.description,
      eventPattern: 'groups' in props.of ? scalingEvents(props.of.groups) : stateChanges(props.of.servers),
      targets: [
        {
          id: 'on-instance-event',
          arn: props.functionArn,
          retryPolicy: { maximumRetryAttempts: 10, maximumEventAgeInSeconds: 900 },
          deadLetterConfig: { arn: props.deadLetters },
        },
      ],
    });
  }
}

function scalingEvents(groups: readonly unknown[]): object {
  return {
    source: ['aws.autoscaling'],
    'detail-type': [
      'EC2 Instance Launch Successful',
      'EC2 Instance Launch Unsuccessful',
      'EC2 Instance Terminate Successful',
      'EC2 Instance Terminate Unsuccessful',
    ],
    detail: { AutoScalingGroupName: groups },
  };
}

/** For servers that no scaling group replaces. */
function stateChanges(servers: readonly string[]): object {
  return {
    source: ['aws.ec2'],
    'detail-type': ['EC2 Instance State-change Notification'],
    detail: { 'instance-id': servers, state: ['stopping', 'stopped', 'shutting-down', 'terminated'] },
  };
}

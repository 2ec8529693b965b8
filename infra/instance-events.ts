import * as events from 'aws-cdk-lib/aws-events';
import { Construct } from 'constructs';
import type { Fleet } from '../shared/fleet/fleet.ts';
import { scalingGroupName } from '../shared/fleet/names.ts';
import { byPattern } from '../shared/fleet/portions.ts';

interface InstanceEventsProps {
  readonly fleet: Fleet;
  readonly functionArn: string;
  readonly deadLetters: string;
}

/**
 * Servers that came, went, or failed to, told to the scaler as they happen, which tells people of those that went for ill health.
 * By their groups' exact names, since a prefix would catch another fleet's too, and in as few rules as hold them, since an
 * event bus has 300.
 */
export class InstanceEvents extends Construct {
  constructor(scope: Construct, id: string, props: InstanceEventsProps) {
    super(scope, id);
    const { fleet } = props;
    const names = Object.keys(fleet.groups).map((group) => scalingGroupName(fleet, group));
    for (const [index, groups] of byPattern(names).entries()) {
      this.#tellScaler(`Rule${index}`, `${fleet.name}-instances-${index}`, groups, props);
    }
  }

  #tellScaler(id: string, name: string, groups: string[], props: InstanceEventsProps): void {
    new events.CfnRule(this, id, {
      name,
      description: `Servers of fleet ${props.fleet.name} that come and go`,
      eventPattern: {
        source: ['aws.autoscaling'],
        'detail-type': [
          'EC2 Instance Launch Successful',
          'EC2 Instance Launch Unsuccessful',
          'EC2 Instance Terminate Successful',
          'EC2 Instance Terminate Unsuccessful',
        ],
        detail: { AutoScalingGroupName: groups },
      },
      targets: [
        {
          id: 'on-instance-event',
          arn: props.functionArn,
          // The sweep sees servers too: an event that is this late has been healed.
          retryPolicy: { maximumRetryAttempts: 10, maximumEventAgeInSeconds: 900 },
          deadLetterConfig: { arn: props.deadLetters },
        },
      ],
    });
  }
}

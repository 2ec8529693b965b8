import * as events from 'aws-cdk-lib/aws-events';
import { Construct } from 'constructs';
import type { Fleet } from '../shared/fleet/fleet.ts';
import { scalingGroupName } from '../shared/fleet/names.ts';

interface InstanceEventsProps {
  readonly fleet: Fleet;
  readonly functionArn: string;
  readonly deadLetters: string;
}

/** A pattern holds 2,048 characters, of which the names may take these. */
const charactersOfNames = 1600;

/**
 * Servers that came, went, or failed to, told to the scaler as they happen. By their groups' exact names, since a prefix
 * would catch another fleet's too, and in as few rules as hold them, since an event bus has 300.
 */
export class InstanceEvents extends Construct {
  constructor(scope: Construct, id: string, { fleet, functionArn, deadLetters }: InstanceEventsProps) {
    super(scope, id);
    const names = Object.keys(fleet.groups).map((group) => scalingGroupName(fleet, group));
    for (const [index, groups] of portions(names).entries()) {
      new events.CfnRule(this, `Rule${index}`, {
        name: `${fleet.name}-instances-${index}`,
        description: `Servers of fleet ${fleet.name} that come and go`,
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
            arn: functionArn,
            // The sweep sees servers too: an event that is this late has been healed.
            retryPolicy: { maximumRetryAttempts: 10, maximumEventAgeInSeconds: 900 },
            deadLetterConfig: { arn: deadLetters },
          },
        ],
      });
    }
  }
}

function portions(names: readonly string[]): string[][] {
  const all: string[][] = [];
  let left = 0;
  for (const name of names) {
    const length = JSON.stringify(name).length + 1;
    if (length > left) {
      all.push([]);
      left = charactersOfNames;
    }
    all.at(-1)!.push(name);
    left -= length;
  }
  return all;
}

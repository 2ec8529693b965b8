import { Aws } from 'aws-cdk-lib';
import * as events from 'aws-cdk-lib/aws-events';
import { Construct } from 'constructs';
import { byCluster } from '../shared/fleet/ecs.ts';
import type { Fleet } from '../shared/fleet/fleet.ts';
import { mayLaunchSpot } from '../shared/fleet/may-launch-spot.ts';
import { scalingGroupName } from '../shared/fleet/names.ts';
import { otherKindOf } from '../shared/fleet/other-kinds.ts';
import { byPattern } from '../shared/fleet/portions.ts';

interface InstanceEventsProps {
  readonly fleet: Fleet;
  readonly functionArn: string;
  readonly deadLetters: string;
}

/**
 * Servers that came, went, or failed to, sent to the scaler as they happen; it notifies people of those that were unhealthy.
 * By their groups' exact names, since a prefix would catch another fleet's too, and in as few rules as hold them, since an
 * event bus has 300.
 */
export class InstanceEvents extends Construct {
  constructor(scope: Construct, id: string, props: InstanceEventsProps) {
    super(scope, id);
    const { fleet } = props;
    const names = Object.entries(fleet.groups)
      .filter(([, config]) => otherKindOf(config) === undefined)
      .map(([group]) => scalingGroupName(fleet, group));
    for (const [index, groups] of byPattern(names).entries()) {
      const description = `Servers of fleet ${fleet.name} that come and go`;
      this.#tellScaler(`Rule${index}`, { name: `${fleet.name}-instances-${index}`, description }, props, {
        source: ['aws.autoscaling'],
        'detail-type': [
          'EC2 Instance Launch Successful',
          'EC2 Instance Launch Unsuccessful',
          'EC2 Instance Terminate Successful',
          'EC2 Instance Terminate Unsuccessful',
        ],
        detail: { AutoScalingGroupName: groups },
      });
    }
    this.#tasks(props);
    if (Object.values(fleet.groups).some(mayLaunchSpot)) {
      const description = `Spot servers that EC2 wants back; those of other groups than ${fleet.name}'s are nobody's here`;
      // The event names the server and no group: the scaler looks whose it is.
      this.#tellScaler('SpotRule', { name: `${fleet.name}-spot`, description }, props, {
        source: ['aws.ec2'],
        'detail-type': ['EC2 Spot Instance Interruption Warning'],
      });
    }
  }

  /**
   * Tasks of services that have stopped: one that is replaced between two sweeps would be in no history. Those of another region come
   * to this bus where somebody has a rule there that sends them on; otherwise the sweep sees what has become of them.
   * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-cross-region.html
   */
  #tasks(props: InstanceEventsProps): void {
    const { fleet } = props;
    const services = Object.values(fleet.groups).flatMap(({ ecs }) => ecs ?? []);
    const patterns = [...byCluster(services).values()].flatMap((some) =>
      byPattern(some.map(({ service }) => `service:${service}`)).map((group) => ({ ...some[0]!, group })),
    );
    const description = `Tasks of fleet ${fleet.name} that have stopped`;
    for (const [index, { region = Aws.REGION, cluster, group }] of patterns.entries()) {
      const clusterArn = [`arn:${Aws.PARTITION}:ecs:${region}:${Aws.ACCOUNT_ID}:cluster/${cluster}`];
      this.#tellScaler(`TaskRule${index}`, { name: `${fleet.name}-tasks-${index}`, description }, props, {
        source: ['aws.ecs'],
        'detail-type': ['ECS Task State Change'],
        detail: { clusterArn, group, lastStatus: ['STOPPED'] },
      });
    }
  }

  #tellScaler(
    id: string,
    { name, description }: { readonly name: string; readonly description: string },
    props: InstanceEventsProps,
    eventPattern: object,
  ): void {
    new events.CfnRule(this, id, {
      name,
      description,
      eventPattern,
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

import {
  CfnOutput,
  CfnResource,
  CfnWaitConditionHandle,
  CustomResource,
  Duration,
  Stack,
  type StackProps,
  Tags,
} from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import { StringParameter } from 'aws-cdk-lib/aws-ssm';
import type { Construct } from 'constructs';
import type { Fleet } from '../shared/fleet/fleet.ts';
import type { Group } from '../shared/fleet/group.ts';
import type { Launch } from '../shared/fleet/launch.ts';
import { measuredOf } from '../shared/fleet/measured-of.ts';
import { hasDetailedMonitoring } from '../shared/fleet/monitoring.ts';
import { addressParameterName, groupTag, scalingGroupName } from '../shared/fleet/names.ts';
import { AdoptedServers } from './adopted-servers.ts';
import { Alarms } from './alarms.ts';
import { Draining } from './draining.ts';
import { type Entrance, existingEntrance, NewEntrance } from './load-balancer.ts';
import type { Place } from './network-stack.ts';
import type { ScalerStack } from './scaler-stack.ts';
import { Schedules } from './schedules.ts';
import { Servers } from './servers.ts';

interface GroupStackProps extends StackProps {
  readonly fleet: Fleet;
  /** The group's name in the fleet file. */
  readonly group: string;
  readonly scaler: ScalerStack;
  /** Where servers go; asked only by groups that launch some. */
  readonly place: (stack: Stack) => Place;
  /** The stack of another group, for `address-of:GROUP`. */
  readonly stackOf: (group: string) => GroupStack;
  readonly fleetDirectory: string;
  /** Epoch milliseconds: what is past gets no schedule. */
  readonly now: number;
}

/** One group: its servers and their entrance if they are ours to make, and everything that tells the scaler about them. */
export class GroupStack extends Stack {
  constructor(scope: Construct, id: string, props: GroupStackProps) {
    super(scope, id, props);
    const { fleet, scaler } = props;
    const group = fleet.groups[props.group]!;
    const scalingGroup = scalingGroupName(fleet, props.group);
    Tags.of(this).add(groupTag, props.group);
    const made = group.launch && this.#servers(group, group.launch, scalingGroup, props);
    const entrance = made ? made.entrance : importedEntrance(group);
    if (entrance?.address) {
      new StringParameter(this, 'Address', {
        parameterName: addressParameterName(fleet, props.group),
        stringValue: entrance.address,
        description: `Address of ${id}`,
      });
    }
    this.#tellScaler(props, scalingGroup, entrance);
    if (group.draining) {
      const draining = new Draining(this, 'Draining', {
        name: id,
        scalingGroup,
        settings: group.draining,
        deadLetters: scaler.deadLetters.queueArn,
      });
      // The hook names the group and does not refer to it.
      if (made) draining.node.addDependency(made.servers);
    }
    if (made) {
      // Deleted before the group is, for it leans on it.
      const released = new CustomResource(this, 'AdoptedServersAreLetGo', {
        resourceType: 'Custom::AdoptedServers',
        serviceToken: scaler.functions['release']!.functionArn,
        serviceTimeout: Duration.minutes(15),
        properties: { group: props.group, scalingGroup, instances: group.instances },
      });
      released.node.addDependency(made.servers);
    }
    // CloudFormation refuses a stack without resources, as that of a group that is there already and goes by the sweep alone.
    if (!this.node.findAll().some(CfnResource.isCfnResource)) new CfnWaitConditionHandle(this, 'Nothing');
    new CfnOutput(this, 'ScalingGroupName', { value: scalingGroup });
  }

  #tellScaler(
    { fleet, group: name, scaler, now }: GroupStackProps,
    scalingGroup: string,
    entrance: Entrance | undefined,
  ): void {
    const group = fleet.groups[name]!;
    new Alarms(this, 'Alarms', {
      fleet,
      group: name,
      measured: {
        scalingGroup,
        detailedMonitoring: hasDetailedMonitoring(group),
        loadBalancer: entrance?.measured,
      },
      onAlarm: scaler.functions['on-alarm']!.functionArn,
    });
    new Schedules(this, 'Schedules', { fleet, group: name, target: scaler.scheduleTarget, now });
    if (group.instances.length > 0) {
      new AdoptedServers(this, 'AdoptedServers', {
        name: `${fleet.name}-${name}`,
        servers: group.instances,
        functionArn: scaler.functions['on-instance-event']!.functionArn,
        deadLetters: scaler.deadLetters.queueArn,
      });
    }
  }

  #servers(
    group: Group,
    launch: Launch,
    name: string,
    props: GroupStackProps,
  ): { servers: Servers; entrance: Entrance | undefined } {
    const place = props.place(this);
    const securityGroup = new ec2.SecurityGroup(this, 'ServersDoor', {
      vpc: place.vpc,
      description: `Servers of ${name}`,
      allowAllOutbound: true,
    });
    const entrance = this.#entrance(group, name, place, securityGroup);
    const addressOf = (other: string) => this.#addressOf(other, props);
    const boot = { ...props, addressOf, agent: looksInside(group) };
    const servers = new Servers(this, 'Servers', {
      name,
      group,
      launch,
      place,
      securityGroup,
      entrance,
      boot,
    });
    return { servers, entrance };
  }

  /** Through a parameter: an export could not change as long as others import it, and so no load balancer be replaced. */
  #addressOf(group: string, { fleet, stackOf }: GroupStackProps): string {
    this.addStackDependency(stackOf(group));
    return StringParameter.valueForStringParameter(this, addressParameterName(fleet, group));
  }

  #entrance(group: Group, name: string, place: Place, servers: ec2.ISecurityGroup): Entrance | undefined {
    const settings = group.loadBalancer;
    if (!settings || settings.targetGroupArns) return importedEntrance(group);
    const { port, scheme } = settings;
    // The schema asks for both where a load balancer is made.
    if (port === undefined || scheme === undefined) throw new Error(`${name}: expected a port and a scheme`);
    return new NewEntrance(this, 'Entrance', {
      name,
      settings: { ...settings, port, scheme },
      place,
      servers,
    });
  }
}

function importedEntrance({ loadBalancer }: Group): Entrance | undefined {
  if (!loadBalancer?.targetGroupArns) return undefined;
  return existingEntrance(loadBalancer.targetGroupArns, loadBalancer.loadBalancerArn);
}

/** Memory and disk are known inside a server only: the agent is charged by the metric, so it runs where one is used. */
function looksInside(group: Group): boolean {
  return measuredOf(group).some(({ metric }) => metric === 'memory' || metric === 'disk');
}

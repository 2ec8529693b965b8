import { CfnOutput, Stack, type StackProps, Tags } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import type { Construct } from 'constructs';
import type { Fleet } from '../shared/fleet/fleet.ts';
import type { Group } from '../shared/fleet/group.ts';
import type { Launch } from '../shared/fleet/launch.ts';
import { scalingGroupName } from '../shared/fleet/names.ts';
import { AdoptedServers } from './adopted-servers.ts';
import { Alarms } from './alarms.ts';
import { Draining } from './draining.ts';
import { type Entrance, existingEntrance, NewEntrance } from './load-balancer.ts';
import type { Place } from './network-stack.ts';
import type { ScalerStack } from './scaler-stack.ts';
import { Schedules } from './schedules.ts';
import { Servers } from './servers.ts';
import { groupTag } from './tags.ts';

interface GroupStackProps extends StackProps {
  readonly fleet: Fleet;
  /** The group's name in the fleet file. */
  readonly group: string;
  readonly scaler: ScalerStack;
  /** Where servers go; asked only by groups that launch some. */
  readonly place: (stack: Stack) => Place;
  readonly addressOf: (group: string) => string;
  readonly fleetDirectory: string;
}

/** One group: its servers and their entrance if they are ours to make, and everything that tells the scaler about them. */
export class GroupStack extends Stack {
  /** DNS name of the group's load balancer. */
  readonly address: string | undefined;

  constructor(scope: Construct, id: string, { fleet, group: name, scaler, ...props }: GroupStackProps) {
    const { place, addressOf, fleetDirectory, ...stackProps } = props;
    super(scope, id, stackProps);
    Tags.of(this).add(groupTag, name);
    const group = fleet.groups[name]!;
    const scalingGroup = scalingGroupName(fleet, name);
    const entrance = group.launch
      ? this.#servers(group, group.launch, { scalingGroup, place: place(this), addressOf, fleetDirectory })
      : importedEntrance(group);
    this.address = entrance?.address;
    const notices = scaler.topic.topicArn;
    const deadLetters = scaler.deadLetters.queueArn;
    const servers = group.instances;
    if (servers.length > 0)
      new AdoptedServers(this, 'AdoptedServers', { name: id, servers, notices, deadLetters });
    const measured = {
      scalingGroup,
      detailedMonitoring: group.launch?.detailedMonitoring ?? true,
      loadBalancer: entrance?.measured,
    };
    new Alarms(this, 'Alarms', {
      fleet,
      group: name,
      measured,
      onAlarm: scaler.functions['on-alarm']!.functionArn,
      notices,
    });
    new Schedules(this, 'Schedules', { fleet, group: name, target: scaler.scheduleTarget });
    if (group.draining)
      new Draining(this, 'Draining', { name: id, scalingGroup, settings: group.draining, deadLetters });
    new CfnOutput(this, 'ScalingGroupName', { value: scalingGroup });
  }

  #servers(
    group: Group,
    launch: Launch,
    where: { scalingGroup: string; place: Place } & Pick<GroupStackProps, 'addressOf' | 'fleetDirectory'>,
  ): Entrance | undefined {
    const { scalingGroup, place, addressOf, fleetDirectory } = where;
    const securityGroup = new ec2.SecurityGroup(this, 'ServersDoor', {
      vpc: place.vpc,
      description: `Servers of ${scalingGroup}`,
      allowAllOutbound: true,
    });
    const entrance = this.#entrance(group, scalingGroup, place, securityGroup);
    new Servers(this, 'Servers', {
      name: scalingGroup,
      group,
      launch,
      place,
      securityGroup,
      entrance,
      boot: { fleetDirectory, agent: looksInside(group), addressOf },
    });
    return entrance;
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
  const metrics = [
    ...Object.values(group.alarms).map(({ metric }) => metric),
    ...group.targets.map(({ metric }) => metric),
    group.objective?.metric,
    group.forecast?.metric,
  ];
  return metrics.some((metric) => metric === 'memory' || metric === 'disk');
}

import { CfnResource, CfnWaitConditionHandle, CustomResource, Duration, Stack } from 'aws-cdk-lib';
import * as autoscaling from 'aws-cdk-lib/aws-autoscaling';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import type * as elb from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { StringParameter } from 'aws-cdk-lib/aws-ssm';
import { Construct } from 'constructs';
import { awsRegionOf } from '../shared/fleet/aws-region-of.ts';
import type { Fleet } from '../shared/fleet/fleet.ts';
import type { Group } from '../shared/fleet/group.ts';
import type { Launch } from '../shared/fleet/launch.ts';
import { isImported } from '../shared/fleet/load-balancer.ts';
import { measuredOf } from '../shared/fleet/measured-of.ts';
import { hasDetailedMonitoring } from '../shared/fleet/monitoring.ts';
import { addressParameterName, groupTag, scalingGroupName } from '../shared/fleet/names.ts';
import { AdoptedServers } from './adopted-servers.ts';
import { Alarms } from './alarms.ts';
import { Draining } from './draining.ts';
import type { FleetScaler } from './fleet-scaler.ts';
import {
  existingLoadBalancer,
  type GroupLoadBalancer,
  givenLoadBalancer,
  NewLoadBalancer,
} from './load-balancer.ts';
import { OwnStack, output } from './own-stack.ts';
import type { Place } from './place.ts';
import { Schedules } from './schedules.ts';
import { Servers } from './servers.ts';
import { setTags } from './set-tags.ts';

type AnyLoadBalancer = elb.IApplicationLoadBalancer | elb.INetworkLoadBalancer;

/** What others have made for a group. */
export interface GivenToGroup {
  /** The servers' security group, instead of a new one. Its owner opens it to the load balancer. */
  readonly securityGroup?: ec2.ISecurityGroup;
  /** Where the servers register: the fleet file says `loadBalancer: { given: … }`. */
  readonly targetGroups?: elb.ITargetGroup[];
  /** Before those target groups; metrics of requests are measured at it. */
  readonly loadBalancer?: AnyLoadBalancer;
}

export interface FleetGroupProps {
  readonly fleet: Fleet;
  /** The group's name in the fleet file. */
  readonly group: string;
  readonly scaler: FleetScaler;
  /** Where servers go; asked only by groups that launch some. */
  readonly place: (scope: Construct) => Place;
  /** Another group, for `address-of:GROUP`. */
  readonly groupNamed: (group: string) => FleetGroup;
  readonly given?: GivenToGroup | undefined;
  readonly fleetDirectory: string;
  /** Epoch milliseconds: what is past gets no schedule. */
  readonly now: number;
}

/** One group: its servers and their load balancer if they are ours to make, and everything that informs the scaler of them. */
export class FleetGroup extends Construct {
  /** Its name in AWS. */
  readonly scalingGroupName: string;
  readonly autoScalingGroup: autoscaling.IAutoScalingGroup;
  /** The one that was made, or given. */
  readonly loadBalancer: AnyLoadBalancer | undefined;
  /** Of the servers that the group launches. */
  readonly securityGroup: ec2.ISecurityGroup | undefined;
  /** Host name of the load balancer that was made. */
  readonly address: string | undefined;

  constructor(scope: Construct, id: string, props: FleetGroupProps) {
    super(scope, id);
    const { fleet, scaler, given } = props;
    const group = fleet.groups[props.group]!;
    if (given?.targetGroups && group.loadBalancer?.given === undefined)
      throw new Error(
        `Target groups are given to ${props.group}: expected loadBalancer: { given: application } or { given: network } in the fleet.`,
      );
    const scalingGroup = scalingGroupName(fleet, props.group);
    const made = group.launch && this.#servers(group, group.launch, scalingGroup, props);
    const loadBalancer = made ? made.loadBalancer : importedLoadBalancer(group, props.group, given);
    this.scalingGroupName = scalingGroup;
    this.autoScalingGroup = autoscaling.AutoScalingGroup.fromAutoScalingGroupName(
      this,
      'AutoScalingGroup',
      made?.servers.scalingGroupName ?? scalingGroup,
    );
    this.securityGroup = made?.securityGroup;
    this.loadBalancer = loadBalancer?.construct ?? given?.loadBalancer;
    this.address = loadBalancer?.address;
    if (this.address !== undefined) {
      new StringParameter(this, 'Address', {
        parameterName: addressParameterName(fleet, props.group),
        stringValue: this.address,
        description: `Address of ${fleet.name}-${props.group}`,
      });
    }
    this.#notifyScaler(props, scalingGroup, loadBalancer);
    if (group.draining) {
      const draining = new Draining(this, 'Draining', {
        name: `${fleet.name}-${props.group}`,
        scalingGroup,
        settings: group.draining,
        deadLetters: scaler.deadLetters.queueArn,
      });
      // The hook names the group and does not refer to it.
      if (made) draining.node.addDependency(made.servers);
    }
    if (made) this.#detachBeforeDelete(props, scalingGroup, made.servers);
    // CloudFormation refuses a stack without resources, as that of a group that is there already and goes by the sweep alone.
    const stack = Stack.of(this);
    const isAlone = stack.nested || stack instanceof OwnStack;
    if (isAlone && !this.node.findAll().some(CfnResource.isCfnResource))
      new CfnWaitConditionHandle(this, 'Nothing');
    output(this, 'ScalingGroupName', scalingGroup);
    setTags(this, { [groupTag]: props.group });
  }

  /** Deleted before the group is, for it depends on it: adopted servers are detached, and live on. */
  #detachBeforeDelete(
    { fleet, group, scaler }: FleetGroupProps,
    scalingGroup: string,
    servers: Servers,
  ): void {
    const { instances } = fleet.groups[group]!;
    const resource = new CustomResource(this, 'DetachBeforeDelete', {
      resourceType: 'Custom::AdoptedServers',
      serviceToken: scaler.functions['release']!.functionArn,
      serviceTimeout: Duration.minutes(15),
      properties: { group, scalingGroup, instances },
    });
    resource.node.addDependency(servers);
  }

  #notifyScaler(
    { fleet, group: name, scaler, now }: FleetGroupProps,
    scalingGroup: string,
    loadBalancer: GroupLoadBalancer | undefined,
  ): void {
    const group = fleet.groups[name]!;
    new Alarms(this, 'Alarms', {
      fleet,
      group: name,
      measured: {
        scalingGroup,
        detailedMonitoring: hasDetailedMonitoring(group),
        // No alarm of another region tells anybody here.
        loadBalancer: awsRegionOf(group) === undefined ? loadBalancer?.measured : undefined,
        ecs: group.ecs,
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

  #servers(group: Group, launch: Launch, name: string, props: FleetGroupProps) {
    const place = props.place(this);
    const securityGroup =
      props.given?.securityGroup ??
      new ec2.SecurityGroup(this, 'ServerSecurityGroup', {
        vpc: place.vpc,
        description: `Servers of ${name}`,
        allowAllOutbound: true,
      });
    const loadBalancer = this.#loadBalancer(group, name, place, securityGroup, props);
    const addressOf = (other: string) => this.#addressOf(other, props);
    const boot = { ...props, addressOf, agent: looksInside(group) };
    const servers = new Servers(this, 'Servers', {
      name,
      group,
      launch,
      place,
      securityGroup,
      loadBalancer,
      boot,
    });
    return { servers, loadBalancer, securityGroup };
  }

  /** From stack to stack through a parameter: an export could not change as long as others import it, and so no load balancer be replaced. */
  #addressOf(group: string, { fleet, groupNamed }: FleetGroupProps): string {
    const other = groupNamed(group);
    const [stack, otherStack] = [Stack.of(this), Stack.of(other)];
    // The schema asks for a load balancer that is made.
    if (!(stack instanceof OwnStack)) return other.address!;
    stack.addStackDependency(otherStack);
    return StringParameter.valueForStringParameter(this, addressParameterName(fleet, group));
  }

  #loadBalancer(
    group: Group,
    name: string,
    place: Place,
    servers: ec2.ISecurityGroup,
    props: FleetGroupProps,
  ): GroupLoadBalancer | undefined {
    const settings = group.loadBalancer;
    if (!settings || isImported(settings)) return importedLoadBalancer(group, props.group, props.given);
    const { port, scheme } = settings;
    // The schema asks for both where a load balancer is made.
    if (port === undefined || scheme === undefined) throw new Error(`${name}: expected a port and a scheme`);
    return new NewLoadBalancer(this, 'LoadBalancer', {
      name,
      settings: { ...settings, port, scheme },
      place,
      servers,
    });
  }
}

/** @throws Error when the fleet says that the app gives one, and it gives none; or the other way round */
function importedLoadBalancer(
  { loadBalancer }: Group,
  name: string,
  given: GivenToGroup | undefined,
): GroupLoadBalancer | undefined {
  if (loadBalancer?.targetGroupArns)
    return existingLoadBalancer(loadBalancer.targetGroupArns, loadBalancer.loadBalancerArn);
  const { targetGroups = [], loadBalancer: balancer } = given ?? {};
  if (loadBalancer?.given === undefined) return undefined;
  if (targetGroups.length === 0 || !balancer)
    throw new Error(
      `The fleet says that ${name} has a load balancer that the app gives: expected groups: { ${name}: { loadBalancer, targetGroups } } with one target group or more.`,
    );
  return givenLoadBalancer(loadBalancer.given, balancer, targetGroups);
}

/** Memory and disk are known inside a server only: the agent is charged by the metric, so it runs where one is used. */
function looksInside(group: Group): boolean {
  return measuredOf(group).some(({ metric }) => metric === 'memory' || metric === 'disk');
}

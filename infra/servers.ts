import { ArnFormat, Stack, TagManager } from 'aws-cdk-lib';
import * as autoscaling from 'aws-cdk-lib/aws-autoscaling';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as iam from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import type { Group } from '../shared/fleet/group.ts';
import type { Launch } from '../shared/fleet/launch.ts';
import { leastSize } from '../shared/fleet/least-size.ts';
import type { GroupLoadBalancer } from './load-balancer.ts';
import { accept, acceptWildcards } from './nag.ts';
import type { Place } from './place.ts';
import { type Boot, userData } from './user-data.ts';

interface ServersProps {
  /** The scaling group's name in AWS. */
  readonly name: string;
  readonly group: Group;
  readonly launch: Launch;
  readonly place: Place;
  readonly securityGroup: ec2.ISecurityGroup;
  readonly loadBalancer: GroupLoadBalancer | undefined;
  readonly boot: Boot;
}

/**
 * A launch template and the scaling group that launches from it. The group has no desired capacity: that is the scaler's,
 * and a template that held one would reset it with every deploy.
 */
export class Servers extends Construct {
  /** Known once the group is there. */
  readonly scalingGroupName: string;

  constructor(scope: Construct, id: string, props: ServersProps) {
    super(scope, id);
    const { name, group, launch, place, loadBalancer } = props;
    const template = launchTemplate(this, props);
    const version = {
      launchTemplateId: template.launchTemplateId!,
      version: template.latestVersionNumber,
    };
    const scalingGroup = new autoscaling.CfnAutoScalingGroup(this, 'ScalingGroup', {
      autoScalingGroupName: name,
      minSize: String(leastSize(group)),
      maxSize: String(group.maxSize),
      vpcZoneIdentifier: place.vpc.selectSubnets(place.serverSubnets).subnetIds,
      ...(isMixed(launch)
        ? { mixedInstancesPolicy: mixedInstances(launch, version) }
        : { launchTemplate: version }),
      ...(loadBalancer && { targetGroupArns: loadBalancer.targetGroupArns }),
      healthCheckType: healthCheckType(group),
      healthCheckGracePeriod: group.healthCheckGracePeriod,
      defaultInstanceWarmup: group.defaultInstanceWarmup,
      terminationPolicies: group.terminationPolicies,
      capacityRebalance: group.capacityRebalance,
      metricsCollection: [{ granularity: '1Minute' }],
    });
    if (loadBalancer?.ready) scalingGroup.node.addDependency(loadBalancer.ready);
    // Servers fetch what they need when they boot.
    if (place.ready) scalingGroup.node.addDependency(place.ready);
    this.scalingGroupName = scalingGroup.ref;
    accept(scalingGroup, {
      ...(isMixed(launch) && {
        'AwsSolutions-EC26':
          'The rule cannot read a mixed-instances policy; every volume of its template is encrypted.',
      }),
      'AwsSolutions-AS1': 'Cooldowns are kept by the scaler, per rule and per direction.',
      'AwsSolutions-AS2':
        'EC2 health checks where the fleet file says so: with adopted servers, or without a load balancer.',
      'AwsSolutions-AS3':
        'The scaler tells every activity itself, with its reason; EventBridge has the rest.',
    });
  }
}

/** An unhealthy server is replaced by what the load balancer says of it, but never one that was adopted. */
export function healthCheckType(group: Group): 'EC2' | 'ELB' {
  const adopts = group.instances.length > 0 && group.replaceUnhealthy !== true;
  return group.healthCheckType ?? (group.loadBalancer && !adopts ? 'ELB' : 'EC2');
}

function launchTemplate(scope: Servers, props: ServersProps): ec2.LaunchTemplate {
  const { name, launch, securityGroup, boot } = props;
  const data = userData(launch, boot);
  const types = [launch.instanceType].flat();
  const template = new ec2.LaunchTemplate(scope, 'LaunchTemplate', {
    launchTemplateName: name,
    machineImage: image(launch.imageId),
    instanceType: new ec2.InstanceType(types[0]!),
    userData: data,
    securityGroup,
    ...(launch.instanceProfile === undefined
      ? { role: serverRole(scope, props) }
      : {
          instanceProfile: iam.InstanceProfile.fromInstanceProfileName(
            scope,
            'Profile',
            launch.instanceProfile,
          ),
        }),
    httpTokens: ec2.LaunchTemplateHttpTokens.REQUIRED,
    detailedMonitoring: launch.detailedMonitoring,
    blockDevices: [
      { deviceName: launch.systemDisk.device, volume: volume(launch.systemDisk) },
      ...launch.dataDisks.map((disk) => ({ deviceName: disk.device, volume: volume(disk) })),
    ],
  });
  // CDK names servers by the construct's path.
  TagManager.of(template)!.setTag('Name', name, 300);
  for (const [index, id] of launch.securityGroups.entries()) {
    template.addSecurityGroup(ec2.SecurityGroup.fromSecurityGroupId(scope, `SecurityGroup${index}`, id));
  }
  return template;
}

function image(id: string): ec2.IMachineImage {
  if (id.startsWith('ssm:')) return ec2.MachineImage.fromSsmParameter(id.slice('ssm:'.length));
  return {
    getImage: () => ({
      imageId: id,
      osType: ec2.OperatingSystemType.LINUX,
      userData: ec2.UserData.forLinux(),
    }),
  };
}

type Disk = Launch['systemDisk'] & Partial<Pick<Launch['dataDisks'][number], 'keep' | 'snapshotId'>>;

function volume(disk: Omit<Disk, 'device'>): ec2.BlockDeviceVolume {
  return {
    ebsDevice: {
      volumeSize: disk.sizeGiB,
      volumeType: disk.type as ec2.EbsDeviceVolumeType,
      encrypted: true,
      deleteOnTermination: disk.keep !== true,
      ...(disk.iops && { iops: disk.iops }),
      ...(disk.snapshotId && { snapshotId: disk.snapshotId }),
    },
  };
}

function isMixed(launch: Launch): boolean {
  return launch.purchase !== undefined || Array.isArray(launch.instanceType);
}

type Version = autoscaling.CfnAutoScalingGroup.LaunchTemplateSpecificationProperty;

function mixedInstances(
  launch: Launch,
  launchTemplateSpecification: Version,
): autoscaling.CfnAutoScalingGroup.MixedInstancesPolicyProperty {
  return {
    launchTemplate: {
      launchTemplateSpecification,
      overrides: [launch.instanceType].flat().map((instanceType) => ({ instanceType })),
    },
    instancesDistribution: {
      // The list of types is in the order in which they are wanted.
      onDemandAllocationStrategy: 'prioritized',
      ...(launch.purchase ?? { onDemandPercentageAboveBaseCapacity: 100 }),
    },
  };
}

/** Session Manager instead of an SSH port, what the agent needs, and the secrets that the launch names: no more. */
function serverRole(scope: Servers, { name, launch, boot }: ServersProps): iam.Role {
  const role = new iam.Role(scope, 'Role', {
    assumedBy: new iam.ServicePrincipal('ec2.amazonaws.com'),
    description: `Servers of ${name}`,
  });
  const servers = Stack.of(scope).formatArn({ service: 'ec2', resource: 'instance', resourceName: '*' });
  role.addToPolicy(
    new iam.PolicyStatement({
      sid: 'ReportToSystemsManager',
      actions: ['ssm:UpdateInstanceInformation'],
      resources: [servers],
    }),
  );
  role.addToPolicy(
    new iam.PolicyStatement({
      sid: 'SessionManager',
      actions: [
        'ssmmessages:CreateControlChannel',
        'ssmmessages:CreateDataChannel',
        'ssmmessages:OpenControlChannel',
        'ssmmessages:OpenDataChannel',
        'ec2messages:AcknowledgeMessage',
        'ec2messages:DeleteMessage',
        'ec2messages:FailMessage',
        'ec2messages:GetEndpoint',
        'ec2messages:GetMessages',
        'ec2messages:SendReply',
      ],
      resources: ['*'],
    }),
  );
  if (boot.agent) {
    role.addToPolicy(
      new iam.PolicyStatement({
        sid: 'AgentMetrics',
        actions: ['cloudwatch:PutMetricData'],
        resources: ['*'],
        conditions: { StringEquals: { 'cloudwatch:namespace': 'CWAgent' } },
      }),
    );
    role.addToPolicy(
      new iam.PolicyStatement({ sid: 'AgentTags', actions: ['ec2:DescribeTags'], resources: ['*'] }),
    );
  }
  const secrets = Object.values(launch.secrets).map(
    // Secrets Manager adds a hyphen and six characters to the name.
    (secret) =>
      Stack.of(scope).formatArn({
        service: 'secretsmanager',
        resource: 'secret',
        resourceName: `${secret}-??????`,
        arnFormat: ArnFormat.COLON_RESOURCE_NAME,
      }),
  );
  if (secrets.length > 0) {
    role.addToPolicy(
      new iam.PolicyStatement({
        sid: 'SecretsOfThisLaunch',
        actions: ['secretsmanager:GetSecretValue'],
        resources: secrets,
      }),
    );
  }
  acceptWildcards(role, [servers], 'A server has no id before it is launched.');
  accept(role, {
    'AwsSolutions-IAM5[Resource::*]':
      "What AWS's own policy for the SSM agent grants, for less; PutMetricData, held to one namespace, and DescribeTags take no resource.",
  });
  return role;
}

import type { AutoScalingGroup } from '@aws-sdk/client-auto-scaling';
import { DescribeImagesCommand, EC2Client, type Instance } from '@aws-sdk/client-ec2';
import {
  DescribeTargetGroupsCommand,
  ElasticLoadBalancingV2Client,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import type { ScalerGroup } from '../../shared/engine/scaler.ts';
import type { Group } from '../../shared/fleet/group.ts';
import type { FleetInCloud } from '../cloud.ts';
import { paced } from '../paced.ts';
import { type Finding, problem, warning } from './finding.ts';
import { resourcesOf } from './resources.ts';

const check = 'servers';

/** The servers of each group: those that are to be adopted, those that hold its deletion up, and what they are made of. */
export async function checkServers(cloud: FleetInCloud): Promise<Finding[]> {
  const { scaler } = cloud;
  const groups = [...scaler.groups.values()];
  const ledgers = await scaler.ports.ledger.read(groups.map(({ name }) => name));
  const resources = resourcesOf(cloud);
  const described = await resources.scalingGroups();
  const instances = await resources.instances();
  const owners = await resources.owners();
  const findings: Finding[] = [];
  for (const group of groups) {
    const found = described.get(group.scalingGroup);
    if (!found) continue;
    const byHand = ledgers.get(group.name)?.adoptedByHand ?? [];
    const ids = (found.Instances ?? []).map(({ InstanceId }) => InstanceId!);
    const own = ids.filter((id) => !group.config.instances.includes(id) && !byHand.includes(id));
    const servers = own.flatMap((id) => instances.get(id) ?? []);
    findings.push(
      ...(await checkAdoption(group, found, instances, owners)),
      ...judgeProtection(group.name, found, own),
      ...judgeImages(group.name, servers),
      ...judgePurchase(group.name, group.config, found),
    );
  }
  return findings;
}

async function checkAdoption(
  { name, config }: ScalerGroup,
  group: AutoScalingGroup,
  instances: ReadonlyMap<string, Instance>,
  owners: ReadonlyMap<string, string>,
): Promise<Finding[]> {
  const ids = config.instances;
  if (ids.length === 0) return [];
  const vpcs = await vpcsOf(group.TargetGroupARNs ?? []);
  const images = await imagesThatExist(ids.flatMap((id) => instances.get(id)?.ImageId ?? []));
  return ids.flatMap((id) => {
    const server = instances.get(id);
    const owner = owners.get(id);
    if (owner === group.AutoScalingGroupName) return [];
    return judgeAdoption(name, id, { server, owner, zones: group.AvailabilityZones ?? [], vpcs, images });
  });
}

async function vpcsOf(TargetGroupArns: string[]): Promise<string[]> {
  if (TargetGroupArns.length === 0) return [];
  const { TargetGroups = [] } = await paced(new ElasticLoadBalancingV2Client()).send(
    new DescribeTargetGroupsCommand({ TargetGroupArns }),
  );
  return [...new Set(TargetGroups.flatMap(({ VpcId }) => VpcId ?? []))];
}

async function imagesThatExist(ids: readonly string[]): Promise<ReadonlySet<string>> {
  if (ids.length === 0) return new Set();
  const Filters = [{ Name: 'image-id', Values: [...new Set(ids)] }];
  const { Images = [] } = await paced(new EC2Client()).send(new DescribeImagesCommand({ Filters }));
  return new Set(Images.filter(({ State }) => State === 'available').map(({ ImageId }) => ImageId!));
}

interface AdoptionFacts {
  readonly server: Instance | undefined;
  /** The scaling group that it is in. */
  readonly owner: string | undefined;
  readonly zones: readonly string[];
  /** Of the group's target groups. */
  readonly vpcs: readonly string[];
  /** Of the images in question those that exist. */
  readonly images: ReadonlySet<string>;
}

/**
 * What keeps AWS from attaching a server of the fleet file to its group, and what to do about it.
 * @see https://docs.aws.amazon.com/autoscaling/ec2/userguide/attach-detach-instances.html
 */
export function judgeAdoption(group: string, id: string, facts: AdoptionFacts): Finding[] {
  const { server, owner, zones, vpcs, images } = facts;
  const about = `${group} cannot adopt ${id}`;
  const refused = (why: string, advice: string) => [problem(check, `${about}: ${why}`, advice)];
  if (!server) return refused('there is no such server here', 'Correct instances in the fleet file.');
  if (owner !== undefined)
    return refused(
      `it is in the group ${owner}`,
      'aws autoscaling detach-instances takes it out of that one.',
    );
  const state = server.State?.Name;
  if (state !== 'running') return refused(`it is ${state}`, 'Start it, or take it from the fleet file.');
  const zone = server.Placement?.AvailabilityZone;
  if (zone === undefined || !zones.includes(zone))
    return refused(
      `it is in ${zone}, the group in ${zones.join(', ')}`,
      'Add a subnet in its zone to network of the fleet file.',
    );
  const strange = vpcs.find((vpc) => vpc !== server.VpcId);
  if (strange)
    return refused(
      `it is in ${server.VpcId}, its load balancer in ${strange}`,
      'Name its VPC as network.vpcId.',
    );
  if (!images.has(server.ImageId!))
    return refused(
      `its image ${server.ImageId} no longer exists`,
      'Only a server whose image exists can be attached: make one from an image of this one.',
    );
  return [warning(check, `${group} has not adopted ${id} yet`, 'The next sweep does it: rushhour explain.')];
}

/** Servers that are the group's own and do not leave by scale-in: a floor, and not for ever. */
function judgeProtection(
  name: string,
  { Instances = [] }: AutoScalingGroup,
  own: readonly string[],
): Finding[] {
  const held = Instances.filter(
    ({ InstanceId, ProtectedFromScaleIn }) => ProtectedFromScaleIn && own.includes(InstanceId!),
  ).map(({ InstanceId }) => InstanceId);
  if (held.length === 0) return [];
  return [
    warning(
      check,
      `${name}: ${held.join(', ')} protected from scale-in by hand: a floor, and gone with the group when its stack is deleted`,
      'To keep one for good: rushhour adopt, or instances in the fleet file.',
    ),
  ];
}

/** An image of an SSM parameter moves at a deploy, without a difference in the template. */
export function judgeImages(name: string, servers: readonly Instance[]): Finding[] {
  const images = new Map<string, number>();
  for (const { ImageId } of servers) images.set(ImageId!, (images.get(ImageId!) ?? 0) + 1);
  if (images.size < 2) return [];
  const counted = [...images].map(([image, count]) => `${count} of ${image}`).join(', ');
  const refresh = `aws autoscaling start-instance-refresh --auto-scaling-group-name … --preferences '{"ScaleInProtectedInstances":"Ignore"}'`;
  return [warning(check, `${name}: servers of ${images.size} images: ${counted}`, `To have one: ${refresh}`)];
}

/** @see https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_UpdateAutoScalingGroup.html */
export function judgePurchase(name: string, { launch }: Group, group: AutoScalingGroup): Finding[] {
  if (!launch) return [];
  const wanted = launch.purchase !== undefined || Array.isArray(launch.instanceType);
  const distribution = group.MixedInstancesPolicy?.InstancesDistribution;
  const share = launch.purchase?.onDemandPercentageAboveBaseCapacity ?? 100;
  const base = launch.purchase?.onDemandBaseCapacity ?? 0;
  const same =
    distribution !== undefined &&
    (distribution.OnDemandPercentageAboveBaseCapacity ?? 100) === share &&
    (distribution.OnDemandBaseCapacity ?? 0) === base;
  if (!wanted || same) return [];
  return [
    warning(
      check,
      `${name}: the next deploy changes its purchase options, and AWS may replace servers that run to match them`,
      'Deploy it at a quiet time.',
    ),
  ];
}

import type { IpPermission, SecurityGroup } from '@aws-sdk/client-ec2';
import type { CloudContext } from '../cloud-context.ts';
import { ServiceError } from '../service.ts';
import { Collection } from './collection.ts';
import type { Network } from './network.ts';

export type Direction = 'ingress' | 'egress';

const ruleKeys = { ingress: 'IpPermissions', egress: 'IpPermissionsEgress' } as const;

/** Security groups and their rules. */
export class SecurityGroups {
  readonly groups = new Collection<SecurityGroup>({
    resourceType: 'security-group',
    prefix: 'sg',
    idKey: 'GroupId',
    notFound: 'InvalidGroup.NotFound',
    malformed: 'InvalidGroupId.Malformed',
    filters: {
      'vpc-id': 'VpcId',
      'group-id': 'GroupId',
      'group-name': 'GroupName',
      description: 'Description',
    },
  });
  readonly #cloud: CloudContext;
  readonly #network: Network;

  constructor(cloud: CloudContext, network: Network) {
    this.#cloud = cloud;
    this.#network = network;
    for (const vpc of network.vpcs.all()) this.create('default', 'default VPC security group', vpc.VpcId!);
  }

  /** A group that lets everything out and nothing in. @throws ServiceError InvalidGroup.Duplicate */
  create(name: string, description: string, vpcId: string): SecurityGroup {
    this.#network.vpcs.get(vpcId);
    if (this.groups.all().some((group) => group.VpcId === vpcId && group.GroupName === name))
      throw new ServiceError(
        'InvalidGroup.Duplicate',
        `The security group '${name}' already exists for VPC '${vpcId}'`,
      );
    const GroupId = this.#network.id('sg');
    return this.groups.add({
      GroupId,
      GroupName: name,
      Description: description,
      VpcId: vpcId,
      OwnerId: this.#cloud.account,
      SecurityGroupArn: `arn:aws:ec2:${this.#cloud.region}:${this.#cloud.account}:security-group/${GroupId}`,
      IpPermissions: [],
      IpPermissionsEgress: [{ IpProtocol: '-1', IpRanges: [{ CidrIp: '0.0.0.0/0' }] }],
      Tags: [],
    });
  }

  /** @throws ServiceError InvalidPermission.Duplicate */
  authorize(groupId: string, direction: Direction, permission: IpPermission): void {
    const group = this.groups.get(groupId);
    for (const pair of permission.UserIdGroupPairs ?? []) this.groups.get(pair.GroupId);
    const rules = group[ruleKeys[direction]]!;
    if (rules.some((rule) => same(rule, permission)))
      throw new ServiceError('InvalidPermission.Duplicate', 'the specified rule already exists');
    rules.push(permission);
  }

  /** @throws ServiceError InvalidPermission.NotFound */
  revoke(groupId: string, direction: Direction, permission: IpPermission): void {
    const rules = this.groups.get(groupId)[ruleKeys[direction]]!;
    const at = rules.findIndex((rule) => same(rule, permission));
    if (at < 0)
      throw new ServiceError(
        'InvalidPermission.NotFound',
        'The specified rule does not exist in this security group.',
      );
    rules.splice(at, 1);
  }

  /**
   * @param isInUse whether a network interface is in the group
   * @see https://docs.aws.amazon.com/vpc/latest/userguide/default-security-group.html
   * @throws ServiceError DependencyViolation while it is in use or another group's rule refers to it; CannotDelete for a VPC's own
   */
  delete(groupId: string, isInUse: boolean): void {
    const { GroupName } = this.groups.get(groupId);
    if (GroupName === 'default')
      throw new ServiceError(
        'CannotDelete',
        `the specified group: "${groupId}" name: "default" cannot be deleted by a user`,
      );
    const used = this.groups
      .all()
      .filter((group) => group.GroupId !== groupId)
      .flatMap((group) => [...group.IpPermissions!, ...group.IpPermissionsEgress!])
      .some((rule) => rule.UserIdGroupPairs?.some((pair) => pair.GroupId === groupId));
    if (used || isInUse)
      throw new ServiceError('DependencyViolation', `resource ${groupId} has a dependent object`);
    this.groups.remove(groupId);
  }
}

function same(a: IpPermission, b: IpPermission): boolean {
  return identity(a) === identity(b);
}

/** Descriptions are not part of what a rule is. */
function identity(rule: IpPermission): string {
  const peers = [
    ...(rule.IpRanges ?? []).map((range) => range.CidrIp),
    ...(rule.Ipv6Ranges ?? []).map((range) => range.CidrIpv6),
    ...(rule.UserIdGroupPairs ?? []).map((pair) => pair.GroupId),
    ...(rule.PrefixListIds ?? []).map((list) => list.PrefixListId),
  ];
  return JSON.stringify([rule.IpProtocol, rule.FromPort, rule.ToPort, peers]);
}

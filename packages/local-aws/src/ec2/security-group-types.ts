import type { IpPermission } from '@aws-sdk/client-ec2';
import { z } from 'zod';
import type { Resource, ResourceType } from '../service.ts';
import { tagList, tagsOf } from '../template-tags.ts';
import type { Direction, SecurityGroups } from './security-groups.ts';

const rule = {
  IpProtocol: z.string(),
  FromPort: z.number().optional(),
  ToPort: z.number().optional(),
  CidrIp: z.string().optional(),
  CidrIpv6: z.string().optional(),
  Description: z.string().optional(),
};
const ingress = z.strictObject({
  ...rule,
  SourceSecurityGroupId: z.string().optional(),
  SourcePrefixListId: z.string().optional(),
});
const egress = z.strictObject({
  ...rule,
  DestinationSecurityGroupId: z.string().optional(),
  DestinationPrefixListId: z.string().optional(),
});
type Rule = z.output<typeof ingress> & z.output<typeof egress>;

const group = z.strictObject({
  GroupDescription: z.string(),
  GroupName: z.string().optional(),
  VpcId: z.string(),
  SecurityGroupIngress: z.array(ingress).optional(),
  SecurityGroupEgress: z.array(egress).optional(),
  Tags: tagList.optional(),
});
type GroupProperties = z.output<typeof group>;

/** Security groups and their separate rules as CloudFormation types. */
export function securityGroupTypes(
  security: SecurityGroups,
  isInUse: (groupId: string) => boolean,
): ResourceType[] {
  return [
    groupType(security, isInUse),
    ruleType(security, 'ingress', ingress.extend({ GroupId: z.string() })),
    ruleType(security, 'egress', egress.extend({ GroupId: z.string() })),
  ];
}

function groupType(
  security: SecurityGroups,
  isInUse: (groupId: string) => boolean,
): ResourceType<GroupProperties> {
  const describe = (id: string): Resource => {
    const { VpcId } = security.groups.get(id);
    return { physicalId: id, attributes: { GroupId: id, Id: id, VpcId: VpcId! } };
  };
  const applyRules = (id: string, next: GroupProperties, previous?: GroupProperties): void => {
    const own = security.groups.get(id);
    // A template that names any egress takes over from the rule that lets everything out.
    if (next.SecurityGroupEgress && !previous) own.IpPermissionsEgress = [];
    for (const one of previous?.SecurityGroupIngress ?? []) security.revoke(id, 'ingress', permission(one));
    for (const one of previous?.SecurityGroupEgress ?? []) security.revoke(id, 'egress', permission(one));
    for (const one of next.SecurityGroupIngress ?? []) security.authorize(id, 'ingress', permission(one));
    for (const one of next.SecurityGroupEgress ?? []) security.authorize(id, 'egress', permission(one));
  };
  const create: ResourceType<GroupProperties>['create'] = (next, context) => {
    const name = next.GroupName ?? context.physicalName(255);
    const made = security.create(name, next.GroupDescription, next.VpcId);
    made.Tags = tagsOf(next, context);
    applyRules(made.GroupId!, next);
    return describe(made.GroupId!);
  };
  return {
    type: 'AWS::EC2::SecurityGroup',
    properties: group,
    create,
    update(id, next, previous, context) {
      const immutable = (one: GroupProperties) =>
        JSON.stringify([one.GroupDescription, one.GroupName, one.VpcId]);
      if (immutable(next) !== immutable(previous)) return create(next, context);
      security.groups.get(id).Tags = tagsOf(next, context);
      applyRules(id, next, previous);
      return describe(id);
    },
    delete: (id) => security.delete(id, isInUse(id)),
  };
}

function ruleType(
  security: SecurityGroups,
  direction: Direction,
  properties: z.ZodType<Rule & { GroupId: string }>,
): ResourceType<Rule & { GroupId: string }> {
  const add = (next: Rule & { GroupId: string }): Resource => {
    security.authorize(next.GroupId, direction, permission(next));
    const peer =
      next.CidrIp ?? next.SourceSecurityGroupId ?? next.DestinationSecurityGroupId ?? next.CidrIpv6;
    const physicalId = `${next.GroupId}|${next.IpProtocol}|${next.FromPort ?? -1}|${next.ToPort ?? -1}|${peer}`;
    return { physicalId, attributes: { Id: physicalId } };
  };
  return {
    type: direction === 'ingress' ? 'AWS::EC2::SecurityGroupIngress' : 'AWS::EC2::SecurityGroupEgress',
    properties,
    create: add,
    update(_physicalId, next, previous) {
      security.revoke(previous.GroupId, direction, permission(previous));
      return add(next);
    },
    delete(_physicalId, previous) {
      if (security.groups.find(previous.GroupId))
        security.revoke(previous.GroupId, direction, permission(previous));
    },
  };
}

function permission(one: Rule): IpPermission {
  const groupId = one.SourceSecurityGroupId ?? one.DestinationSecurityGroupId;
  const list = one.SourcePrefixListId ?? one.DestinationPrefixListId;
  return {
    IpProtocol: one.IpProtocol,
    FromPort: one.FromPort,
    ToPort: one.ToPort,
    ...(one.CidrIp ? { IpRanges: [{ CidrIp: one.CidrIp, Description: one.Description }] } : {}),
    ...(one.CidrIpv6 ? { Ipv6Ranges: [{ CidrIpv6: one.CidrIpv6, Description: one.Description }] } : {}),
    ...(groupId ? { UserIdGroupPairs: [{ GroupId: groupId, Description: one.Description }] } : {}),
    ...(list ? { PrefixListIds: [{ PrefixListId: list, Description: one.Description }] } : {}),
  };
}

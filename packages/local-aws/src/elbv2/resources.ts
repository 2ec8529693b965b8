import { z } from 'zod';
import { type CloudContext, cloudFormationCall } from '../cloud-context.ts';
import type { Operation, Resource, ResourceContext, ResourceType } from '../service.ts';
import { tagList, tagsOf } from '../template-tags.ts';

const Tags = tagList.optional();
const strings = z.array(z.string());
const attributes = z.array(z.strictObject({ Key: z.string(), Value: z.string() })).optional();

const loadBalancer = z.strictObject({
  Name: z.string().optional(),
  Type: z.enum(['application', 'network']).optional(),
  Scheme: z.enum(['internet-facing', 'internal']).optional(),
  IpAddressType: z.string().optional(),
  Subnets: strings.optional(),
  SecurityGroups: strings.optional(),
  LoadBalancerAttributes: attributes,
  EnforceSecurityGroupInboundRulesOnPrivateLinkTraffic: z.string().optional(),
  Tags,
});

const targetGroup = z.strictObject({
  Name: z.string().optional(),
  Port: z.number(),
  Protocol: z.string(),
  ProtocolVersion: z.string().optional(),
  VpcId: z.string(),
  TargetType: z.enum(['instance', 'ip']).optional(),
  IpAddressType: z.string().optional(),
  HealthCheckEnabled: z.boolean().optional(),
  HealthCheckIntervalSeconds: z.number().optional(),
  HealthCheckPath: z.string().optional(),
  HealthCheckPort: z.string().optional(),
  HealthCheckProtocol: z.string().optional(),
  HealthCheckTimeoutSeconds: z.number().optional(),
  HealthyThresholdCount: z.number().optional(),
  UnhealthyThresholdCount: z.number().optional(),
  Matcher: z.strictObject({ HttpCode: z.string() }).optional(),
  TargetGroupAttributes: attributes,
  Tags,
});

const action = z.strictObject({
  Type: z.enum(['forward', 'redirect', 'fixed-response']),
  Order: z.number().optional(),
  TargetGroupArn: z.string().optional(),
  ForwardConfig: z
    .strictObject({
      TargetGroups: z.array(z.strictObject({ TargetGroupArn: z.string(), Weight: z.number().optional() })),
    })
    .optional(),
  RedirectConfig: z
    .strictObject({
      Host: z.string().optional(),
      Path: z.string().optional(),
      Port: z.string().optional(),
      Protocol: z.string().optional(),
      Query: z.string().optional(),
      StatusCode: z.string(),
    })
    .optional(),
  FixedResponseConfig: z
    .strictObject({
      ContentType: z.string().optional(),
      MessageBody: z.string().optional(),
      StatusCode: z.string(),
    })
    .optional(),
});

const listener = z.strictObject({
  LoadBalancerArn: z.string(),
  Port: z.number(),
  Protocol: z.string(),
  DefaultActions: z.array(action),
  Certificates: z.array(z.strictObject({ CertificateArn: z.string() })).optional(),
  SslPolicy: z.string().optional(),
  AlpnPolicy: strings.optional(),
  ListenerAttributes: attributes,
  Tags,
});

const rule = z.strictObject({
  ListenerArn: z.string(),
  Priority: z.number(),
  Conditions: z.array(z.looseObject({ Field: z.string() })),
  Actions: z.array(action),
  Tags,
});

type Run = (operation: string, input: unknown) => Record<string, Record<string, string>[]>;

/** The CloudFormation types of load balancing. */
export function loadBalancingResources(
  cloud: CloudContext,
  operations: Record<string, Operation>,
): ResourceType[] {
  const run: Run = (operation, input) =>
    operations[operation]!(input, cloudFormationCall(cloud)) as ReturnType<Run>;
  return [loadBalancerType(run), targetGroupType(run), listenerType(run), ruleType(run)];
}

function loadBalancerType(run: Run): ResourceType<z.output<typeof loadBalancer>> {
  const describe = (arn: string): Resource => {
    const [found] = run('DescribeLoadBalancers', { LoadBalancerArns: [arn] })['LoadBalancers']!;
    const attributesOf = {
      LoadBalancerArn: arn,
      LoadBalancerFullName: arn.split(':loadbalancer/')[1]!,
      LoadBalancerName: found!['LoadBalancerName']!,
      DNSName: found!['DNSName']!,
      CanonicalHostedZoneID: found!['CanonicalHostedZoneId']!,
    };
    return { physicalId: arn, attributes: attributesOf };
  };
  const settle = (arn: string, next: z.output<typeof loadBalancer>, context: ResourceContext): Resource => {
    if (next.LoadBalancerAttributes)
      run('ModifyLoadBalancerAttributes', { LoadBalancerArn: arn, Attributes: next.LoadBalancerAttributes });
    run('AddTags', { ResourceArns: [arn], Tags: tagsOf(next, context) });
    return describe(arn);
  };
  const create: ResourceType<z.output<typeof loadBalancer>>['create'] = (next, context) => {
    const Name = next.Name ?? context.physicalName(32);
    const [made] = run('CreateLoadBalancer', { ...next, Name, Tags: [] })['LoadBalancers']!;
    return settle(made!['LoadBalancerArn']!, next, context);
  };
  return {
    type: 'AWS::ElasticLoadBalancingV2::LoadBalancer',
    properties: loadBalancer,
    create,
    update(arn, next, previous, context) {
      const identity = (one: z.output<typeof loadBalancer>) =>
        JSON.stringify([one.Name, one.Type, one.Scheme, one.Subnets]);
      if (identity(next) !== identity(previous)) return create(next, context);
      if (next.SecurityGroups)
        run('SetSecurityGroups', { LoadBalancerArn: arn, SecurityGroups: next.SecurityGroups });
      return settle(arn, next, context);
    },
    delete: (LoadBalancerArn) => void run('DeleteLoadBalancer', { LoadBalancerArn }),
  };
}

function targetGroupType(run: Run): ResourceType<z.output<typeof targetGroup>> {
  const settle = (arn: string, next: z.output<typeof targetGroup>, context: ResourceContext): Resource => {
    if (next.TargetGroupAttributes)
      run('ModifyTargetGroupAttributes', { TargetGroupArn: arn, Attributes: next.TargetGroupAttributes });
    run('AddTags', { ResourceArns: [arn], Tags: tagsOf(next, context) });
    const [found] = run('DescribeTargetGroups', { TargetGroupArns: [arn] })['TargetGroups']!;
    const attributesOf = {
      TargetGroupArn: arn,
      TargetGroupFullName: arn.split(':').at(-1)!,
      TargetGroupName: found!['TargetGroupName']!,
      LoadBalancerArns: String(found!['LoadBalancerArns'] ?? ''),
    };
    return { physicalId: arn, attributes: attributesOf };
  };
  const create: ResourceType<z.output<typeof targetGroup>>['create'] = (next, context) => {
    const Name = next.Name ?? context.physicalName(32);
    const [made] = run('CreateTargetGroup', { ...next, Name, Tags: [] })['TargetGroups']!;
    return settle(made!['TargetGroupArn']!, next, context);
  };
  return {
    type: 'AWS::ElasticLoadBalancingV2::TargetGroup',
    properties: targetGroup,
    create,
    update(arn, next, previous, context) {
      const identity = (one: z.output<typeof targetGroup>) =>
        JSON.stringify([one.Name, one.Port, one.Protocol, one.VpcId, one.TargetType]);
      if (identity(next) !== identity(previous)) return create(next, context);
      const {
        Name: _,
        Port,
        Protocol,
        VpcId,
        TargetType,
        TargetGroupAttributes,
        Tags: __,
        ...changes
      } = next;
      run('ModifyTargetGroup', { TargetGroupArn: arn, ...changes });
      return settle(arn, next, context);
    },
    delete: (TargetGroupArn) => void run('DeleteTargetGroup', { TargetGroupArn }),
  };
}

function listenerType(run: Run): ResourceType<z.output<typeof listener>> {
  const settle = (arn: string, next: object, context: ResourceContext): Resource => {
    run('AddTags', { ResourceArns: [arn], Tags: tagsOf(next, context) });
    return { physicalId: arn, attributes: { ListenerArn: arn } };
  };
  const create = (next: z.output<typeof listener>, context: ResourceContext): Resource => {
    const { ListenerAttributes: _, ...input } = next;
    const [made] = run('CreateListener', { ...input, Tags: [] })['Listeners']!;
    return settle(made!['ListenerArn']!, next, context);
  };
  return {
    type: 'AWS::ElasticLoadBalancingV2::Listener',
    properties: listener,
    create,
    update(arn, next, previous, context) {
      if (next.LoadBalancerArn !== previous.LoadBalancerArn) return create(next, context);
      const { ListenerAttributes: _, LoadBalancerArn: __, Tags: ___, ...changes } = next;
      run('ModifyListener', { ListenerArn: arn, ...changes });
      return settle(arn, next, context);
    },
    delete: (ListenerArn) => void run('DeleteListener', { ListenerArn }),
  };
}

function ruleType(run: Run): ResourceType<z.output<typeof rule>> {
  const settle = (arn: string, next: object, context: ResourceContext): Resource => {
    run('AddTags', { ResourceArns: [arn], Tags: tagsOf(next, context) });
    return { physicalId: arn, attributes: { RuleArn: arn, IsDefault: 'false' } };
  };
  const create = (next: z.output<typeof rule>, context: ResourceContext): Resource => {
    const [made] = run('CreateRule', { ...next, Tags: [] })['Rules']!;
    return settle(made!['RuleArn']!, next, context);
  };
  return {
    type: 'AWS::ElasticLoadBalancingV2::ListenerRule',
    properties: rule,
    create,
    update(arn, next, previous, context) {
      if (next.ListenerArn !== previous.ListenerArn || next.Priority !== previous.Priority)
        return create(next, context);
      run('ModifyRule', { RuleArn: arn, Actions: next.Actions, Conditions: next.Conditions });
      return settle(arn, next, context);
    },
    delete: (RuleArn) => void run('DeleteRule', { RuleArn }),
  };
}

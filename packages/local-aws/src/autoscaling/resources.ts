import { z } from 'zod';
import { type CloudContext, cloudFormationCall } from '../cloud-context.ts';
import type { Operation, Resource, ResourceContext, ResourceType } from '../service.ts';
import type { Group } from './group.ts';
import type { Groups } from './groups.ts';
import { untilEmpty, untilInService } from './stabilize.ts';

const strings = z.array(z.string());
/** CloudFormation takes sizes as texts, and durations as numbers or texts. */
const number = z.union([z.number(), z.string().regex(/^\d+$/).transform(Number)]);

const template = z.strictObject({
  LaunchTemplateId: z.string().optional(),
  LaunchTemplateName: z.string().optional(),
  Version: z.string(),
});

const mixedInstances = z.strictObject({
  InstancesDistribution: z
    .strictObject({
      OnDemandAllocationStrategy: z.string().optional(),
      OnDemandBaseCapacity: z.number().optional(),
      OnDemandPercentageAboveBaseCapacity: z.number().optional(),
      SpotAllocationStrategy: z.string().optional(),
      SpotInstancePools: z.number().optional(),
      SpotMaxPrice: z.string().optional(),
    })
    .optional(),
  LaunchTemplate: z.strictObject({
    LaunchTemplateSpecification: template,
    Overrides: z
      .array(
        z.strictObject({
          InstanceType: z.string().optional(),
          WeightedCapacity: z.string().optional(),
          LaunchTemplateSpecification: template.optional(),
        }),
      )
      .optional(),
  }),
});

const hook = z.strictObject({
  LifecycleHookName: z.string(),
  LifecycleTransition: z.string(),
  DefaultResult: z.string().optional(),
  HeartbeatTimeout: z.number().optional(),
  NotificationMetadata: z.string().optional(),
});

const group = z.strictObject({
  AutoScalingGroupName: z.string().optional(),
  MinSize: number,
  MaxSize: number,
  DesiredCapacity: number.optional(),
  AvailabilityZones: strings.optional(),
  CapacityRebalance: z.boolean().optional(),
  Cooldown: number.optional(),
  DefaultInstanceWarmup: number.optional(),
  HealthCheckGracePeriod: number.optional(),
  HealthCheckType: z.string().optional(),
  LaunchTemplate: template.optional(),
  LifecycleHookSpecificationList: z.array(hook).optional(),
  MaxInstanceLifetime: number.optional(),
  MetricsCollection: z
    .array(z.strictObject({ Granularity: z.string(), Metrics: strings.optional() }))
    .optional(),
  MixedInstancesPolicy: mixedInstances.optional(),
  NewInstancesProtectedFromScaleIn: z.boolean().optional(),
  Tags: z
    .array(z.strictObject({ Key: z.string(), Value: z.string(), PropagateAtLaunch: z.boolean() }))
    .optional(),
  TargetGroupARNs: strings.optional(),
  TerminationPolicies: strings.optional(),
  VPCZoneIdentifier: strings.optional(),
});
type GroupProperties = z.output<typeof group>;

type Run = (operation: string, input: unknown) => unknown;

/** The CloudFormation types of Auto Scaling. */
export function autoScalingResources(
  cloud: CloudContext,
  groups: Groups,
  operations: Record<string, Operation>,
): ResourceType[] {
  const run: Run = (operation, input) => operations[operation]!(input, cloudFormationCall(cloud));
  return [
    groupType(cloud, groups, run),
    partType(
      run,
      'AWS::AutoScaling::LifecycleHook',
      'LifecycleHookName',
      'PutLifecycleHook',
      'DeleteLifecycleHook',
      {
        LifecycleHookName: z.string().optional(),
        LifecycleTransition: z.string(),
        DefaultResult: z.string().optional(),
        HeartbeatTimeout: z.number().optional(),
        NotificationMetadata: z.string().optional(),
      },
    ),
    partType(
      run,
      'AWS::AutoScaling::ScheduledAction',
      'ScheduledActionName',
      'PutScheduledUpdateGroupAction',
      'DeleteScheduledAction',
      {
        MinSize: number.optional(),
        MaxSize: number.optional(),
        DesiredCapacity: number.optional(),
        Recurrence: z.string().optional(),
        TimeZone: z.string().optional(),
        StartTime: z
          .string()
          .transform((text) => new Date(text))
          .optional(),
        EndTime: z
          .string()
          .transform((text) => new Date(text))
          .optional(),
      },
    ),
    partType(run, 'AWS::AutoScaling::ScalingPolicy', 'PolicyName', 'PutScalingPolicy', 'DeletePolicy', {
      AdjustmentType: z.string().optional(),
      Cooldown: z.string().optional(),
      EstimatedInstanceWarmup: z.number().optional(),
      MetricAggregationType: z.string().optional(),
      PolicyType: z.string().optional(),
      ScalingAdjustment: z.number().optional(),
      StepAdjustments: z.array(z.looseObject({ ScalingAdjustment: z.number() })).optional(),
      TargetTrackingConfiguration: z.looseObject({ TargetValue: z.number() }).optional(),
    }),
  ];
}

function groupType(cloud: CloudContext, groups: Groups, run: Run): ResourceType<GroupProperties> {
  const inputOf = (name: string, next: GroupProperties) => {
    const { Cooldown, VPCZoneIdentifier, MetricsCollection: _, Tags: __, ...rest } = next;
    return {
      ...rest,
      AutoScalingGroupName: name,
      DefaultCooldown: Cooldown,
      VPCZoneIdentifier: VPCZoneIdentifier?.join(','),
    };
  };
  const describe = (name: string): Resource => ({
    physicalId: name,
    attributes: { AutoScalingGroupARN: groups.get(name).arn },
  });
  const collectMetrics = (name: string, next: GroupProperties): void => {
    for (const { Metrics, Granularity } of next.MetricsCollection ?? [])
      run('EnableMetricsCollection', { AutoScalingGroupName: name, Metrics, Granularity });
  };
  const create: ResourceType<GroupProperties>['create'] = async (next, context) => {
    const name = next.AutoScalingGroupName ?? context.physicalName(255);
    run('CreateAutoScalingGroup', { ...inputOf(name, next), Tags: groupTags(next, context) });
    collectMetrics(name, next);
    await untilInService(cloud, groups, name);
    return describe(name);
  };
  return {
    type: 'AWS::AutoScaling::AutoScalingGroup',
    properties: group,
    create,
    update(name, next, previous, context) {
      if (next.AutoScalingGroupName !== previous.AutoScalingGroupName) return create(next, context);
      run('UpdateAutoScalingGroup', inputOf(name, next));
      run('CreateOrUpdateTags', {
        Tags: groupTags(next, context).map((tag) => ({ ...tag, ResourceId: name })),
      });
      const gone = (previous.TargetGroupARNs ?? []).filter((arn) => !next.TargetGroupARNs?.includes(arn));
      run('DetachLoadBalancerTargetGroups', { AutoScalingGroupName: name, TargetGroupARNs: gone });
      run('AttachLoadBalancerTargetGroups', {
        AutoScalingGroupName: name,
        TargetGroupARNs: next.TargetGroupARNs,
      });
      collectMetrics(name, next);
      return describe(name);
    },
    waitsForEventQueue: true,
    actual: (name) => {
      const found = groups.find(name);
      return found && actualProperties(found);
    },
    async delete(name) {
      if (!groups.find(name)) return;
      run('UpdateAutoScalingGroup', {
        AutoScalingGroupName: name,
        MinSize: 0,
        MaxSize: 0,
        DesiredCapacity: 0,
      });
      await untilEmpty(cloud, groups, name);
      if (groups.find(name)) run('DeleteAutoScalingGroup', { AutoScalingGroupName: name });
    },
  };
}

/** What drift detection compares of a group. */
function actualProperties(group: Group) {
  return {
    MinSize: group.minSize,
    MaxSize: group.maxSize,
    DesiredCapacity: group.desired,
    Cooldown: group.defaultCooldown,
    HealthCheckType: group.healthCheckType,
    HealthCheckGracePeriod: group.gracePeriodSeconds,
    DefaultInstanceWarmup: group.defaultInstanceWarmup,
    CapacityRebalance: group.capacityRebalance,
    MaxInstanceLifetime: group.maxInstanceLifetime,
    NewInstancesProtectedFromScaleIn: group.protectNew,
    TargetGroupARNs: group.targetGroupArns,
    TerminationPolicies: group.terminationPolicies,
  };
}

/** The template's tags, and the stack's, which reach the instances as well. */
function groupTags(next: GroupProperties, context: ResourceContext) {
  const own = new Set((next.Tags ?? []).map((tag) => tag.Key));
  const fromStack = Object.entries(context.tags)
    .filter(([Key]) => !own.has(Key))
    .map(([Key, Value]) => ({ Key, Value, PropagateAtLaunch: true }));
  return [...(next.Tags ?? []), ...fromStack];
}

/** A type whose resources belong to a group and are put under a name. */
function partType(
  run: Run,
  type: string,
  nameKey: string,
  put: string,
  remove: string,
  shape: z.ZodRawShape,
): ResourceType {
  const properties = z.strictObject({ AutoScalingGroupName: z.string(), ...shape });
  type Properties = z.output<typeof properties> & { AutoScalingGroupName: string };
  const set = (name: string, next: Properties): Resource => {
    const result = run(put, { ...next, [nameKey]: name }) as { PolicyARN?: string } | undefined;
    // A scaling policy is known by its ARN.
    const arn = result?.PolicyARN;
    return { physicalId: arn ?? name, attributes: arn ? { Arn: arn, PolicyName: name } : {} };
  };
  const nameOf = (physicalId: string) => physicalId.split(':policyName/').at(-1)!;
  return {
    type,
    properties,
    create: (next, context) => set(String(next[nameKey] ?? context.physicalName(255)), next),
    update: (physicalId, next) => set(nameOf(physicalId), next),
    delete: (physicalId, { AutoScalingGroupName }) =>
      void run(remove, { AutoScalingGroupName, [nameKey]: nameOf(physicalId) }),
  };
}

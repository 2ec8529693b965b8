import type {
  DescribePoliciesType,
  ExecutePolicyType,
  PutScalingPolicyType,
  ScalingPolicy,
} from '@aws-sdk/client-auto-scaling';
import type { CloudContext } from '../cloud-context.ts';
import { requireOneOf } from '../constraints.ts';
import type { Call, Operation } from '../service.ts';
import { type Groups, validation } from './groups.ts';
import { ScalingPolicies } from './scaling-policies.ts';
import { TrackingAlarms } from './tracking-alarms.ts';

const policyTypes = ['SimpleScaling', 'StepScaling', 'TargetTrackingScaling', 'PredictiveScaling'];
const adjustmentTypes = ['ChangeInCapacity', 'ExactCapacity', 'PercentChangeInCapacity'];

/** Auto Scaling's own policies. */
export function policyOperations(cloud: CloudContext, groups: Groups): Record<string, Operation> {
  const alarms = new TrackingAlarms(cloud);
  const policies = new ScalingPolicies(groups, alarms);
  return {
    async PutScalingPolicy(input: PutScalingPolicyType) {
      const group = groups.get(input.AutoScalingGroupName);
      const PolicyType = input.PolicyType ?? 'SimpleScaling';
      requireOneOf(PolicyType, policyTypes, 'policyType');
      if (/^S.*Scaling$/.test(PolicyType) && !adjustmentTypes.includes(input.AdjustmentType!))
        throw validation(`AdjustmentType must be one of ${adjustmentTypes.join(', ')}`);
      assertConfigured(PolicyType, input);
      const before = group.policies.get(input.PolicyName!);
      const PolicyARN =
        before?.PolicyARN ??
        `arn:aws:autoscaling:${cloud.region}:${cloud.account}:scalingPolicy:${cloud.ids.uuid()}:autoScalingGroupName/${group.name}:policyName/${input.PolicyName}`;
      const policy = { ...input, PolicyARN, PolicyType, Enabled: input.Enabled ?? true };
      if (PolicyType === 'TargetTrackingScaling') await alarms.put(group.name, policy);
      else if (before) await alarms.delete(before);
      group.policies.set(input.PolicyName!, policy);
      return { PolicyARN, Alarms: PolicyType === 'TargetTrackingScaling' ? await alarms.of(PolicyARN) : [] };
    },
    async DeletePolicy(input: { AutoScalingGroupName: string; PolicyName: string }): Promise<void> {
      const { policies: all } = groups.get(input.AutoScalingGroupName);
      const policy = all.get(input.PolicyName);
      if (!policy) throw validation('PolicyName not found');
      all.delete(input.PolicyName);
      await alarms.delete(policy);
    },
    /** Also what an alarm does that names a policy: it names it by its ARN. */
    async ExecutePolicy(input: ExecutePolicyType, call: Call): Promise<void> {
      const isArn = input.PolicyName!.startsWith('arn:');
      const some = isArn ? groups.all() : [groups.get(input.AutoScalingGroupName)];
      const named = ({ PolicyARN, PolicyName }: ScalingPolicy) =>
        (isArn ? PolicyARN : PolicyName) === input.PolicyName;
      const group = some.find((each) => [...each.policies.values()].some(named));
      if (!group) throw validation('PolicyName not found');
      await policies.execute(group, [...group.policies.values()].find(named)!, input, call);
    },
    async DescribePolicies(input: DescribePoliciesType) {
      const some =
        input.AutoScalingGroupName === undefined ? groups.all() : [groups.get(input.AutoScalingGroupName)];
      const wanted = some
        .flatMap((group) => [...group.policies.values()])
        .filter(
          ({ PolicyName, PolicyType }) =>
            (input.PolicyNames?.includes(PolicyName!) ?? true) &&
            (input.PolicyTypes?.includes(PolicyType!) ?? true),
        );
      const ScalingPolicies: ScalingPolicy[] = [];
      for (const policy of wanted)
        ScalingPolicies.push({ ...policy, Alarms: await alarms.of(policy.PolicyARN!) });
      return { ScalingPolicies };
    },
  };
}

/** @throws ServiceError ValidationError for a policy that lacks what its type goes by */
function assertConfigured(PolicyType: string, input: PutScalingPolicyType): void {
  if (PolicyType === 'TargetTrackingScaling' && input.TargetTrackingConfiguration?.TargetValue === undefined)
    throw validation('TargetTrackingConfiguration is required for policy type TargetTrackingScaling.');
  if (
    PolicyType === 'PredictiveScaling' &&
    !input.PredictiveScalingConfiguration?.MetricSpecifications?.length
  )
    throw validation('PredictiveScalingConfiguration is required for policy type PredictiveScaling.');
}

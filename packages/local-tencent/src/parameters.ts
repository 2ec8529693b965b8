import { ApiError } from './api-error.ts';

/** A parameter as the vendor's model has it: its type, whether it must be there, and its range or length. */
type Parameter =
  | { readonly type: 'string' | 'boolean'; readonly required?: true }
  | { readonly type: 'number'; readonly required?: true; readonly from?: number; readonly to?: number }
  | { readonly type: 'strings'; readonly required?: true; readonly most?: number }
  | { readonly type: 'filters' | 'instances'; readonly required?: true };

type Model = Readonly<Record<string, Parameter>>;

const page: Model = {
  Filters: { type: 'filters' },
  Limit: { type: 'number', from: 1, to: 100 },
  Offset: { type: 'number', from: 0 },
};
const group = { type: 'string', required: true } as const;
const ids = { type: 'strings', most: 100 } as const;
const size = { type: 'number', from: 0, to: 2000 } as const;
const text = { type: 'string' } as const;

/**
 * Requests of the operations that the cloud has, by service and action.
 * @see the models of tencentcloud-sdk-nodejs, with which a test compares them
 */
export const models: Readonly<Record<string, Readonly<Record<string, Model>>>> = {
  as: {
    DescribeAutoScalingGroups: { AutoScalingGroupIds: ids, ...page },
    DescribeAutoScalingInstances: { InstanceIds: ids, ...page },
    DescribeAutoScalingActivities: { ActivityIds: ids, ...page, StartTime: text, EndTime: text },
    DescribeScheduledActions: { ScheduledActionIds: ids, ...page },
    DescribeScalingPolicies: { AutoScalingPolicyIds: ids, ...page },
    DescribeLifecycleHooks: { LifecycleHookIds: ids, ...page },
    ModifyDesiredCapacity: {
      AutoScalingGroupId: group,
      DesiredCapacity: { ...size, required: true },
      MinSize: size,
      MaxSize: size,
    },
    SetInstancesProtection: {
      AutoScalingGroupId: group,
      InstanceIds: { type: 'strings', required: true },
      ProtectedFromScaleIn: { type: 'boolean', required: true },
    },
    AttachInstances: { AutoScalingGroupId: group, InstanceIds: { type: 'strings', required: true } },
    DetachInstances: { AutoScalingGroupId: group, InstanceIds: { type: 'strings', required: true } },
  },
  clb: {
    DescribeLoadBalancers: {
      LoadBalancerIds: { type: 'strings', most: 20 },
      LoadBalancerType: text,
      Forward: { type: 'number', from: 0, to: 1 },
      LoadBalancerName: text,
      Domain: text,
      LoadBalancerVips: { type: 'strings' },
      BackendPublicIps: { type: 'strings' },
      BackendPrivateIps: { type: 'strings' },
      Offset: page['Offset']!,
      Limit: page['Limit']!,
      OrderBy: text,
      OrderType: { type: 'number', from: 0, to: 1 },
      SearchKey: text,
      ProjectId: { type: 'number' },
      WithRs: { type: 'number', from: 0, to: 1 },
      VpcId: text,
      SecurityGroup: text,
      MasterZone: text,
      Filters: { type: 'filters' },
      AdditionalFields: { type: 'strings' },
    },
    DescribeTargetHealth: {
      LoadBalancerIds: { type: 'strings', required: true, most: 30 },
      ListenerIds: { type: 'strings' },
      LocationIds: { type: 'strings' },
    },
  },
  monitor: {
    GetMonitorData: {
      Namespace: { type: 'string', required: true },
      MetricName: { type: 'string', required: true },
      Instances: { type: 'instances', required: true },
      Period: { type: 'number', from: 1 },
      StartTime: text,
      EndTime: text,
      SpecifyStatistics: { type: 'number', from: 1, to: 7 },
    },
  },
  sts: {
    AssumeRoleWithWebIdentity: {
      ProviderId: { type: 'string', required: true },
      WebIdentityToken: { type: 'string', required: true },
      RoleArn: { type: 'string', required: true },
      RoleSessionName: { type: 'string', required: true },
      DurationSeconds: { type: 'number', from: 1, to: 43_200 },
    },
  },
};

export const versions: Readonly<Record<string, string>> = {
  as: '2018-04-19',
  clb: '2018-03-17',
  monitor: '2018-07-24',
  sts: '2018-08-13',
};

/** @throws ApiError `InvalidAction`, `UnknownParameter`, `MissingParameter`, `InvalidParameterValue`, `InvalidParameter.Conflict` */
export function verifyParameters(
  service: string,
  action: string,
  input: Readonly<Record<string, unknown>>,
): void {
  const model = models[service]?.[action];
  if (!model) throw new ApiError('InvalidAction', `The local cloud does not provide ${service}:${action}`);
  for (const name of Object.keys(input))
    if (!model[name]) throw new ApiError('UnknownParameter', `The parameter \`${name}\` is not recognized.`);
  for (const [name, parameter] of Object.entries(model)) {
    const value = input[name];
    if (value === undefined) {
      if (parameter.required)
        throw new ApiError('MissingParameter', `The request is missing a required parameter \`${name}\`.`);
      continue;
    }
    const wrong = problem(parameter, value);
    if (wrong) throw new ApiError(wrong, `The value of the parameter \`${name}\` is not valid.`);
  }
  const named = Object.keys(model).find((name) => name.endsWith('Ids') && 'Filters' in model);
  if (service === 'as' && named && input[named] !== undefined && input['Filters'] !== undefined)
    throw new ApiError(
      'InvalidParameterConflict',
      `The parameters \`${named}\` and \`Filters\` are in conflict.`,
    );
}

function problem(parameter: Parameter, value: unknown): string | undefined {
  switch (parameter.type) {
    case 'string':
    case 'boolean':
      return typeof value === parameter.type ? undefined : 'InvalidParameter';
    case 'number': {
      if (typeof value !== 'number' || !Number.isInteger(value)) return 'InvalidParameter';
      const { from = Number.NEGATIVE_INFINITY, to = Number.POSITIVE_INFINITY } = parameter;
      return value < from || value > to ? 'InvalidParameterValue.Range' : undefined;
    }
    case 'strings':
      if (!Array.isArray(value) || value.some((each) => typeof each !== 'string')) return 'InvalidParameter';
      return value.length > (parameter.most ?? 100) ? 'InvalidParameterValue.TooLong' : undefined;
    case 'filters':
      return filterProblem(value);
    case 'instances':
      if (!Array.isArray(value)) return 'InvalidParameter';
      return value.length > 10 ? 'InvalidParameterValue' : undefined;
  }
}

interface Filter {
  readonly Name?: unknown;
  readonly Values?: unknown;
}

/** Ten filters, each of five values. */
function filterProblem(value: unknown): string | undefined {
  if (!Array.isArray(value) || value.length > 10) return 'InvalidParameterValue.Filter';
  for (const { Name, Values } of value as Filter[]) {
    if (typeof Name !== 'string' || !Array.isArray(Values)) return 'InvalidParameterValue.Filter';
    if (Values.length > 5) return 'LimitExceeded.FilterValuesTooLong';
  }
  return undefined;
}

import { ApiError } from './api-error.ts';

/** A parameter as the vendor's model has it. Lists are numbered: `InstanceIds.1`. */
export type Parameter =
  | { readonly type: 'string' | 'boolean'; readonly required?: true }
  | { readonly type: 'number'; readonly required?: true; readonly from?: number; readonly to?: number }
  | { readonly type: 'strings'; readonly required?: true; readonly most: number }
  | { readonly type: 'metrics'; readonly required: true };

type Model = Readonly<Record<string, Parameter>>;
export type Input = Readonly<Record<string, unknown>>;

const text = { type: 'string' } as const;
const needed = { type: 'string', required: true } as const;
const truth = { type: 'boolean' } as const;
const size = { type: 'number', from: 0, to: 2000 } as const;
const servers = { type: 'strings', required: true, most: 20 } as const;
const page = (to: number): Model => ({
  RegionId: needed,
  PageNumber: { type: 'number', from: 1 },
  PageSize: { type: 'number', from: 1, to },
});
const metricQuery: Model = {
  Namespace: needed,
  MetricName: needed,
  Period: text,
  StartTime: text,
  EndTime: text,
  Dimensions: text,
  NextToken: text,
  Length: { type: 'number', from: 1, to: 1440 },
  Express: text,
  RegionId: text,
};

/** What stands before groups of servers, and what listens there: application and network balancers take the same. */
const listing = {
  ListServerGroups: {
    ServerGroupIds: { type: 'strings', most: 20 },
    MaxResults: { type: 'number', from: 1, to: 100 },
    NextToken: text,
  },
  ListListeners: {
    LoadBalancerIds: { type: 'strings', most: 20 },
    MaxResults: { type: 'number', from: 1, to: 100 },
    NextToken: text,
  },
} as const;

/**
 * Requests of the operations that the cloud has, by service and action, as far as they are known here. What is not listed is
 * refused: the real service would not mind.
 * @see the models of aliyun/alibabacloud-typescript-sdk, with which a test compares them
 */
export const models: Readonly<Record<string, Readonly<Record<string, Model>>>> = {
  ess: {
    DescribeScalingGroups: {
      ...page(50),
      ScalingGroupIds: { type: 'strings', most: 20 },
      ScalingGroupName: text,
    },
    DescribeScalingInstances: {
      ...page(100),
      ScalingGroupId: text,
      LifecycleState: text,
      HealthStatus: text,
    },
    DescribeScalingActivities: { ...page(50), ScalingGroupId: needed, StatusCode: text },
    DescribeScalingRules: { ...page(50), ScalingGroupId: text },
    DescribeScheduledTasks: { ...page(50), ScalingGroupId: text },
    DescribeAlarms: { ...page(50), ScalingGroupId: text },
    ModifyScalingGroup: { ScalingGroupId: needed, DesiredCapacity: size, MinSize: size, MaxSize: size },
    ScaleWithAdjustment: {
      ScalingGroupId: needed,
      AdjustmentType: needed,
      AdjustmentValue: { type: 'number', required: true, from: -1000, to: 10_000 },
    },
    SetInstancesProtection: {
      ScalingGroupId: needed,
      InstanceIds: servers,
      ProtectedFromScaleIn: { type: 'boolean', required: true },
    },
    AttachInstances: { RegionId: text, ScalingGroupId: needed, InstanceIds: servers, Entrusted: truth },
    DetachInstances: { ScalingGroupId: needed, InstanceIds: servers, DecreaseDesiredCapacity: truth },
  },
  slb: {
    DescribeHealthStatus: { RegionId: text, LoadBalancerId: needed, ListenerPort: { type: 'number' } },
  },
  alb: { ...listing, GetListenerHealthStatus: { ListenerId: needed, IncludeRule: truth, NextToken: text } },
  nlb: { ...listing, GetListenerHealthStatus: { ListenerId: needed } },
  cms: {
    DescribeMetricList: metricQuery,
    DescribeMetricLast: metricQuery,
    PutCustomMetric: { MetricList: { type: 'metrics', required: true }, RegionId: text },
  },
  sts: {
    AssumeRoleWithOIDC: {
      OIDCProviderArn: needed,
      OIDCToken: needed,
      RoleArn: needed,
      RoleSessionName: needed,
      DurationSeconds: { type: 'number', from: 900, to: 43_200 },
    },
  },
};

/** Services by the version that a request names: no two have the same. */
export const serviceOfVersion: Readonly<Record<string, string>> = {
  '2022-02-22': 'ess',
  '2014-05-15': 'slb',
  '2020-06-16': 'alb',
  '2022-04-30': 'nlb',
  '2019-01-01': 'cms',
  '2015-04-01': 'sts',
};

/**
 * The parameters of a request, each of its type.
 * @throws ApiError `UnsupportedOperation`, `MissingParameter`, `InvalidParameter`
 */
export function readParameters(service: string, action: string, query: string): Input {
  const model = models[service]?.[action];
  if (!model)
    throw new ApiError('UnsupportedOperation', `The specified action ${service}:${action} is not supported.`);
  const input: Record<string, unknown> = {};
  for (const [name, value] of new URLSearchParams(query)) {
    // Every operation takes it; the vendor's library says `json` where it does not sign.
    if (name === 'Format') continue;
    const [, list, index, field] = /^(\w+)\.(\d+)(?:\.(\w+))?$/.exec(name) ?? [];
    const parameter = model[list ?? name];
    if (!parameter) throw new ApiError('InvalidParameter', `The parameter ${name} is not known here.`);
    if (list === undefined) input[name] = typedValue(parameter, name, value);
    else put(input, list, Number(index) - 1, field, value);
  }
  for (const [name, parameter] of Object.entries(model)) {
    if (parameter.required && input[name] === undefined)
      throw new ApiError(
        'MissingParameter',
        `The input parameter "${name}" that is mandatory for processing this request is not supplied.`,
      );
    const list = input[name];
    const most = parameter.type === 'strings' ? parameter.most : 21;
    if (Array.isArray(list) && (list.length > most || list.includes(undefined))) throw invalid(name);
  }
  return input;
}

function put(
  input: Record<string, unknown>,
  list: string,
  index: number,
  field: string | undefined,
  value: string,
) {
  const items = (input[list] as unknown[] | undefined) ?? [];
  input[list] = items;
  if (field === undefined) items[index] = value;
  else items[index] = { ...(items[index] as object | undefined), [field]: value };
}

function typedValue(parameter: Parameter, name: string, value: string): unknown {
  switch (parameter.type) {
    case 'string':
      return value;
    case 'boolean':
      if (value !== 'true' && value !== 'false') throw invalid(name);
      return value === 'true';
    case 'number': {
      const { from = Number.NEGATIVE_INFINITY, to = Number.POSITIVE_INFINITY } = parameter;
      if (!/^-?\d+$/.test(value) || Number(value) < from || Number(value) > to) throw invalid(name);
      return Number(value);
    }
    default:
      throw invalid(name);
  }
}

function invalid(name: string): ApiError {
  return new ApiError('InvalidParameter', `The specified value of parameter ${name} is not valid.`);
}

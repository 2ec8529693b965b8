/** What the API answers, as far as we read it. @see the models of the vendor's SDK: aliyun/alibabacloud-typescript-sdk, ess-20220222 */
export interface GroupRecord {
  readonly ScalingGroupId: string;
  readonly LifecycleState: 'Active' | 'Inactive' | 'Deleting';
  readonly MinSize: number;
  readonly MaxSize: number;
  /** Whether it has a desired capacity (期望实例数): one that has none is told by an activity how many there should be. */
  readonly EnableDesiredCapacity?: boolean;
  readonly DesiredCapacity?: number | null;
  readonly SuspendedProcesses?: readonly string[] | null;
  readonly LoadBalancerIds?: readonly string[] | null;
  readonly VServerGroups?: readonly { readonly LoadBalancerId: string }[] | null;
  readonly AlbServerGroups?: readonly { readonly AlbServerGroupId: string }[] | null;
  readonly ServerGroups?: readonly { readonly ServerGroupId: string; readonly Type: 'ALB' | 'NLB' }[] | null;
}

export interface InstanceRecord {
  readonly InstanceId: string;
  readonly ScalingGroupId: string;
  readonly LifecycleState: string;
  readonly HealthStatus: string;
  readonly WeightedCapacity?: number | null;
}

export interface ActivityRecord {
  readonly ScalingActivityId: string;
  readonly StatusCode: 'Successful' | 'Warning' | 'Failed' | 'InProgress' | 'Rejected';
  readonly StatusMessage?: string | null;
  readonly Cause?: string | null;
  readonly Description?: string | null;
  readonly StartTime?: string | null;
  readonly EndTime?: string | null;
  readonly TriggerSourceType?: string | null;
  readonly ErrorCode?: string | null;
  readonly ErrorMessage?: string | null;
  readonly ErrorMessages?: readonly { readonly Code?: string; readonly Message?: string }[] | null;
  readonly CreatedInstances?: readonly string[] | null;
  readonly DestroyedInstances?: readonly string[] | null;
}

export interface ClassicHealthRecord {
  readonly BackendServers?: {
    readonly BackendServer?: readonly { readonly ServerId: string; readonly ServerHealthStatus: string }[];
  };
}

export interface ServerGroupRecord {
  readonly ServerGroupId: string;
  readonly RelatedLoadBalancerIds?: readonly string[] | null;
}

export interface ServerGroupHealth {
  readonly ServerGroupId?: string;
  readonly NonNormalServers?: readonly { readonly ServerId?: string; readonly Status?: string }[];
}

export interface ListenerHealthRecord {
  readonly ListenerHealthStatus?: readonly { readonly ServerGroupInfos?: readonly ServerGroupHealth[] }[];
  readonly NextToken?: string | null;
  readonly RuleHealthStatus?: readonly { readonly ServerGroupInfos?: readonly ServerGroupHealth[] }[];
}

/** What the API answers, as far as we read it. @see https://www.tencentcloud.com/document/api/377/31029 */
export interface GroupRecord {
  readonly AutoScalingGroupId: string;
  readonly MinSize: number;
  readonly MaxSize: number;
  readonly DesiredCapacity: number;
  readonly EnabledStatus: 'ENABLED' | 'DISABLED';
  readonly ForwardLoadBalancerSet?: readonly ForwardRecord[] | null;
}

export interface ForwardRecord {
  readonly LoadBalancerId: string;
  readonly ListenerId: string;
  readonly LocationId?: string | null;
}

export interface InstanceRecord {
  readonly InstanceId: string;
  readonly AutoScalingGroupId: string;
  readonly LifeCycleState: string;
  readonly HealthStatus: string;
  readonly ProtectedFromScaleIn: boolean;
}

export interface ActivityRecord {
  readonly ActivityType: string;
  readonly StatusCode: string;
  readonly StatusMessage?: string | null;
  readonly StatusMessageSimplified?: string | null;
  readonly Cause?: string | null;
  readonly StartTime?: string | null;
  readonly EndTime?: string | null;
  readonly CreatedTime?: string | null;
  readonly DetailedStatusMessageSet?: readonly { readonly Code?: string; readonly Message?: string }[] | null;
  readonly RelatedInstanceSet?: readonly { readonly InstanceId?: string }[] | null;
}

export interface HookRecord {
  readonly LifecycleHookName: string;
  readonly LifecycleTransition: 'INSTANCE_LAUNCHING' | 'INSTANCE_TERMINATING';
  readonly HeartbeatTimeout: number;
  readonly DefaultResult: 'CONTINUE' | 'ABANDON';
}

export interface HealthRecord {
  readonly LoadBalancerId: string;
  readonly Listeners?: readonly {
    readonly ListenerId: string;
    readonly Protocol?: string | null;
    readonly Port?: number | null;
    readonly Rules?: readonly {
      readonly LocationId?: string | null;
      readonly Domain?: string | null;
      readonly Url?: string | null;
      readonly Targets?: readonly TargetRecord[] | null;
    }[];
  }[];
}

export interface BalancerRecord {
  readonly LoadBalancerId: string;
  readonly LoadBalancerType?: string | null;
  readonly LoadBalancerVips?: readonly string[] | null;
  readonly NumericalVpcId?: number | null;
}

export interface TargetRecord {
  readonly TargetId: string;
  readonly HealthStatus: boolean;
  readonly HealthStatusDetail?: string | null;
}

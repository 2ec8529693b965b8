import * as schemas from '@aws-sdk/client-application-auto-scaling';
import { type CloudContext, servicePrincipal } from '../cloud-context.ts';
import { type Call, type Operation, type Service, ServiceError } from '../service.ts';

/** One policy or scheduled action, by its namespace, resource and name. */
type Kept<T> = Map<string, T>;

/** Application Auto Scaling: what scales services of ECS besides. Targets, policies and actions are kept and shown; none acts. */
export class ApplicationAutoScaling implements Service {
  readonly signingName = 'application-autoscaling';
  readonly schemas = schemas as unknown as Record<string, unknown>;
  readonly operations: Record<string, Operation>;
  readonly #cloud: CloudContext;
  readonly #targets: Kept<schemas.ScalableTarget> = new Map();
  readonly #policies: Kept<schemas.ScalingPolicy> = new Map();
  readonly #actions: Kept<schemas.ScheduledAction> = new Map();

  constructor(cloud: CloudContext) {
    this.#cloud = cloud;
    this.operations = {
      ...this.#targetOperations(),
      ...this.#policyOperations(),
      ...this.#actionOperations(),
    };
  }

  #targetOperations(): Record<string, Operation> {
    return {
      RegisterScalableTarget: (input: schemas.RegisterScalableTargetRequest, { now }: Call) => {
        const ScalableTargetARN = this.#arn('scalable-target', this.#cloud.ids.hex(16));
        const known = this.#targets.get(keyOf(input));
        if (!known && (input.MinCapacity === undefined || input.MaxCapacity === undefined))
          throw new ServiceError(
            'ValidationException',
            'MinCapacity and MaxCapacity must be specified when registering a new scalable target',
          );
        this.#targets.set(keyOf(input), {
          ScalableTargetARN,
          CreationTime: new Date(now),
          RoleARN: `arn:aws:iam::${this.#cloud.account}:role/aws-service-role/ecs.application-autoscaling.amazonaws.com/AWSServiceRoleForApplicationAutoScaling_ECSService`,
          ...known,
          ...input,
        } as schemas.ScalableTarget);
        return { ScalableTargetARN: known?.ScalableTargetARN ?? ScalableTargetARN };
      },
      DeregisterScalableTarget: (input: schemas.DeregisterScalableTargetRequest) => {
        this.#requireTarget(input);
        this.#targets.delete(keyOf(input));
        for (const kept of [this.#policies, this.#actions])
          for (const key of kept.keys()) if (key.startsWith(`${keyOf(input)} `)) kept.delete(key);
        return {};
      },
      DescribeScalableTargets: ({
        ServiceNamespace,
        ResourceIds,
      }: schemas.DescribeScalableTargetsRequest) => ({
        ScalableTargets: [...this.#targets.values()].filter(
          (target) =>
            target.ServiceNamespace === ServiceNamespace &&
            (!ResourceIds?.length || ResourceIds.includes(target.ResourceId!)),
        ),
      }),
    };
  }

  #policyOperations(): Record<string, Operation> {
    return {
      PutScalingPolicy: (input: schemas.PutScalingPolicyRequest, { now }: Call) => {
        this.#requireTarget(input);
        const key = `${keyOf(input)} ${input.PolicyName}`;
        const PolicyARN =
          this.#policies.get(key)?.PolicyARN ?? this.#policyArn(input, this.#cloud.ids.uuid());
        this.#policies.set(key, {
          ...input,
          PolicyARN,
          CreationTime: new Date(now),
        } as schemas.ScalingPolicy);
        return { PolicyARN, Alarms: [] };
      },
      DeleteScalingPolicy: (input: schemas.DeleteScalingPolicyRequest) =>
        this.#remove(this.#policies, `${keyOf(input)} ${input.PolicyName}`, 'scaling policy'),
      DescribeScalingPolicies: async (input: schemas.DescribeScalingPoliciesRequest) => {
        const ScalingPolicies: schemas.ScalingPolicy[] = [];
        for (const policy of matching(this.#policies, input))
          ScalingPolicies.push({ ...policy, Alarms: await this.#alarmsOf(policy.PolicyARN!) });
        return { ScalingPolicies };
      },
    };
  }

  #actionOperations(): Record<string, Operation> {
    return {
      PutScheduledAction: (input: schemas.PutScheduledActionRequest, { now }: Call) => {
        this.#requireTarget(input);
        const ScheduledActionARN = this.#arn('scheduledAction', this.#cloud.ids.uuid());
        this.#actions.set(`${keyOf(input)} ${input.ScheduledActionName}`, {
          ...input,
          ScheduledActionARN,
          CreationTime: new Date(now),
        } as schemas.ScheduledAction);
        return {};
      },
      DeleteScheduledAction: (input: schemas.DeleteScheduledActionRequest) =>
        this.#remove(this.#actions, `${keyOf(input)} ${input.ScheduledActionName}`, 'scheduled action'),
      DescribeScheduledActions: (input: schemas.DescribeScheduledActionsRequest) => ({
        ScheduledActions: matching(this.#actions, input),
      }),
    };
  }

  #requireTarget(input: Resource): void {
    if (this.#targets.has(keyOf(input))) return;
    const message = `No scalable target registered for service namespace: ${input.ServiceNamespace}, resource ID: ${input.ResourceId}, scalable dimension: ${input.ScalableDimension}`;
    throw new ServiceError('ObjectNotFoundException', message);
  }

  #remove<T>(kept: Kept<T>, key: string, what: string): object {
    if (!kept.delete(key)) throw new ServiceError('ObjectNotFoundException', `No ${what} found for ${key}`);
    return {};
  }

  /** Alarms that name the policy as what they do. */
  async #alarmsOf(ActionPrefix: string): Promise<schemas.Alarm[]> {
    const caller = servicePrincipal('application-autoscaling');
    const { MetricAlarms } = await this.#cloud.call('monitoring', 'DescribeAlarms', { ActionPrefix }, caller);
    return MetricAlarms.map(({ AlarmName, AlarmArn: AlarmARN }: { AlarmName: string; AlarmArn: string }) => ({
      AlarmName,
      AlarmARN,
    }));
  }

  #policyArn(
    { ServiceNamespace, ResourceId, PolicyName }: schemas.PutScalingPolicyRequest,
    id: string,
  ): string {
    const { region, account } = this.#cloud;
    return `arn:aws:autoscaling:${region}:${account}:scalingPolicy:${id}:resource/${ServiceNamespace}/${ResourceId}:policyName/${PolicyName}`;
  }

  #arn(kind: string, id: string): string {
    return `arn:aws:application-autoscaling:${this.#cloud.region}:${this.#cloud.account}:${kind}/${id}`;
  }
}

interface Resource {
  readonly ServiceNamespace?: string | undefined;
  readonly ResourceId?: string | undefined;
  readonly ScalableDimension?: string | undefined;
}

function keyOf({ ServiceNamespace, ResourceId, ScalableDimension }: Resource): string {
  return `${ServiceNamespace} ${ResourceId} ${ScalableDimension}`;
}

function matching<T extends Resource>(kept: Kept<T>, { ServiceNamespace, ResourceId }: Resource): T[] {
  return [...kept.values()].filter(
    (one) =>
      one.ServiceNamespace === ServiceNamespace &&
      (ResourceId === undefined || one.ResourceId === ResourceId),
  );
}

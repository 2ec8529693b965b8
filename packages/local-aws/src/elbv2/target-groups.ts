import type {
  CreateTargetGroupInput,
  DescribeTargetGroupsInput,
  DescribeTargetHealthInput,
  ModifyTargetGroupInput,
  RegisterTargetsInput,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { ProtocolEnum } from '@aws-sdk/client-elastic-load-balancing-v2';
import type { CloudContext } from '../cloud-context.ts';
import { requireOneOf } from '../constraints.ts';
import { page } from '../page.ts';
import { type Call, type Instant, type Operation, ServiceError } from '../service.ts';
import type { Tags } from '../tags.ts';
import { type Attribute, changeAttributes, listAttributes, targetGroupDefaults } from './attributes.ts';
import { type Prober, TargetGroup } from './target-group.ts';

/** All target groups, each checking its targets at its own interval while it has any. */
export class TargetGroups {
  readonly operations: Record<string, Operation>;
  readonly #groups = new Map<string, TargetGroup>();
  readonly #checking = new Set<string>();
  readonly #cloud: CloudContext;
  readonly #prober: Prober;
  readonly #tags: Tags;

  constructor(cloud: CloudContext, prober: Prober, tags: Tags) {
    this.#cloud = cloud;
    this.#prober = prober;
    this.#tags = tags;
    this.operations = {
      CreateTargetGroup: (input: CreateTargetGroupInput) => ({ TargetGroups: [this.#create(input).record] }),
      ModifyTargetGroup: (input: ModifyTargetGroupInput) => {
        const { record } = this.get(input.TargetGroupArn!);
        const { TargetGroupArn: _, ...changes } = input;
        Object.assign(
          record,
          Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined)),
        );
        return { TargetGroups: [record] };
      },
      DeleteTargetGroup: ({ TargetGroupArn }: { TargetGroupArn: string }) => this.#delete(TargetGroupArn),
      DescribeTargetGroups: (input: DescribeTargetGroupsInput) => this.#describe(input),
      DescribeTargetGroupAttributes: ({ TargetGroupArn }: { TargetGroupArn: string }) => ({
        Attributes: listAttributes(this.get(TargetGroupArn).attributes),
      }),
      ModifyTargetGroupAttributes: (input: { TargetGroupArn: string; Attributes: Attribute[] }) => {
        const group = this.get(input.TargetGroupArn);
        changeAttributes(group.attributes, input.Attributes);
        return { Attributes: listAttributes(group.attributes) };
      },
      RegisterTargets: ({ TargetGroupArn, Targets = [] }: RegisterTargetsInput) => {
        for (const target of Targets) this.register(TargetGroupArn!, target.Id!, target.Port);
        return {};
      },
      DeregisterTargets: ({ TargetGroupArn, Targets = [] }: RegisterTargetsInput, call: Call) => {
        for (const target of Targets) this.get(TargetGroupArn!).deregister(target, call.now);
        return {};
      },
      DescribeTargetHealth: ({ TargetGroupArn, Targets }: DescribeTargetHealthInput, call: Call) => ({
        TargetHealthDescriptions: this.get(TargetGroupArn!).health(this.#prober, call.now, Targets),
      }),
    };
  }

  all(): TargetGroup[] {
    return [...this.#groups.values()];
  }

  find(arn: string): TargetGroup | undefined {
    return this.#groups.get(arn);
  }

  /** @throws ServiceError TargetGroupNotFound */
  get(arn: string): TargetGroup {
    const group = this.#groups.get(arn);
    if (!group) throw new ServiceError('TargetGroupNotFound', `One or more target groups not found`);
    return group;
  }

  /** @throws ServiceError TargetGroupNotFound, InvalidTarget */
  register(arn: string, instanceId: string, port?: number): void {
    const group = this.get(arn);
    if (group.record.TargetType === 'instance' && !this.#prober.isRunning(instanceId))
      throw new ServiceError(
        'InvalidTarget',
        `The following targets are not in a running state and cannot be registered: '${instanceId}'`,
      );
    group.register({ Id: instanceId, Port: port });
    this.#startChecking(arn);
  }

  /** @returns when the instance has been drained */
  deregister(arn: string, instanceId: string): Instant {
    const now = this.#cloud.eventQueue.now();
    return this.find(arn)?.deregister({ Id: instanceId }, now) ?? now;
  }

  #startChecking(arn: string): void {
    if (this.#checking.has(arn)) return;
    this.#checking.add(arn);
    this.#scheduleCheck(arn);
  }

  #scheduleCheck(arn: string): void {
    const interval = this.get(arn).record.HealthCheckIntervalSeconds! * 1000;
    this.#cloud.eventQueue.at(this.#cloud.eventQueue.now() + interval, `health checks ${arn}`, () => {
      const group = this.find(arn);
      group?.check(this.#prober, this.#cloud.eventQueue.now());
      if (group && group.size > 0) this.#scheduleCheck(arn);
      else this.#checking.delete(arn);
    });
  }

  /** Puts one there that exists already, behind a load balancer. @param suffix the last part of its ARN */
  seed(input: CreateTargetGroupInput, loadBalancerArn: string, suffix: string): void {
    this.#create(input, suffix).record.LoadBalancerArns!.push(loadBalancerArn);
  }

  /** Creating a group that exists with the same settings answers with it, as in AWS. */
  #create(input: CreateTargetGroupInput, suffix?: string): TargetGroup {
    const name = input.Name!;
    if (!/^[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,30}[a-zA-Z0-9])?$/.test(name))
      throw new ServiceError(
        'ValidationError',
        `Target group name '${name}' must be 32 letters, digits or hyphens at most`,
      );
    if (this.all().some((group) => group.record.TargetGroupName === name))
      throw new ServiceError(
        'DuplicateTargetGroupName',
        `A target group with the same name '${name}' exists, but with different settings`,
      );
    requireOneOf(input.Protocol, Object.values(ProtocolEnum), 'protocol');
    requireOneOf(input.HealthCheckProtocol, Object.values(ProtocolEnum), 'healthCheckProtocol');
    const protocol = input.Protocol ?? 'HTTP';
    const http = protocol.startsWith('HTTP');
    const healthProtocol = input.HealthCheckProtocol ?? (http ? 'HTTP' : 'TCP');
    const interval = input.HealthCheckIntervalSeconds ?? 30;
    const timeout = input.HealthCheckTimeoutSeconds ?? (http ? 5 : 10);
    if (timeout >= interval && http)
      throw new ServiceError(
        'ValidationError',
        `Health check timeout '${timeout}' must be smaller than the interval '${interval}'`,
      );
    const { region, account, ids } = this.#cloud;
    const TargetGroupArn = `arn:aws:elasticloadbalancing:${region}:${account}:targetgroup/${name}/${suffix ?? ids.hex(16)}`;
    const web = healthProtocol.startsWith('HTTP');
    const group = new TargetGroup(
      {
        TargetGroupArn,
        TargetGroupName: name,
        Protocol: protocol,
        ...(http ? { ProtocolVersion: input.ProtocolVersion ?? 'HTTP1' } : {}),
        Port: input.Port,
        VpcId: input.VpcId,
        TargetType: input.TargetType ?? 'instance',
        HealthCheckEnabled: input.HealthCheckEnabled ?? true,
        HealthCheckProtocol: healthProtocol,
        HealthCheckPort: input.HealthCheckPort ?? 'traffic-port',
        ...(web
          ? { HealthCheckPath: input.HealthCheckPath ?? '/', Matcher: input.Matcher ?? { HttpCode: '200' } }
          : {}),
        HealthCheckIntervalSeconds: interval,
        HealthCheckTimeoutSeconds: timeout,
        HealthyThresholdCount: input.HealthyThresholdCount ?? 5,
        UnhealthyThresholdCount: input.UnhealthyThresholdCount ?? 2,
        LoadBalancerArns: [],
        IpAddressType: 'ipv4',
      },
      targetGroupDefaults(protocol),
    );
    this.#groups.set(TargetGroupArn, group);
    this.#tags.set(TargetGroupArn, input.Tags ?? []);
    return group;
  }

  #delete(arn: string): object {
    if (this.get(arn).isUsed)
      throw new ServiceError(
        'ResourceInUse',
        `Target group '${arn}' is currently in use by a listener or a rule`,
      );
    this.#groups.delete(arn);
    this.#tags.delete(arn);
    return {};
  }

  #describe(input: DescribeTargetGroupsInput) {
    const named = input.TargetGroupArns?.map((arn) => this.get(arn)) ?? this.all();
    const found = named.filter(
      ({ record }) =>
        (!input.Names?.length || input.Names.includes(record.TargetGroupName!)) &&
        (!input.LoadBalancerArn || record.LoadBalancerArns!.includes(input.LoadBalancerArn)),
    );
    if (input.Names?.length && found.length === 0)
      throw new ServiceError('TargetGroupNotFound', 'One or more target groups not found');
    const { items, NextToken } = page(found, input.Marker, input.PageSize ?? 400, 400, 'PageSize');
    return { TargetGroups: items.map(({ record }) => record), NextMarker: NextToken };
  }
}

import type {
  TargetDescription,
  TargetGroup as TargetGroupRecord,
  TargetHealthDescription,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import type { Instant } from '../service.ts';

type State = 'initial' | 'healthy' | 'unhealthy' | 'draining';

interface Target {
  readonly id: string;
  readonly port: number;
  state: State;
  /** Health checks in a row that were good, or as a negative number bad. */
  streak: number;
  drainedAt: Instant | undefined;
}

/** How health checks reach a target. */
export interface Prober {
  /** False for an instance that is not running. */
  isRunning(instanceId: string): boolean;
  /** Is its zone enabled for one of these load balancers? Only from there they send it anything. */
  isInZoneOf(instanceId: string, loadBalancerArns: readonly string[]): boolean;
  answers(instanceId: string, now: Instant): boolean;
}

/** One target group: who is registered, and how each does in its health checks. */
export class TargetGroup {
  readonly record: TargetGroupRecord;
  readonly attributes: Map<string, string>;
  readonly #targets = new Map<string, Target>();

  constructor(record: TargetGroupRecord, attributes: Map<string, string>) {
    this.record = record;
    this.attributes = attributes;
  }

  get isUsed(): boolean {
    return (this.record.LoadBalancerArns?.length ?? 0) > 0;
  }

  get size(): number {
    return this.#targets.size;
  }

  register(description: TargetDescription): void {
    const port = description.Port ?? this.record.Port!;
    const key = `${description.Id}:${port}`;
    const known = this.#targets.get(key);
    if (known && known.state !== 'draining') return;
    this.#targets.set(key, { id: description.Id!, port, state: 'initial', streak: 0, drainedAt: undefined });
  }

  /** @returns when the last of the matching targets is gone */
  deregister(description: TargetDescription, now: Instant): Instant {
    const delay = Number(this.attributes.get('deregistration_delay.timeout_seconds')) * 1000;
    let last = now;
    for (const [key, target] of this.#targets) {
      if (target.id !== description.Id || (description.Port && description.Port !== target.port)) continue;
      if (!this.isUsed || delay === 0) {
        this.#targets.delete(key);
        continue;
      }
      if (target.state !== 'draining') {
        target.state = 'draining';
        target.drainedAt = now + delay;
      }
      last = Math.max(last, target.drainedAt!);
    }
    return last;
  }

  /** Drops a target that does not exist any more. */
  forget(instanceId: string): void {
    for (const [key, target] of this.#targets) if (target.id === instanceId) this.#targets.delete(key);
  }

  /** One round of health checks. */
  check(prober: Prober, now: Instant): void {
    for (const [key, target] of this.#targets) {
      if (target.state === 'draining') {
        if (target.drainedAt! <= now) this.#targets.delete(key);
      } else if (this.#isInUse(target, prober)) {
        this.#judge(target, prober.isRunning(target.id) && prober.answers(target.id, now));
      }
    }
  }

  /** Instances that get traffic now. */
  healthyInstances(): string[] {
    return [...this.#targets.values()]
      .filter((target) => target.state === 'healthy')
      .map((target) => target.id);
  }

  isUnhealthy(instanceId: string): boolean {
    for (const target of this.#targets.values())
      if (target.id === instanceId && target.state === 'unhealthy') return true;
    return false;
  }

  /** Registered and not leaving, whatever their health. */
  registeredInstances(): string[] {
    return [...this.#targets.values()]
      .filter((target) => target.state !== 'draining')
      .map((target) => target.id);
  }

  count(state: State): number {
    let count = 0;
    for (const target of this.#targets.values()) if (target.state === state) count++;
    return count;
  }

  /** What DescribeTargetHealth says of one target, or of all. */
  health(prober: Prober, now: Instant, wanted?: readonly TargetDescription[]): TargetHealthDescription[] {
    for (const [key, target] of this.#targets)
      if (target.drainedAt !== undefined && target.drainedAt <= now) this.#targets.delete(key);
    const descriptions = wanted?.length
      ? wanted
      : [...this.#targets.values()].map(({ id, port }) => ({ Id: id, Port: port }));
    return descriptions.map(({ Id, Port = this.record.Port }) => {
      const target = this.#targets.get(`${Id}:${Port}`);
      return {
        Target: { Id, Port },
        HealthCheckPort:
          this.record.HealthCheckPort === 'traffic-port' ? String(Port) : this.record.HealthCheckPort,
        TargetHealth: target ? this.#describe(target, prober) : notRegistered,
      };
    });
  }

  #isInUse({ id }: Target, prober: Prober): boolean {
    return this.isUsed && prober.isInZoneOf(id, this.record.LoadBalancerArns ?? []);
  }

  #judge(target: Target, answered: boolean): void {
    target.streak = answered ? Math.max(0, target.streak) + 1 : Math.min(0, target.streak) - 1;
    // A new target of an application load balancer gets traffic after its first good check.
    const first = target.state === 'initial' && this.record.Protocol!.startsWith('HTTP');
    if (target.streak >= (first ? 1 : this.record.HealthyThresholdCount!)) target.state = 'healthy';
    if (-target.streak >= this.record.UnhealthyThresholdCount!) target.state = 'unhealthy';
  }

  #describe(target: Target, prober: Prober): TargetHealthDescription['TargetHealth'] {
    if (!this.isUsed)
      return {
        State: 'unused',
        Reason: 'Target.NotInUse',
        Description: 'Target group is not configured to receive traffic from the load balancer',
      };
    if (!prober.isInZoneOf(target.id, this.record.LoadBalancerArns ?? []))
      return {
        State: 'unused',
        Reason: 'Target.NotInUse',
        Description: 'Target is in an Availability Zone that is not enabled for the load balancer',
      };
    if (target.state === 'draining')
      return {
        State: 'draining',
        Reason: 'Target.DeregistrationInProgress',
        Description: 'Target deregistration is in progress',
      };
    if (!prober.isRunning(target.id))
      return {
        State: 'unused',
        Reason: 'Target.InvalidState',
        Description: 'Target is in the stopped state',
      };
    if (target.state === 'initial')
      return {
        State: 'initial',
        Reason: 'Elb.InitialHealthChecking',
        Description: 'Initial health checks in progress',
      };
    if (target.state === 'unhealthy')
      return this.record.HealthCheckProtocol === 'TCP'
        ? { State: 'unhealthy', Reason: 'Target.FailedHealthChecks', Description: 'Health checks failed' }
        : { State: 'unhealthy', Reason: 'Target.Timeout', Description: 'Request timed out' };
    return { State: 'healthy' };
  }
}

const notRegistered = {
  State: 'unused' as const,
  Reason: 'Target.NotRegistered' as const,
  Description: 'Target is not registered to the target group',
};

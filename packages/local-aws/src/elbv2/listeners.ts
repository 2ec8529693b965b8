import type {
  Action,
  CreateListenerInput,
  CreateRuleInput,
  DescribeListenersInput,
  DescribeRulesInput,
  Listener,
  ModifyListenerInput,
  ModifyRuleInput,
  Rule,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import type { CloudContext } from '../cloud-context.ts';
import { page } from '../page.ts';
import { type Operation, ServiceError } from '../service.ts';
import type { Tags } from '../tags.ts';
import type { LoadBalancers } from './load-balancers.ts';
import type { TargetGroups } from './target-groups.ts';

/** Listeners and their rules. They decide which target groups are in use. */
export class Listeners {
  readonly operations: Record<string, Operation>;
  readonly #listeners = new Map<string, Listener>();
  readonly #rules = new Map<string, Rule>();
  readonly #cloud: CloudContext;
  readonly #balancers: LoadBalancers;
  readonly #targetGroups: TargetGroups;
  readonly #tags: Tags;

  constructor(cloud: CloudContext, balancers: LoadBalancers, targetGroups: TargetGroups, tags: Tags) {
    this.#cloud = cloud;
    this.#balancers = balancers;
    this.#targetGroups = targetGroups;
    this.#tags = tags;
    this.operations = {
      CreateListener: (input: CreateListenerInput) => ({ Listeners: [this.#create(input)] }),
      ModifyListener: ({ ListenerArn, ...changes }: ModifyListenerInput) => {
        const listener = this.get(ListenerArn!);
        const { Port = listener.Port, DefaultActions = [] } = changes;
        this.#refuseConflicts(listener.LoadBalancerArn!, { ListenerArn, Port, DefaultActions });
        Object.assign(
          listener,
          Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined)),
        );
        this.#connectTargetGroups();
        return { Listeners: [listener] };
      },
      DeleteListener: ({ ListenerArn }: { ListenerArn: string }) => {
        this.get(ListenerArn);
        this.#deleteListener(ListenerArn);
        return {};
      },
      DescribeListeners: (input: DescribeListenersInput) => {
        if (input.LoadBalancerArn) this.#balancers.get(input.LoadBalancerArn);
        const all = input.ListenerArns?.map((arn) => this.get(arn)) ?? [...this.#listeners.values()];
        const found = all.filter(
          (one) => !input.LoadBalancerArn || one.LoadBalancerArn === input.LoadBalancerArn,
        );
        const { items, NextToken } = page(found, input.Marker, input.PageSize ?? 400, 400, 'PageSize');
        return { Listeners: items, NextMarker: NextToken };
      },
      CreateRule: (input: CreateRuleInput) => ({ Rules: [this.#createRule(input)] }),
      ModifyRule: ({ RuleArn, ...changes }: ModifyRuleInput) => {
        const rule = this.#rule(RuleArn!);
        Object.assign(rule, changes);
        this.#connectTargetGroups();
        return { Rules: [rule] };
      },
      DeleteRule: ({ RuleArn }: { RuleArn: string }) => {
        this.#rule(RuleArn);
        this.#rules.delete(RuleArn);
        this.#connectTargetGroups();
        return {};
      },
      DescribeRules: (input: DescribeRulesInput) => this.#describeRules(input),
    };
    const deleteBalancer = balancers.operations['DeleteLoadBalancer']!;
    this.operations['DeleteLoadBalancer'] = (input, call) => {
      const result = deleteBalancer(input, call);
      for (const listener of this.#listeners.values())
        if (listener.LoadBalancerArn === input.LoadBalancerArn) this.#deleteListener(listener.ListenerArn!);
      return result;
    };
  }

  /** @throws ServiceError ListenerNotFound */
  get(arn: string): Listener {
    const found = this.#listeners.get(arn);
    if (!found) throw new ServiceError('ListenerNotFound', `Listener '${arn}' not found`);
    return found;
  }

  #rule(arn: string): Rule {
    const found = this.#rules.get(arn);
    if (!found) throw new ServiceError('RuleNotFound', `Rule '${arn}' not found`);
    return found;
  }

  #create(input: CreateListenerInput): Listener {
    const { record } = this.#balancers.get(input.LoadBalancerArn!);
    this.#refuseConflicts(record.LoadBalancerArn!, input);
    const secure = input.Protocol === 'HTTPS' || input.Protocol === 'TLS';
    if (secure && !input.Certificates?.length)
      throw new ServiceError(
        'ValidationError',
        `A certificate must be specified for ${input.Protocol} listeners`,
      );
    const { Tags, ...rest } = input;
    const ListenerArn = `${record.LoadBalancerArn!.replace(':loadbalancer/', ':listener/')}/${this.#cloud.ids.hex(16)}`;
    const listener = { ListenerArn, ...rest };
    this.#listeners.set(ListenerArn, listener);
    this.#tags.set(ListenerArn, Tags ?? []);
    this.#connectTargetGroups();
    return listener;
  }

  /** A port has one listener, and a target group one load balancer. */
  #refuseConflicts(
    balancer: string,
    wanted: {
      ListenerArn?: string | undefined;
      Port?: number | undefined;
      DefaultActions?: Action[] | undefined;
    },
  ): void {
    for (const other of this.#listeners.values()) {
      if (other.LoadBalancerArn !== balancer || other.ListenerArn === wanted.ListenerArn) continue;
      if (other.Port === wanted.Port)
        throw new ServiceError(
          'DuplicateListener',
          'A listener already exists on this port for this load balancer',
        );
    }
    for (const arn of (wanted.DefaultActions ?? []).flatMap(forwardedTo)) {
      if (this.#targetGroups.get(arn).record.LoadBalancerArns?.some((user) => user !== balancer))
        throw new ServiceError(
          'TargetGroupAssociationLimit',
          `The following target groups cannot be associated with more than one load balancer: ${arn}`,
        );
    }
  }

  #deleteListener(arn: string): void {
    this.#listeners.delete(arn);
    this.#tags.delete(arn);
    for (const rule of this.#rules.keys()) if (rule.startsWith(ruleArn(arn, ''))) this.#rules.delete(rule);
    this.#connectTargetGroups();
  }

  #createRule(input: CreateRuleInput): Rule {
    this.get(input.ListenerArn!);
    const Priority = String(input.Priority);
    const prefix = ruleArn(input.ListenerArn!, '');
    if (
      [...this.#rules.values()].some((rule) => rule.RuleArn!.startsWith(prefix) && rule.Priority === Priority)
    )
      throw new ServiceError('PriorityInUse', `Priority '${Priority}' is currently in use`);
    const RuleArn = ruleArn(input.ListenerArn!, this.#cloud.ids.hex(16));
    const rule = {
      RuleArn,
      Priority,
      Conditions: input.Conditions,
      Actions: input.Actions,
      IsDefault: false,
    };
    this.#rules.set(RuleArn, rule);
    this.#tags.set(RuleArn, input.Tags ?? []);
    this.#connectTargetGroups();
    return rule;
  }

  #describeRules(input: DescribeRulesInput): { Rules: Rule[] } {
    if (input.RuleArns?.length) return { Rules: input.RuleArns.map((arn) => this.#rule(arn)) };
    const listener = this.get(input.ListenerArn!);
    const own = [...this.#rules.values()].filter((rule) =>
      rule.RuleArn!.startsWith(ruleArn(listener.ListenerArn!, '')),
    );
    const fallback: Rule = {
      RuleArn: ruleArn(listener.ListenerArn!, 'default'),
      Priority: 'default',
      Conditions: [],
      Actions: listener.DefaultActions,
      IsDefault: true,
    };
    return { Rules: [...own, fallback] };
  }

  /** A target group is in use by the load balancers whose listeners and rules forward to it. */
  #connectTargetGroups(): void {
    const users = new Map<string, Set<string>>();
    const connect = (balancer: string, actions: readonly Action[] = []): void => {
      for (const arn of actions.flatMap(forwardedTo)) {
        this.#targetGroups.get(arn);
        users.set(arn, (users.get(arn) ?? new Set()).add(balancer));
      }
    };
    for (const listener of this.#listeners.values()) {
      connect(listener.LoadBalancerArn!, listener.DefaultActions);
      for (const rule of this.#rules.values())
        if (rule.RuleArn!.startsWith(ruleArn(listener.ListenerArn!, '')))
          connect(listener.LoadBalancerArn!, rule.Actions);
    }
    for (const group of this.#targetGroups.all())
      group.record.LoadBalancerArns = [...(users.get(group.record.TargetGroupArn!) ?? [])];
  }
}

function ruleArn(listenerArn: string, id: string): string {
  return `${listenerArn.replace(':listener/', ':listener-rule/')}/${id}`;
}

function forwardedTo(action: Action): string[] {
  const several = action.ForwardConfig?.TargetGroups?.map((group) => group.TargetGroupArn!) ?? [];
  return action.TargetGroupArn ? [action.TargetGroupArn, ...several] : several;
}

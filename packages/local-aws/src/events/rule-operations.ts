import type {
  ListRuleNamesByTargetRequest,
  ListRulesRequest,
  PutRuleRequest,
  PutTargetsRequest,
  RemoveTargetsRequest,
  Rule as RuleDescription,
  TestEventPatternRequest,
} from '@aws-sdk/client-eventbridge';
import type { CloudContext } from '../cloud-context.ts';
import { requireName, requireOneOf } from '../constraints.ts';
import { type Operation, ServiceError } from '../service.ts';
import type { Tags } from '../tags.ts';
import { matches, parsePattern } from './pattern.ts';
import type { Rule } from './rule.ts';
import { parseSchedule } from './schedule-expression.ts';

const maxTargets = 5;
const ruleStates = ['ENABLED', 'DISABLED', 'ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS'];

interface RuleInput {
  readonly Name: string;
  readonly EventBusName?: string;
}

/** Rules and their targets. `fire` is called whenever a scheduled rule is due. */
export function ruleOperations(
  cloud: CloudContext,
  tags: Tags,
  rulesOf: (bus: string | undefined) => Map<string, Rule>,
  fire: (rule: Rule) => void,
): Record<string, Operation> {
  const find = (name: string, bus: string | undefined): Rule => {
    const rule = rulesOf(bus).get(name);
    if (rule) return rule;
    throw new ServiceError(
      'ResourceNotFoundException',
      `Rule ${name} does not exist on EventBus ${bus ?? 'default'}.`,
    );
  };
  const setEnabled = (enabled: boolean) => (input: RuleInput) => {
    const rule = find(input.Name, input.EventBusName);
    rule.enabled = enabled;
    schedule(cloud, rule, fire);
  };
  return {
    PutRule: (input: PutRuleRequest) => {
      requireName(input.Name, '[\\.\\-_A-Za-z0-9]{1,64}', 'name', 'ValidationException');
      requireOneOf(input.State, ruleStates, 'state', 'ValidationException');
      const rules = rulesOf(input.EventBusName);
      const rule = rules.get(input.Name!) ?? newRule(cloud, input);
      configure(rule, input);
      rules.set(rule.name, rule);
      tags.set(rule.arn, input.Tags ?? []);
      schedule(cloud, rule, fire);
      return { RuleArn: rule.arn };
    },
    TestEventPattern: ({ EventPattern, Event }: TestEventPatternRequest) => ({
      Result: matches(parsePattern(EventPattern!), parseEvent(Event!)),
    }),
    DescribeRule: (input: RuleInput) => describe(find(input.Name, input.EventBusName)),
    ListRules: (input: ListRulesRequest) => ({
      Rules: [...rulesOf(input.EventBusName).values()]
        .filter(({ name }) => name.startsWith(input.NamePrefix ?? ''))
        .map(describe),
    }),
    DeleteRule: (input: RuleInput) => {
      const rules = rulesOf(input.EventBusName);
      const rule = rules.get(input.Name);
      if (rule && rule.targets.size > 0) {
        throw new ServiceError('ValidationException', "Rule can't be deleted since it has targets.");
      }
      rule?.cancel?.();
      rules.delete(input.Name);
      if (rule) tags.delete(rule.arn);
    },
    EnableRule: setEnabled(true),
    DisableRule: setEnabled(false),
    ...targetOperations(rulesOf, find),
    TagResource: ({ ResourceARN, Tags }) => tags.set(ResourceARN, Tags),
    UntagResource: ({ ResourceARN, TagKeys }) => tags.remove(ResourceARN, TagKeys),
    ListTagsForResource: ({ ResourceARN }) => ({ Tags: tags.of(ResourceARN) }),
  };
}

function targetOperations(
  rulesOf: (bus: string | undefined) => Map<string, Rule>,
  find: (name: string, bus: string | undefined) => Rule,
): Record<string, Operation> {
  return {
    PutTargets: (input: PutTargetsRequest) => {
      const { targets } = find(input.Rule!, input.EventBusName);
      const given = input.Targets!;
      if (new Set([...targets.keys(), ...given.map(({ Id }) => Id!)]).size > maxTargets) {
        throw new ServiceError(
          'LimitExceededException',
          'The requested resource exceeds the maximum number allowed.',
        );
      }
      for (const target of given) targets.set(target.Id!, target);
      return { FailedEntryCount: 0, FailedEntries: [] };
    },
    RemoveTargets: (input: RemoveTargetsRequest) => {
      const { targets } = find(input.Rule!, input.EventBusName);
      for (const id of input.Ids!) targets.delete(id);
      return { FailedEntryCount: 0, FailedEntries: [] };
    },
    ListTargetsByRule: (input: { Rule: string; EventBusName?: string }) => ({
      Targets: [...find(input.Rule, input.EventBusName).targets.values()],
    }),
    ListRuleNamesByTarget: (input: ListRuleNamesByTargetRequest) => ({
      RuleNames: [...rulesOf(input.EventBusName).values()]
        .filter(({ targets }) => [...targets.values()].some(({ Arn }) => Arn === input.TargetArn))
        .map(({ name }) => name),
    }),
  };
}

const mandatory = ['id', 'account', 'source', 'time', 'region', 'resources', 'detail-type'];

/** @throws ServiceError for what is no event: every member that AWS's own have must be there, but for the detail */
function parseEvent(text: string): unknown {
  const wrong = (why: string) =>
    new ServiceError('ValidationException', `Event is not valid. Reason: ${why}`);
  let event: unknown;
  try {
    event = JSON.parse(text);
  } catch {
    throw wrong('it is no JSON');
  }
  if (typeof event !== 'object' || event === null || Array.isArray(event)) throw wrong('it is no object');
  const absent = mandatory.find((key) => !(key in event));
  if (absent !== undefined) throw wrong(`${absent} is missing`);
  return event;
}

function newRule(cloud: CloudContext, input: PutRuleRequest): Rule {
  const bus = input.EventBusName?.split('/').at(-1) ?? 'default';
  const name = input.Name!;
  const path = bus === 'default' ? name : `${bus}/${name}`;
  return {
    arn: `arn:aws:events:${cloud.region}:${cloud.account}:rule/${path}`,
    name,
    busName: bus,
    description: undefined,
    enabled: true,
    roleArn: undefined,
    eventPattern: undefined,
    scheduleExpression: undefined,
    targets: new Map(),
    cancel: undefined,
  };
}

function configure(rule: Rule, input: PutRuleRequest): void {
  const { EventPattern, ScheduleExpression } = input;
  if (!EventPattern && !ScheduleExpression) {
    const message = 'Parameter(s) EventPattern or ScheduleExpression must be specified.';
    throw new ServiceError('ValidationException', message);
  }
  if (ScheduleExpression) {
    if (rule.busName !== 'default') {
      throw new ServiceError(
        'ValidationException',
        'ScheduleExpression is supported only on the default event bus.',
      );
    }
    // Rules have no single times and, other than Scheduler, mind their grammar: `rate(1 minute)`, `rate(5 minutes)`.
    if (/^at\(|^rate\(1 \w+s\)|^rate\((?!1 )\d+ \w+[^s]\)/.test(ScheduleExpression)) {
      throw new ServiceError('ValidationException', 'Parameter ScheduleExpression is not valid.');
    }
    parseSchedule(ScheduleExpression, 'UTC', 0);
  }
  rule.eventPattern = EventPattern ? { text: EventPattern, pattern: parsePattern(EventPattern) } : undefined;
  rule.scheduleExpression = ScheduleExpression;
  rule.description = input.Description;
  rule.roleArn = input.RoleArn;
  rule.enabled = input.State !== 'DISABLED';
}

/** Puts the rule's next event on the event queue, in place of the one that is there. Rules count in UTC only. */
function schedule(cloud: CloudContext, rule: Rule, fire: (rule: Rule) => void): void {
  rule.cancel?.();
  rule.cancel = undefined;
  if (!rule.enabled || !rule.scheduleExpression) return;
  const { eventQueue } = cloud;
  // A rate counts from now on, its first event comes after its first period.
  const expression = parseSchedule(rule.scheduleExpression, 'UTC', eventQueue.now());
  const enter = (): void => {
    const next = expression.next(eventQueue.now());
    if (next === undefined) return;
    rule.cancel = eventQueue.at(next, `rule ${rule.name}`, () => {
      enter();
      fire(rule);
    });
  };
  enter();
}

function describe(rule: Rule): RuleDescription {
  return {
    Name: rule.name,
    Arn: rule.arn,
    EventBusName: rule.busName,
    State: rule.enabled ? 'ENABLED' : 'DISABLED',
    Description: rule.description,
    EventPattern: rule.eventPattern?.text,
    ScheduleExpression: rule.scheduleExpression,
    RoleArn: rule.roleArn,
  };
}

import { describe, expect, it } from 'vitest';
import { authorize, authorizeService, evaluate, type PolicyStatement } from '../src/authorize.ts';
import type { Principal } from '../src/service.ts';

const arn =
  'arn:aws:autoscaling:us-east-1:000000000000:autoScalingGroup:*:autoScalingGroupName/lunch-business';

function verdict(
  statement: Partial<PolicyStatement>,
  conditions: Record<string, string | string[]> = {},
): string {
  const full: PolicyStatement = {
    Effect: 'Allow',
    Action: 'autoscaling:SetDesiredCapacity',
    Resource: '*',
    ...statement,
  };
  return evaluate([{ Statement: full }], 'autoscaling:SetDesiredCapacity', arn, conditions);
}

describe('a policy statement', () => {
  it.each([
    ['the action itself', { Action: 'autoscaling:SetDesiredCapacity' }, 'allowed'],
    ['the action in another case', { Action: 'AutoScaling:setdesiredcapacity' }, 'allowed'],
    ['a wildcard', { Action: ['ec2:*', 'autoscaling:Set*'] }, 'allowed'],
    ['a single character', { Action: 'autoscaling:SetDesiredCapacit?' }, 'allowed'],
    ['another action', { Action: 'autoscaling:Describe*' }, 'undecided'],
    ['all but another action', { Action: [], NotAction: 'autoscaling:Delete*' }, 'allowed'],
    ['all but this action', { Action: [], NotAction: 'autoscaling:Set*' }, 'undecided'],
    ['the resource by wildcard', { Resource: '*autoScalingGroupName/lunch-*' }, 'allowed'],
    ['a resource in another case', { Resource: '*autoScalingGroupName/LUNCH-*' }, 'undecided'],
    ['all but this resource', { NotResource: '*/lunch-business' }, 'undecided'],
  ])('on %s', (_what, statement, expected) => {
    expect(verdict(statement as Partial<PolicyStatement>)).toBe(expected);
  });

  it.each([
    ['a tag that is equal', { StringEquals: { 'aws:ResourceTag/fleet': 'lunch' } }, 'allowed'],
    ['a tag that differs', { StringEquals: { 'aws:ResourceTag/fleet': 'dinner' } }, 'undecided'],
    ['a tag key in another case', { StringEquals: { 'AWS:resourcetag/fleet': 'lunch' } }, 'allowed'],
    ['a tag key that is another', { StringEquals: { 'aws:ResourceTag/Fleet': 'lunch' } }, 'undecided'],
    ['one of several values', { StringEquals: { 'aws:ResourceTag/fleet': ['dinner', 'lunch'] } }, 'allowed'],
    [
      'two keys of which one fails',
      { StringEquals: { 'aws:ResourceTag/fleet': 'lunch', x: 'y' } },
      'undecided',
    ],
    ['a pattern', { StringLike: { 'aws:ResourceTag/fleet': 'lu*' } }, 'allowed'],
    ['not equal', { StringNotEquals: { 'aws:ResourceTag/fleet': 'lunch' } }, 'undecided'],
    ['not equal to what is not there', { StringNotEquals: { other: 'x' } }, 'allowed'],
    ['what is not there, if it exists', { StringEqualsIfExists: { other: 'x' } }, 'allowed'],
    ['absence', { Null: { other: 'true' } }, 'allowed'],
    ['presence', { Null: { 'aws:ResourceTag/fleet': 'true' } }, 'undecided'],
    ['any of a set', { 'ForAnyValue:StringEquals': { 'aws:TagKeys': 'b' } }, 'allowed'],
    ['all of a set', { 'ForAllValues:StringEquals': { 'aws:TagKeys': ['a'] } }, 'undecided'],
    ['a truth', { Bool: { 'aws:SecureTransport': 'true' } }, 'allowed'],
    ['a number', { NumericLessThan: { size: '10' } }, 'allowed'],
  ])('under a condition on %s', (_what, Condition, expected) => {
    const conditions = {
      'aws:ResourceTag/fleet': 'lunch',
      'aws:TagKeys': ['a', 'b'],
      'aws:SecureTransport': 'true',
      size: '9',
    };
    expect(verdict({ Condition } as Partial<PolicyStatement>, conditions)).toBe(expected);
  });
});

describe('authorization', () => {
  const role: Principal = { kind: 'role', arn: 'arn:aws:sts::000000000000:assumed-role/sweep/sweep' };
  const targets = [{ action: 'sqs:SendMessage', resources: ['arn:aws:sqs:us-east-1:000000000000:q'] }];
  const allow: PolicyStatement = { Effect: 'Allow', Action: 'sqs:*', Resource: '*' };
  const deny: PolicyStatement = { Effect: 'Deny', Action: 'sqs:SendMessage', Resource: '*' };
  const policies = (...Statement: PolicyStatement[]) => ({ policiesOf: () => [{ Statement }] });

  it('needs an allow, and says what was asked for on what', () => {
    expect(() => authorize(role, targets, policies(allow))).not.toThrow();
    expect(() => authorize(role, targets, policies())).toThrow(
      'User: arn:aws:sts::000000000000:assumed-role/sweep/sweep is not authorized to perform: sqs:SendMessage on ' +
        'resource: arn:aws:sqs:us-east-1:000000000000:q because no identity-based policy allows the sqs:SendMessage action',
    );
  });

  it('lets an explicit deny win', () => {
    expect(() => authorize(role, targets, policies(allow, deny))).toThrow('with an explicit deny');
  });

  it('asks nothing of the owner and of services', () => {
    expect(() => authorize({ ...role, kind: 'owner' }, targets, policies())).not.toThrow();
    expect(() => authorize({ ...role, kind: 'service' }, targets, policies())).not.toThrow();
  });

  it('lets a service in only where the resource names it, for that source', () => {
    const events: Principal = {
      kind: 'service',
      arn: 'events.amazonaws.com',
      sourceArn: 'arn:aws:events:x:1:rule/a',
    };
    const policy = (Condition: PolicyStatement['Condition']) => ({
      Statement: { ...allow, Principal: { Service: 'events.amazonaws.com' }, Condition: Condition ?? {} },
    });
    const check = (given: Parameters<typeof authorizeService>[1]) => () =>
      authorizeService(events, given, 'sqs:SendMessage', 'q');
    expect(check(undefined)).toThrow('no resource-based policy allows');
    expect(check(policy({}))).not.toThrow();
    expect(check(policy({ ArnLike: { 'aws:SourceArn': 'arn:aws:events:*:rule/a' } }))).not.toThrow();
    expect(check(policy({ ArnEquals: { 'aws:SourceArn': 'arn:aws:events:x:1:rule/b' } }))).toThrow();
    expect(check({ Statement: { ...allow, Principal: { Service: 'sns.amazonaws.com' } } })).toThrow();
  });
});

import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { models, type Parameter, readParameters } from '../src/parameters.ts';

/** Names and types out of the vendor's SDK (aliyun/alibabacloud-typescript-sdk); `!`: it must be there. */
const vendors: Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, string>>>>>> =
  JSON.parse(readFileSync(new URL('vendor-models.json', import.meta.url), 'utf8'));

const typeOf: Readonly<Record<Parameter['type'], readonly string[]>> = {
  string: ['string'],
  boolean: ['boolean'],
  // CloudMonitor takes its numbers as text.
  number: ['number', 'string'],
  strings: ['array'],
  metrics: ['array'],
};

const cases = Object.entries(models).flatMap(([service, actions]) =>
  Object.keys(actions).map((action) => [service, action] as const),
);

it.each(cases)(
  "%s:%s takes no parameter that the vendor's model lacks, and each of its type",
  (service, action) => {
    const theirs = vendors[service]![action]!;
    for (const [name, { type }] of Object.entries(models[service]![action]!))
      expect(typeOf[type], `${action} ${name}`).toContain(theirs[name]?.replace('!', ''));
  },
);

it.each(cases)('%s:%s wants what the vendor says is required', (service, action) => {
  const theirs = vendors[service]![action]!;
  const required = Object.keys(theirs).filter((name) => theirs[name]!.endsWith('!'));
  const ours = models[service]![action]!;
  expect(required.filter((name) => !ours[name]?.required)).toEqual([]);
});

describe('Parameters', () => {
  const refused = (query: string, action = 'SetInstancesProtection') => {
    try {
      readParameters('ess', action, query);
      return 'nothing';
    } catch (error) {
      return (error as { code: string }).code;
    }
  };

  it('are read by their types, lists by their numbers', () => {
    const query = 'ScalingGroupId=asg-1&InstanceIds.2=i-2&InstanceIds.1=i-1&ProtectedFromScaleIn=false';
    expect(readParameters('ess', 'SetInstancesProtection', query)).toEqual({
      ScalingGroupId: 'asg-1',
      InstanceIds: ['i-1', 'i-2'],
      ProtectedFromScaleIn: false,
    });
  });

  it.each([
    ['InstanceIds.1=i-1&ProtectedFromScaleIn=true', 'MissingParameter'],
    ['ScalingGroupId=asg-1&InstanceIds.2=i-1&ProtectedFromScaleIn=true', 'InvalidParameter'],
    ['ScalingGroupId=asg-1&InstanceIds.1=i-1&ProtectedFromScaleIn=yes', 'InvalidParameter'],
    ['ScalingGroupId=asg-1&InstanceIds.1=i-1&ProtectedFromScaleIn=true&Shape=round', 'InvalidParameter'],
    [
      `ScalingGroupId=a&ProtectedFromScaleIn=true&${Array.from({ length: 21 }, (_, index) => `InstanceIds.${index + 1}=i`).join('&')}`,
      'InvalidParameter',
    ],
  ])('%s is refused', (query, code) => {
    expect(refused(query)).toBe(code);
  });

  it('are out of their range beyond what a page may have', () => {
    expect(refused('RegionId=r&PageSize=51', 'DescribeScalingGroups')).toBe('InvalidParameter');
    expect(refused('RegionId=r&PageSize=50', 'DescribeScalingGroups')).toBe('nothing');
    expect(refused('', 'DeleteScalingGroup')).toBe('UnsupportedOperation');
  });
});

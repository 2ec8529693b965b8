import type { AutoScalingGroup } from '@aws-sdk/client-auto-scaling';
import type { Instance } from '@aws-sdk/client-ec2';
import { describe, expect, it } from 'vitest';
import { judgeConcurrency } from '../../../cli/doctor/account.ts';
import { judgeAdoption, judgeImages, judgePurchase } from '../../../cli/doctor/servers.ts';
import { readFleet } from '../../../shared/fleet/read-fleet.ts';

const server: Instance = {
  InstanceId: 'i-1',
  ImageId: 'ami-1',
  VpcId: 'vpc-1',
  State: { Name: 'running' },
  Placement: { AvailabilityZone: 'us-east-1a' },
};
const facts = {
  server,
  owner: undefined,
  zones: ['us-east-1a', 'us-east-1b'],
  vpcs: ['vpc-1'],
  images: new Set(['ami-1']),
};
const stopped: Instance = { ...server, State: { Name: 'stopped' } };

describe('what doctor says of a server that is to be adopted', () => {
  it('is that the next sweep does it, where nothing stands in the way', () => {
    expect(judgeAdoption('session', 'i-1', facts)).toMatchObject([
      { verdict: 'warning', message: 'session has not adopted i-1 yet' },
    ]);
    expect(judgeAdoption('session', 'i-1', { ...facts, vpcs: [] })).toMatchObject([{ verdict: 'warning' }]);
  });

  it.each([
    ['it is not there', { server: undefined }, 'there is no such server here'],
    ['it is stopped', { server: stopped }, 'it is stopped'],
    ['another group has it', { owner: 'other' }, 'it is in the group other'],
    ['the group has not its zone', { zones: ['us-east-1c'] }, 'it is in us-east-1a, the group in us-east-1c'],
    ['the load balancer is elsewhere', { vpcs: ['vpc-2'] }, 'it is in vpc-1, its load balancer in vpc-2'],
    ['its image is gone', { images: new Set<string>() }, 'its image ami-1 no longer exists'],
  ])('is a problem, with what to do, where %s', (_, change, why) => {
    const [finding, ...others] = judgeAdoption('session', 'i-1', { ...facts, ...change });
    expect(finding).toMatchObject({ verdict: 'problem', message: `session cannot adopt i-1: ${why}` });
    expect(finding!.advice).toBeTruthy();
    expect(others).toEqual([]);
  });
});

it('tells servers of several images, as an image of an SSM parameter makes them', () => {
  expect(judgeImages('web', [server, { ...server, ImageId: 'ami-1' }])).toEqual([]);
  expect(judgeImages('web', [server, server, { ...server, ImageId: 'ami-2' }])[0]).toMatchObject({
    verdict: 'warning',
    message: 'web: servers of 2 images: 2 of ami-1, 1 of ami-2',
  });
});

it('tells that the next deploy replaces servers, where it changes the purchase options', () => {
  const launch = (more: string) => {
    const yaml = `name: f\ngroups:\n  web: { launch: { imageId: ami-0a1b2c3d${more} }, minSize: 1, maxSize: 2 }\n`;
    return readFleet(yaml).groups['web']!;
  };
  const single = launch(', instanceType: c7g.large');
  const spot = launch(', instanceType: c7g.large, purchase: { onDemandPercentageAboveBaseCapacity: 50 }');
  const mixed = (OnDemandPercentageAboveBaseCapacity: number): AutoScalingGroup =>
    ({
      MixedInstancesPolicy: { InstancesDistribution: { OnDemandPercentageAboveBaseCapacity } },
    }) as AutoScalingGroup;
  const verdicts = (group: typeof single, found: AutoScalingGroup) =>
    judgePurchase('web', group, found).length;
  expect(verdicts(single, {} as AutoScalingGroup)).toBe(0);
  expect(verdicts(spot, {} as AutoScalingGroup)).toBe(1);
  expect(verdicts(spot, mixed(100))).toBe(1);
  expect(verdicts(spot, mixed(50))).toBe(0);
});

it('tells of an account so young that ten functions may run at once', () => {
  expect(judgeConcurrency(10, 2)).toMatchObject({
    verdict: 'warning',
    advice: expect.stringContaining('L-B99A9384'),
  });
  expect(judgeConcurrency(1000, 2)).toMatchObject({ verdict: 'fine' });
  expect(judgeConcurrency(500, 495).verdict).toBe('warning');
});

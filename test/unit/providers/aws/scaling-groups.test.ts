import { AttachInstancesCommand, type AutoScalingClient } from '@aws-sdk/client-auto-scaling';
import type { ElasticLoadBalancingV2Client } from '@aws-sdk/client-elastic-load-balancing-v2';
import { describe, expect, it } from 'vitest';
import { LoadBalancerLookup } from '../../../../shared/providers/aws/load-balancers.ts';
import { AwsScalingGroups } from '../../../../shared/providers/aws/scaling-groups.ts';

const noLoadBalancing = {} as ElasticLoadBalancingV2Client;

/** Auto Scaling that gives one answer after the other; what it was asked is kept. */
function groupsThat(...answers: object[]) {
  const requests: object[] = [];
  const send = async ({ input }: { input: object }) => {
    requests.push(input);
    return answers.shift();
  };
  const client = { send } as unknown as AutoScalingClient;
  return { groups: new AwsScalingGroups(client, noLoadBalancing), requests };
}

describe('an instance refresh', () => {
  it.each(['Pending', 'InProgress', 'Baking', 'Cancelling', 'RollbackInProgress'])(
    'that is %s is under way',
    async (Status) => {
      const { groups } = groupsThat({ InstanceRefreshes: [{ Status }] });
      expect(await groups.instanceRefresh('business')).toBe(Status);
    },
  );

  it.each(['Successful', 'Failed', 'Cancelled', 'RollbackSuccessful', 'RollbackFailed'])(
    'that is %s is over',
    async (Status) => {
      const { groups } = groupsThat({ InstanceRefreshes: [{ Status }] });
      expect(await groups.instanceRefresh('business')).toBeNull();
    },
  );
});

describe('a group with instance weights', () => {
  it('counts each server by its weight', async () => {
    const server = { LifecycleState: 'InService', HealthStatus: 'Healthy', ProtectedFromScaleIn: false };
    const Instances = [
      { InstanceId: 'i-1', WeightedCapacity: '4', ...server },
      { InstanceId: 'i-2', ...server },
    ];
    const group = { AutoScalingGroupName: 'business', MinSize: 1, MaxSize: 9, DesiredCapacity: 5, Instances };
    const { groups } = groupsThat({ AutoScalingGroups: [group] });
    const found = (await groups.describe(['business'])).get('business');
    expect(found?.servers.map(({ weight }) => weight)).toEqual([4, 1]);
  });
});

describe('a failed launch', () => {
  const began = new Date('2026-03-04T03:00:00Z');
  const launch = {
    StartTime: began,
    StatusCode: 'Failed',
    Description: 'Launching a new EC2 instance.  Status Reason: …',
  };

  it.each([
    [
      'We currently do not have sufficient c7g.xlarge capacity in the Availability Zone you requested',
      'capacity',
    ],
    ['You have requested more vCPU capacity than your current vCPU limit of 32 allows', 'quota'],
    ["The image id '[ami-0a1b2c3d4e5f60718]' does not exist", 'image'],
    ['The security group sg-1 does not exist', 'other'],
  ])('says what AWS says: %s', async (StatusMessage, kind) => {
    const { groups } = groupsThat({ Activities: [{ ...launch, StatusMessage }] });
    expect(await groups.launchFailure('business', began.getTime())).toEqual({
      at: began.getTime(),
      kind,
      message: StatusMessage,
    });
  });

  it('is neither a failed termination, nor one of an earlier time, nor a launch that is under way', async () => {
    const Activities = [
      { ...launch, StatusCode: 'InProgress' },
      { ...launch, Description: 'Terminating EC2 instance: i-1' },
      { ...launch, StartTime: new Date(began.getTime() - 1) },
    ];
    const { groups } = groupsThat({ Activities });
    expect(await groups.launchFailure('business', began.getTime())).toBeNull();
  });
});

describe('a desired capacity', () => {
  it('is set without AWS’s own cooldown, which would refuse it', async () => {
    const { groups, requests } = groupsThat({});
    await groups.setDesired('business', 5);
    expect(requests).toEqual([
      { AutoScalingGroupName: 'business', DesiredCapacity: 5, HonorCooldown: false },
    ]);
  });
});

describe('the load balancers of many target groups', () => {
  const arn = (name: string) => `arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/${name}/1`;

  /** Refuses a call as a whole when one of its target groups does not exist, as AWS does. */
  function balancersWithout(missing: string) {
    const requests: string[][] = [];
    const send = async ({ input }: { input: { TargetGroupArns: string[] } }) => {
      requests.push(input.TargetGroupArns);
      if (input.TargetGroupArns.includes(missing))
        throw Object.assign(new Error('One or more target groups not found'), {
          name: 'TargetGroupNotFoundException',
        });
      return {
        TargetGroups: input.TargetGroupArns.map((TargetGroupArn) => ({
          TargetGroupArn,
          LoadBalancerArns: [`${TargetGroupArn}/balancer`],
        })),
      };
    };
    const client = { send } as unknown as ElasticLoadBalancingV2Client;
    return { lookup: new LoadBalancerLookup(client), requests };
  }

  it('are found though one of them is gone, in few calls', async () => {
    const arns = Array.from({ length: 100 }, (_, index) => arn(`t${index}`));
    const { lookup, requests } = balancersWithout(arn('t41'));
    const found = await lookup.of(arns);
    expect(found.size).toBe(99);
    expect(found.has(arn('t41'))).toBe(false);
    expect(requests.length).toBeLessThan(20);
  });

  it('are asked for again at each look, for a target group can be moved', async () => {
    const { lookup, requests } = balancersWithout(arn('none'));
    await lookup.of([arn('web')]);
    await lookup.of([arn('web')]);
    expect(requests).toEqual([[arn('web')], [arn('web')]]);
  });
});

describe('a description', () => {
  it('goes on to the last page', async () => {
    const group = { MinSize: 1, MaxSize: 9, DesiredCapacity: 5 };
    const { groups, requests } = groupsThat(
      { AutoScalingGroups: [{ AutoScalingGroupName: 'business', ...group }], NextToken: 'more' },
      { AutoScalingGroups: [{ AutoScalingGroupName: 'session', ...group }] },
    );
    const found = await groups.describe(['business', 'session']);
    expect([...found.keys()]).toEqual(['business', 'session']);
    expect(requests[1]).toMatchObject({ NextToken: 'more' });
  });
});

describe('a server behind two target groups', () => {
  it('is healthy when it is so at both', async () => {
    const health: Record<string, string[]> = { web: ['i-1', 'i-2'], api: ['i-2', 'i-3'] };
    const send = async ({ input }: { input: { TargetGroupArn: string } }) => ({
      TargetHealthDescriptions: health[input.TargetGroupArn]!.map((Id) => ({
        Target: { Id },
        TargetHealth: { State: 'healthy' },
      })),
    });
    const loadBalancing = { send } as unknown as ElasticLoadBalancingV2Client;
    const groups = new AwsScalingGroups({} as AutoScalingClient, loadBalancing);
    expect(await groups.healthy({ trafficSources: ['web', 'api'] })).toEqual(new Set(['i-2']));
  });
});

describe('servers that Auto Scaling refuses to attach', () => {
  const refusal = Object.assign(new Error('Instance i-1 is already part of it'), { name: 'ValidationError' });

  /** Refuses the attachment, and shows the server in this state. */
  function groupsWith(LifecycleState: string) {
    const Instances = [{ InstanceId: 'i-1', LifecycleState, HealthStatus: 'Healthy' }];
    const group = { AutoScalingGroupName: 'business', MinSize: 1, MaxSize: 9, DesiredCapacity: 5, Instances };
    const send = async (command: object) => {
      if (command instanceof AttachInstancesCommand) throw refusal;
      return { AutoScalingGroups: [group] };
    };
    return new AwsScalingGroups({ send } as unknown as AutoScalingClient, noLoadBalancing);
  }

  it('are attached when they are in the group: the answer to the first request was lost', async () => {
    await expect(groupsWith('InService').attach('business', ['i-1'])).resolves.toBeUndefined();
  });

  it('are not attached while they are just leaving it', async () => {
    await expect(groupsWith('Detaching').attach('business', ['i-1'])).rejects.toThrow('already part of it');
  });
});

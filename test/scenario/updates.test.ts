import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Deployed } from '../kit/deployed.ts';

let account: Deployed;

beforeAll(() => {
  account = new Deployed();
});

afterAll(() => account[Symbol.asyncDispose]());

const launch = 'imageId: ami-0a1b2c3d4e5f60718, instanceType: c7g.large';
const certificate = 'arn:aws:acm:us-east-1:000000000000:certificate/0a1b';

/** `cdk deploy --all` of one group with these lines. */
async function deploy(...lines: string[]): Promise<void> {
  await account.deploy(
    `name: f\ngroups:\n  web:\n    ${[`launch: { ${launch} }`, 'minSize: 1', 'maxSize: 4', ...lines].join('\n    ')}\n`,
  );
}

/** Port and kind of answer of each listener. */
async function listeners(): Promise<string[]> {
  const { LoadBalancers } = await account.call('elasticloadbalancing', 'DescribeLoadBalancers', {});
  expect(LoadBalancers).toHaveLength(1);
  const about = { LoadBalancerArn: LoadBalancers[0].LoadBalancerArn };
  const { Listeners } = await account.call('elasticloadbalancing', 'DescribeListeners', about);
  return Listeners.map(
    ({ Port, DefaultActions }: { Port: number; DefaultActions: { Type: string }[] }) =>
      `${Port} ${DefaultActions[0]!.Type}`,
  ).toSorted();
}

describe('a fleet is changed by the next deploy', () => {
  it('gives up its last window, its last alarm and its last adopted server', async () => {
    await deploy(
      'schedules: { lunch: { start: "0 11 * * *", end: "0 13 * * *", scalingAdjustment: 2 } }',
      'alarms: { hot: { metric: cpu, comparisonOperator: GreaterThanThreshold, threshold: 70, period: 60, evaluationPeriods: 3, scalingAdjustment: 1 } }',
      'instances: [i-0a5e551041adde001]',
    );
    await deploy();
    expect((await account.call('scheduler', 'ListSchedules', { NamePrefix: 'f-web' })).Schedules).toEqual([]);
  });

  it('moves from HTTP to HTTPS with a redirect, and back', async () => {
    const balancer = 'scheme: internet-facing, targetPort: 8080';
    await deploy(`loadBalancer: { ${balancer}, port: 80 }`);
    expect(await listeners()).toEqual(['80 forward']);
    await deploy(
      `loadBalancer: { ${balancer}, protocol: HTTPS, port: 443, certificateArn: "${certificate}" }`,
    );
    expect(await listeners()).toEqual(['443 forward', '80 redirect']);
    await deploy(`loadBalancer: { ${balancer}, port: 80 }`);
    expect(await listeners()).toEqual(['80 forward']);
  });

  it('has another kind of load balancer, before the same servers', async () => {
    const servers = await account.servers('f-web');
    for (const settings of ['scheme: internal, port: 80', 'scheme: internal, protocol: TCP, port: 80']) {
      await deploy(`loadBalancer: { ${settings}, targetPort: 8080 }`);
      expect(await listeners()).toEqual(['80 forward']);
    }
    expect(await account.servers('f-web')).toEqual(servers);
  });
});

describe('a load balancer whose address others use', () => {
  const fleet = (session: string) => `name: g
groups:
  web: { launch: { ${launch}, environment: { SESSION: "address-of:session" } }, minSize: 1, maxSize: 4 }
  session: { launch: { ${launch} }, minSize: 1, maxSize: 4${session} }
`;
  const told = async () => {
    const { LaunchTemplates } = await account.call('ec2', 'DescribeLaunchTemplates', {
      LaunchTemplateNames: ['g-web'],
    });
    const { LaunchTemplateVersions } = await account.call('ec2', 'DescribeLaunchTemplateVersions', {
      LaunchTemplateId: LaunchTemplates[0].LaunchTemplateId,
      Versions: ['$Latest'],
    });
    return Buffer.from(LaunchTemplateVersions[0].LaunchTemplateData.UserData, 'base64').toString();
  };

  it('may be replaced: servers that come later are told the new address', async () => {
    await account.deploy(fleet(', loadBalancer: { scheme: internal, protocol: TCP, port: 80 }'));
    expect(await told()).toMatch(/SESSION='g-session-private-nlb/);
    await account.deploy(fleet(', loadBalancer: { scheme: internal, port: 80 }'));
    expect(await told()).toMatch(/SESSION='[\w-]*g-session-private-alb/);
  });

  it('may go, once nobody asks for it', async () => {
    await account.deploy(fleet('').replace('"address-of:session"', 'none'));
    expect(await told()).toContain("SESSION='none'");
  });
});

describe('a group of a stack that goes', () => {
  const adopted = 'i-0a5e551041adde001';
  const vpc =
    '{ vpcId: vpc-0a1b2c3d, cidr: 10.0.0.0/16, availabilityZones: [us-east-1a, us-east-1b], publicSubnetIds: [subnet-00000a01, subnet-00000a02] }';
  const fleet = `name: g
network: ${vpc}
groups:
  kept:
    launch: { ${launch} }
    minSize: 1
    maxSize: 4
    loadBalancer: { scheme: internal, protocol: TCP, port: 80 }
    instances: [${adopted}]
`;

  it('adopts after the stack is there, and deletes it with a server that somebody has protected by hand', async () => {
    await account.deploy(fleet);
    await account.pass(180);
    const { Instances } = await account.group('g-kept');
    const own = Instances.find((one: { InstanceId: string }) => one.InstanceId !== adopted).InstanceId;
    await account.call('autoscaling', 'SetInstanceProtection', {
      AutoScalingGroupName: 'g-kept',
      InstanceIds: [own],
      ProtectedFromScaleIn: true,
    });
    await account.destroy('g-kept');
    expect(await account.group('g-kept')).toBeUndefined();
    const { Reservations } = await account.call('ec2', 'DescribeInstances', { InstanceIds: [adopted] });
    expect(Reservations[0].Instances[0].State.Name).toBe('running');
  });
});

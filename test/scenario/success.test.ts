import { describe, expect, it } from 'vitest';
import type { Lifecycle } from '../../shared/domain/observation.ts';
import type { Launch } from '../../shared/providers/memory/scaling-groups.ts';
import { inEnglish } from '../kit/in-english.ts';
import { Stage } from '../kit/stage.ts';

const inUse = 'arn:aws:elasticloadbalancing:eu-west-1:123456789012:targetgroup/web/0123456789abcdef';
const firstServer = 'i-00000000000000001';
const sound: Launch = { inServiceAfterSeconds: 60, healthyAfterSeconds: 90 };
const quick = { launch: () => sound, terminationSeconds: () => 60 };

const overloaded = `name: shop
groups:
  web:
    existing: web-asg
    minSize: 2
    maxSize: 20
    alarms:
      cpu-high: { metric: cpu, comparisonOperator: GreaterThanThreshold, threshold: 70, period: 60, evaluationPeriods: 1, scalingAdjustment: 2, cooldown: 120 }
`;

/** Four servers behind a target group, of which the first fails its check for good, and five minutes later an overload. */
async function overload(unhealthy: boolean): Promise<Stage> {
  const stage = new Stage(overloaded, { start: '2026-03-04T10:00:00Z', desired: 4 });
  stage.alarm('web', 'cpu-high', 'OK');
  await stage.playUntil('2026-03-04T10:04:00Z');
  stage.ports.groups.put({ ...stage.ports.groups.get('web-asg'), trafficSources: [inUse] });
  if (unhealthy) stage.ports.groups.failCheck(firstServer);
  stage.cpu = 95;
  await stage.playUntil('2026-03-04T10:05:00Z');
  stage.alarm('web', 'cpu-high', 'ALARM');
  await stage.playUntil('2026-03-04T11:05:00Z');
  return stage;
}

function mailed(stage: Stage): string[] {
  return stage.ports.events.published.filter(({ forPeople }) => forPeople).map(({ subject }) => subject);
}

function outcomes(stage: Stage, group = 'web'): string[] {
  return stage
    .history(group)
    .filter(({ from, to }) => from !== to)
    .map(({ from, to, statusCode }) => `${from} → ${to} ${statusCode}`);
}

describe('a target that was never healthy', () => {
  it('does not keep a rule from climbing: an overloaded group grows as if all were well', async () => {
    const well = await overload(false);
    const unhealthy = await overload(true);
    expect(unhealthy.desired('web')).toBe(well.desired('web'));
    expect(unhealthy.desired('web')).toBe(20);
    expect(outcomes(unhealthy).filter((one) => !one.endsWith('Successful'))).toEqual([]);
  });

  it('is news of its own, told once, and once more when it is well', async () => {
    const stage = await overload(true);
    const ofServer = () => mailed(stage).filter((subject) => subject.includes(firstServer));
    expect(ofServer()).toEqual([
      `[shop] web: ${firstServer} fails the health check of the load balancer; no activity waits for it`,
    ]);
    stage.ports.groups.failCheck(firstServer, false);
    await stage.playUntil('2026-03-04T11:10:00Z');
    expect(ofServer().at(-1)).toBe(`[shop] web: ${firstServer} is healthy again`);
    expect(ofServer()).toHaveLength(2);
  });

  it('fails the activity that has asked for it, for then it is what was asked for', async () => {
    const stage = new Stage(overloaded, {
      start: '2026-03-04T10:00:00Z',
      desired: 4,
      life: {
        ...quick,
        launch: (_, now) =>
          now < Date.parse('2026-03-04T10:03:00Z') ? sound : { ...sound, healthyAfterSeconds: 86_400 },
      },
    });
    stage.alarm('web', 'cpu-high', 'OK');
    await stage.playUntil('2026-03-04T10:04:00Z');
    stage.ports.groups.put({ ...stage.ports.groups.get('web-asg'), trafficSources: [inUse] });
    stage.alarm('web', 'cpu-high', 'ALARM');
    await stage.playUntil('2026-03-04T10:40:00Z');
    expect(stage.history('web')[0]).toMatchObject({
      statusCode: 'Failed',
      detail: { key: 'readyTooFew', ready: 4, to: 6 },
    });
  });
});

describe('a second target group', () => {
  it('that no listener uses says nothing of health', async () => {
    const stage = new Stage(overloaded, { start: '2026-03-04T10:00:00Z', desired: 4 });
    stage.alarm('web', 'cpu-high', 'OK');
    await stage.playUntil('2026-03-04T10:04:00Z');
    const green = inUse.replace('web', 'green');
    stage.ports.groups.put({ ...stage.ports.groups.get('web-asg'), trafficSources: [inUse, green] });
    stage.ports.groups.putUnused(green);
    stage.alarm('web', 'cpu-high', 'ALARM');
    await stage.playUntil('2026-03-04T10:10:00Z');
    expect(outcomes(stage)[0]).toBe('4 → 6 Successful');
  });

  it('is not waited for where Auto Scaling is kept from registering servers', async () => {
    const stage = new Stage(overloaded, {
      start: '2026-03-04T10:00:00Z',
      desired: 4,
      life: { ...quick, launch: () => ({ ...sound, healthyAfterSeconds: 86_400 }) },
    });
    stage.alarm('web', 'cpu-high', 'OK');
    await stage.playUntil('2026-03-04T10:04:00Z');
    stage.ports.groups.put({
      ...stage.ports.groups.get('web-asg'),
      trafficSources: [inUse],
      suspended: ['registering'],
    });
    stage.alarm('web', 'cpu-high', 'ALARM');
    await stage.playUntil('2026-03-04T10:10:00Z');
    expect(outcomes(stage)[0]).toBe('4 → 6 Successful');
  });
});

describe('a protected server that stands by', () => {
  const adopted = `name: shop
groups:
  sessions:
    existing: sessions-asg
    minSize: 0
    maxSize: 6
    instances: [i-0a5e551041adde001, i-0a5e551041adde002]
    schedules: { lunch: { start: "0 11 * * *", end: "0 13 * * *", scalingAdjustment: 1 } }
`;

  it('has none launched in its place, and is counted again when it is back', async () => {
    const stage = new Stage(adopted, { start: '2026-03-04T08:00:00Z', desired: 0 });
    const move = (by: number, lifecycle: Lifecycle) => {
      const group = stage.ports.groups.get('sessions-asg');
      const servers = group.servers.map((one) => (one.id.endsWith('001') ? { ...one, lifecycle } : one));
      stage.ports.groups.put({ ...group, desired: group.desired + by, servers });
    };
    await stage.playUntil('2026-03-04T08:10:00Z');
    expect(stage.desired('sessions')).toBe(2);
    move(-1, 'standby');
    await stage.playUntil('2026-03-04T08:20:00Z');
    expect(stage.desired('sessions')).toBe(1);
    expect(stage.ports.groups.get('sessions-asg').servers).toHaveLength(2);
    move(1, 'ready');
    await stage.playUntil('2026-03-04T10:50:00Z');
    expect(stage.desired('sessions')).toBe(2);
    expect(stage.ports.groups.get('sessions-asg').servers.every((one) => one.protectedFromScaleIn)).toBe(
      true,
    );
  });
});

describe('a scale-in', () => {
  const alarms = `    alarms:
      cpu-high: { metric: cpu, comparisonOperator: GreaterThanThreshold, threshold: 70, period: 60, evaluationPeriods: 1, scalingAdjustment: 1 }
      cpu-low: { metric: cpu, comparisonOperator: LessThanThreshold, threshold: 30, period: 60, evaluationPeriods: 3, scalingAdjustment: -1, cooldown: 300 }
`;
  const launch = '    launch: { imageId: ami-0a1b2c3d4e5f60718, instanceType: c7g.large }\n';

  async function scaleIn(lines: string, terminationSeconds: number, until: string): Promise<Stage> {
    const stage = new Stage(
      `name: shop\ngroups:\n  web:\n    minSize: 2\n    maxSize: 10\n${lines}${alarms}`,
      {
        start: '2026-03-04T08:00:00Z',
        desired: 5,
        life: { launch: () => sound, terminationSeconds: () => terminationSeconds },
      },
    );
    stage.cpu = 20;
    stage.alarm('web', 'cpu-high', 'OK');
    stage.alarm('web', 'cpu-low', 'OK');
    await stage.playUntil('2026-03-04T08:05:00Z');
    stage.alarm('web', 'cpu-low', 'ALARM');
    await stage.playUntil('2026-03-04T08:06:00Z');
    stage.cpu = 50;
    stage.alarm('web', 'cpu-low', 'OK');
    await stage.playUntil(until);
    return stage;
  }

  it.each([
    [
      'a draining command of up to an hour',
      `${launch}    draining: { command: /usr/local/bin/drain, timeoutSeconds: 3600 }\n`,
    ],
    [
      'a deregistration delay of an hour',
      `${launch}    loadBalancer: { scheme: internal, port: 80, deregistrationDelaySeconds: 3600 }\n`,
    ],
  ])('takes the time that the file itself gives it: %s', async (_what, lines) => {
    const stage = await scaleIn(lines, 40 * 60, '2026-03-04T09:00:00Z');
    expect(outcomes(stage)).toEqual(['5 → 4 Successful']);
    expect(mailed(stage).filter((subject) => subject.includes('FAILED'))).toEqual([]);
  });

  it('still fails when its servers are not gone by then', async () => {
    const lines = `${launch}    draining: { command: /usr/local/bin/drain, timeoutSeconds: 3600 }\n`;
    const stage = await scaleIn(lines, 3 * 3600, '2026-03-04T09:50:00Z');
    expect(stage.history('web')[0]).toMatchObject({
      statusCode: 'Failed',
      detail: { key: 'stillLeaving' },
    });
  });

  it('of a group that is taken over waits for a hook of which the file knows nothing, for as long as AWS lets it', async () => {
    const stage = await scaleIn('    existing: web-asg\n', 3 * 3600, '2026-03-04T08:08:00Z');
    const { groups } = stage.ports;
    const held = () => {
      const group = groups.get('web-asg');
      const servers = group.servers.map((one) =>
        one.lifecycle === 'leaving' ? { ...one, held: true } : one,
      );
      groups.put({ ...group, servers });
    };
    held();
    await stage.playUntil('2026-03-04T11:30:00Z');
    expect(outcomes(stage)).toEqual(['5 → 4 Successful']);
  });
});

describe('launches that fail', () => {
  const noCapacity = (zone: string) =>
    `We currently do not have sufficient c7g.large capacity in the Availability Zone you requested (us-east-1${zone}). Launching EC2 instance failed.`;

  /** Two hours in which no launch succeeds. */
  async function shortage(
    messageOf: (attempt: number) => string,
    kindOf: (attempt: number) => 'capacity' | 'quota' = () => 'capacity',
  ) {
    let attempts = 0;
    let failing = false;
    const launch = (): Launch =>
      failing ? { fails: kindOf(attempts), message: messageOf(attempts++) } : sound;
    const stage = new Stage(overloaded.replace(', cooldown: 120', ''), {
      start: '2026-03-04T08:00:00Z',
      desired: 3,
      life: { ...quick, launch },
    });
    stage.cpu = 90;
    stage.alarm('web', 'cpu-high', 'OK');
    await stage.playUntil('2026-03-04T08:05:00Z');
    failing = true;
    stage.alarm('web', 'cpu-high', 'ALARM');
    await stage.playUntil('2026-03-04T10:05:00Z');
    return {
      stage,
      mend: () => {
        failing = false;
      },
      fail: () => {
        failing = true;
      },
    };
  }

  it.each([
    ['the zone changes', (attempt: number) => noCapacity('abc'[attempt % 3]!)],
    [
      'the Spot price changes',
      (attempt: number) =>
        `Your Spot request price of 0.015 is lower than the minimum required Spot request fulfillment price of ${(0.07 + attempt / 1e4).toFixed(4)}. Launching EC2 instance failed.`,
    ],
    ['the request id changes', (attempt: number) => `InsufficientInstanceCapacity (Request ID: ${attempt})`],
  ])('are told once, though %s in what AWS says', async (_what, messageOf) => {
    const { stage } = await shortage(messageOf);
    expect(mailed(stage).filter((subject) => subject.includes('LAUNCHES FAIL'))).toHaveLength(1);
    const same = await shortage(() => noCapacity('a'));
    expect(mailed(stage)).toHaveLength(mailed(same.stage).length);
  });

  it('leave the newest reason of AWS in the row of the activity', async () => {
    const { stage } = await shortage((attempt) => noCapacity('abc'[attempt % 3]!));
    const failed = stage.history('web').filter(({ statusCode }) => statusCode === 'Failed');
    expect(inEnglish(failed[0]!.detail!)).toMatch(
      /^3 of 5 were ready at the deadline; launches fail \(capacity\): We currently do not have/,
    );
  });

  it('are told again when their kind changes', async () => {
    const { stage } = await shortage(
      (attempt) => `attempt ${attempt}`,
      (attempt) => (attempt < 4 ? 'capacity' : 'quota'),
    );
    const told = stage.ports.events.published.filter(({ subject }) => subject.includes('LAUNCHES FAIL'));
    expect(told.map(({ message }) => /\((\w+)\)/.exec(message)?.[1])).toEqual(['capacity', 'quota']);
  });

  it('are past once a launch has succeeded, and hold nobody any more', async () => {
    let attempt = 0;
    // The first zone has none, the next one has, as Auto Scaling tries one after the other.
    const launch = (_group: string, now: number): Launch => {
      if (now < Date.parse('2026-03-04T10:03:00Z')) return sound;
      return attempt++ === 0
        ? { fails: 'capacity', message: noCapacity('a') }
        : { ...sound, healthyAfterSeconds: 600 };
    };
    const stage = new Stage(overloaded, {
      start: '2026-03-04T10:00:00Z',
      desired: 4,
      life: { ...quick, launch },
    });
    stage.alarm('web', 'cpu-high', 'OK');
    await stage.playUntil('2026-03-04T10:04:00Z');
    stage.ports.groups.put({ ...stage.ports.groups.get('web-asg'), trafficSources: [inUse] });
    stage.alarm('web', 'cpu-high', 'ALARM');
    await stage.playUntil('2026-03-04T10:08:00Z');
    const ledger = (await stage.ports.ledger.read(['web'])).get('web');
    expect(ledger?.launchHold).toBeUndefined();
    expect(ledger?.open).toHaveLength(1);
  });
});

import { describe, expect, it } from 'vitest';
import { ecsGroupName, ecsServiceOf } from '../../../shared/fleet/ecs.ts';
import { hasAlarm } from '../../../shared/fleet/has-alarm.ts';
import { InvalidFleet } from '../../../shared/fleet/invalid-fleet.ts';
import { readFleet } from '../../../shared/fleet/read-fleet.ts';
import { sourceOf } from '../../../shared/fleet/source-of.ts';
import { warnings } from '../../../shared/fleet/warnings.ts';

const rule =
  '{ metric: cpu, threshold: 70, comparisonOperator: GreaterThanThreshold, period: 60, evaluationPeriods: 3, scalingAdjustment: 1 }';

function fleetOf(ecs: string, more = '') {
  return readFleet(
    `name: shop\ngroups:\n  web: { ecs: ${ecs}, minSize: 1, maxSize: 4, alarms: { high: ${rule} }${more} }\n`,
  );
}

function complaint(ecs: string, more = ''): string {
  try {
    fleetOf(ecs, more);
  } catch (error) {
    if (error instanceof InvalidFleet) return error.message;
    throw error;
  }
  return '';
}

describe('a service of ECS in another region', () => {
  it('has its region in its name, so that one of the same name in each region is two', () => {
    const there = { region: 'eu-west-1', cluster: 'shop', service: 'web' };
    expect(ecsGroupName(there)).toBe('ecs:eu-west-1/shop/web');
    expect(ecsServiceOf('ecs:eu-west-1/shop/web')).toEqual(there);
    expect(ecsServiceOf('ecs:shop/web')).toEqual({ cluster: 'shop', service: 'web' });
    expect(ecsServiceOf('ecs:a/b/c/d')).toBeUndefined();
    const both = `name: shop
groups:
  here: { ecs: { cluster: shop, service: web }, minSize: 1, maxSize: 4, alarms: { high: ${rule} } }
  there: { ecs: { region: eu-west-1, cluster: shop, service: web }, minSize: 1, maxSize: 4, alarms: { high: ${rule} } }
`;
    expect(Object.keys(readFleet(both).groups)).toEqual(['here', 'there']);
    const twice = both.replace('{ cluster: shop', '{ region: eu-west-1, cluster: shop');
    expect(() => readFleet(twice)).toThrow('expected one that is not that of here');
    const mistyped = both.replace('eu-west-1', 'eu-wset-1');
    expect(() => readFleet(mistyped)).toThrow('(did you mean eu-west-1?)');
    expect(() => readFleet(mistyped)).not.toThrow('not that of here');
  });

  it('is looked at apart from the others, and has no alarm, not even of a metric of CloudWatch by name', () => {
    const group = fleetOf('{ region: eu-west-1, cluster: shop, service: web }').groups['web']!;
    expect(sourceOf(group)).toBe('ecs:eu-west-1');
    expect(hasAlarm(group, { metric: 'cpu' })).toBe(false);
    const queued = {
      ...{ namespace: 'Orders', metricName: 'Queued', dimensions: {}, statistic: 'Average' },
      perServer: false,
    } as const;
    expect(hasAlarm(group, { metric: queued })).toBe(false);
    const near = fleetOf('{ cluster: shop, service: web }').groups['web']!;
    expect([sourceOf(near), hasAlarm(near, { metric: 'cpu' }), hasAlarm(near, { metric: queued })]).toEqual([
      'aws',
      true,
      true,
    ]);
  });

  it.each([
    ['eu-wset-1', 'expected a region of AWS like eu-west-1 (did you mean eu-west-1?), found "eu-wset-1"'],
    ['ireland', 'expected a region of AWS like eu-west-1, found "ireland"'],
    ['eu-west-1a', 'expected a region of AWS like eu-west-1 (did you mean eu-west-1?), found "eu-west-1a"'],
  ])('%s is none', (region, says) => {
    expect(complaint(`{ region: ${region}, cluster: shop, service: web }`)).toContain(says);
  });

  it('that nobody knew of when this was written is told, for it may be new', () => {
    const told = (region: string) =>
      warnings(fleetOf(`{ region: ${region}, cluster: shop, service: web }`)).filter(({ path }) =>
        path.endsWith('region'),
      );
    const message = 'is a region that Rushhour does not know; is it new? Or did you mean eu-west-1?';
    expect(told('eu-west-11')).toEqual([{ path: 'groups.web.ecs.region', message }]);
    expect(told('us-gov-west-1')).toEqual([]);
  });

  it('has its target groups and its load balancer there too', () => {
    const arn = (region: string, kind: string) =>
      `arn:aws:elasticloadbalancing:${region}:000000000000:${kind}`;
    const balancer = (region: string) =>
      `, loadBalancer: { targetGroupArns: ['${arn(region, 'targetgroup/web/0123456789abcdef')}'], loadBalancerArn: '${arn(region, 'loadbalancer/app/web/0123456789abcdef')}' }`;
    const ecs = '{ region: eu-west-1, cluster: shop, service: web }';
    expect(complaint(ecs, balancer('eu-west-1'))).toBe('');
    const said = complaint(ecs, balancer('us-east-1'));
    expect(said).toContain('groups.web.loadBalancer.targetGroupArns.0');
    expect(said).toContain('expected a target group of eu-west-1, where the service is');
    expect(said).toContain('expected a load balancer of eu-west-1, where the service is');
  });
});

import { expect, it } from 'vitest';
import { RequestRates } from '../src/request-rates.ts';

/** How many of `calls` at one instant are answered. */
function answered(
  rates: RequestRates,
  service: string,
  operation: string,
  calls: number,
  now: number,
  input?: object,
): number {
  let count = 0;
  for (let call = 0; call < calls; call++) {
    try {
      rates.take(service, operation, now, input);
      count++;
    } catch {}
  }
  return count;
}

it('answers as many at once as EC2 allows, and as many more a second, each operation by itself', () => {
  const rates = new RequestRates();
  expect(answered(rates, 'ec2', 'DescribeVpcs', 200, 0)).toBe(100);
  expect(answered(rates, 'ec2', 'DescribeImages', 200, 0)).toBe(100);
  expect(answered(rates, 'ec2', 'DescribeVpcs', 200, 1000)).toBe(20);
  expect(answered(rates, 'ec2', 'CreateSubnet', 200, 1000)).toBe(50);
  expect(rates.refused.get('ec2:DescribeVpcs')).toBe(280);
});

it('launches five times at once and twice a second, tags more often than it makes, and ends servers more often', () => {
  const rates = new RequestRates();
  for (const [operation, atOnce, perSecond] of [
    ['RunInstances', 5, 2],
    ['StartInstances', 5, 2],
    ['TerminateInstances', 100, 5],
    ['CreateTags', 100, 10],
    ['CreateLaunchTemplateVersion', 100, 5],
  ] as const) {
    expect([operation, answered(rates, 'ec2', operation, 200, 0)]).toEqual([operation, atOnce]);
    expect([operation, answered(rates, 'ec2', operation, 200, 1000)]).toEqual([operation, perSecond]);
  }
});

it('answers half as many reads of everything, neither filtered nor in pages', () => {
  const rates = new RequestRates();
  expect(answered(rates, 'ec2', 'DescribeInstances', 200, 0, { InstanceIds: ['i-1'] })).toBe(50);
  expect(answered(rates, 'ec2', 'DescribeInstances', 200, 1000)).toBe(10);
  expect(answered(rates, 'ec2', 'DescribeInstances', 200, 1000, { MaxResults: 100 })).toBe(100);
  expect(answered(rates, 'ec2', 'DescribeSecurityGroups', 200, 0, { Filters: [{}] })).toBe(100);
});

it('lets operations of a shared rate use each other up', () => {
  const rates = new RequestRates();
  expect(answered(rates, 'lambda', 'GetFunctionConfiguration', 10, 0)).toBe(10);
  expect(answered(rates, 'lambda', 'ListFunctions', 10, 0)).toBe(5);
  expect(answered(rates, 'lambda', 'GetPolicy', 20, 0)).toBe(15);
  expect(answered(rates, 'lambda', 'GetFunction', 200, 0)).toBe(100);
  expect(answered(rates, 'lambda', 'Invoke', 1000, 0)).toBe(1000);
});

it("refuses in the service's own words", () => {
  const rates = new RequestRates();
  expect(answered(rates, 'servicequotas', 'GetServiceQuota', 50, 0)).toBe(10);
  expect(answered(rates, 'servicequotas', 'GetServiceQuota', 50, 1000)).toBe(5);
  const refused = () => rates.take('servicequotas', 'GetServiceQuota', 1000);
  expect(refused).toThrow(expect.objectContaining({ code: 'TooManyRequestsException', status: 429 }));
});

it('reads forty parameters a second, however they are asked for', () => {
  const rates = new RequestRates();
  expect(answered(rates, 'ssm', 'GetParameter', 30, 0)).toBe(30);
  expect(answered(rates, 'ssm', 'GetParametersByPath', 30, 0)).toBe(10);
  expect(answered(rates, 'ssm', 'GetParameters', 50, 1000)).toBe(40);
});

it('reads alarms nine times, metrics fifty times and lists of them 25 times a second', () => {
  const rates = new RequestRates();
  expect(answered(rates, 'monitoring', 'DescribeAlarms', 100, 0)).toBe(9);
  expect(answered(rates, 'monitoring', 'GetMetricData', 100, 0)).toBe(50);
  expect(answered(rates, 'monitoring', 'ListMetrics', 100, 0)).toBe(25);
});

it('takes forty reads of groups at once where AWS names no number', () => {
  const rates = new RequestRates();
  for (const service of ['autoscaling', 'elasticloadbalancing']) {
    expect(answered(rates, service, 'DescribeTags', 100, 0)).toBe(40);
    expect(answered(rates, service, 'DescribeTags', 100, 1000)).toBe(10);
  }
  expect(answered(rates, 'autoscaling', 'DescribeAutoScalingGroups', 100, 1000)).toBe(0);
});

it('knows no rate of what AWS names none for', () => {
  expect(answered(new RequestRates(), 'dynamodb', 'Query', 5000, 0)).toBe(5000);
});

import { expect, it } from 'vitest';
import { RequestRates } from '../src/request-rates.ts';

/** How many of `calls` at one instant are answered. */
function answered(
  rates: RequestRates,
  service: string,
  operation: string,
  calls: number,
  now: number,
): number {
  let count = 0;
  for (let call = 0; call < calls; call++) {
    try {
      rates.take(service, operation, now);
      count++;
    } catch {}
  }
  return count;
}

it('answers as many at once as EC2 allows, and as many more a second, each operation by itself', () => {
  const rates = new RequestRates();
  expect(answered(rates, 'ec2', 'DescribeInstances', 200, 0)).toBe(100);
  expect(answered(rates, 'ec2', 'DescribeImages', 200, 0)).toBe(100);
  expect(answered(rates, 'ec2', 'DescribeInstances', 200, 1000)).toBe(20);
  expect(answered(rates, 'ec2', 'RunInstances', 200, 1000)).toBe(50);
  expect(rates.refused.get('ec2:DescribeInstances')).toBe(280);
});

it('lets operations of a shared rate use each other up', () => {
  const rates = new RequestRates();
  expect(answered(rates, 'lambda', 'GetFunctionConfiguration', 10, 0)).toBe(10);
  expect(answered(rates, 'lambda', 'ListFunctions', 10, 0)).toBe(5);
  expect(answered(rates, 'lambda', 'Invoke', 1000, 0)).toBe(1000);
});

it("refuses in the service's own words", () => {
  const rates = new RequestRates();
  answered(rates, 'servicequotas', 'GetServiceQuota', 10, 0);
  const refused = () => rates.take('servicequotas', 'GetServiceQuota', 0);
  expect(refused).toThrow(expect.objectContaining({ code: 'TooManyRequestsException', status: 429 }));
});

it('knows no rate of what AWS names none for', () => {
  expect(answered(new RequestRates(), 'dynamodb', 'Query', 5000, 0)).toBe(5000);
});

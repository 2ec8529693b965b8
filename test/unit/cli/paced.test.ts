import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { paced } from '../../../cli/paced.ts';

const noon = Date.parse('2026-03-04T12:00:00Z');
const slept: number[] = [];
vi.mock('node:timers/promises', () => ({
  setTimeout: async (ms: number) => void slept.push(ms),
}));
beforeEach(() => vi.useFakeTimers({ now: noon }));
afterEach(() => {
  vi.useRealTimers();
  slept.length = 0;
});

type Middleware = (next: () => Promise<string>, context: object) => (args: object) => Promise<string>;

/** How a client of a service calls an operation, once it is paced. */
function calls(serviceId: string, commandName: string): () => Promise<string> {
  let middleware: Middleware | undefined;
  const add = (given: Middleware) => {
    middleware = given;
  };
  const middlewareStack = { add };
  paced({ config: { serviceId }, middlewareStack });
  return () => middleware!(async () => 'answer', { commandName })({});
}

it('calls a few at once, and then so many a second, whichever client it is', async () => {
  const [one, other] = [
    calls('CloudWatch', 'DescribeAlarmsCommand'),
    calls('CloudWatch', 'DescribeAlarmsCommand'),
  ];
  for (let call = 0; call < 5; call++) expect(await one()).toBe('answer');
  for (let call = 0; call < 3; call++) await other();
  expect(slept).toEqual([250, 500, 750, 1000]);
});

it('lets what was not called for a while be called at once again', async () => {
  const call = calls('Service Quotas', 'GetServiceQuotaCommand');
  for (let time = 0; time < 5; time++) await call();
  vi.setSystemTime(noon + 10_000);
  for (let time = 0; time < 5; time++) await call();
  expect(slept).toEqual([]);
});

it('lets operations share what their service answers in all', async () => {
  const [functions, versions] = [
    calls('Lambda', 'ListFunctionsCommand'),
    calls('Lambda', 'ListVersionsByFunctionCommand'),
  ];
  for (let time = 0; time < 9; time++) await functions();
  await versions();
  expect(slept.map(Math.round).filter((ms) => ms > 0)).toEqual([167]);
});

it('holds up nobody for whom there is no rate', async () => {
  const call = calls('DynamoDB', 'QueryCommand');
  for (let time = 0; time < 1000; time++) await call();
  expect(slept).toEqual([]);
});

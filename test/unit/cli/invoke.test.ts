import { LambdaClient } from '@aws-sdk/client-lambda';
import { afterEach, expect, it, vi } from 'vitest';
import { invoke } from '../../../cli/invoke.ts';
import { readFleet } from '../../../shared/fleet/read-fleet.ts';

const fleet = readFleet('name: shop\ngroups: { web: { existing: g, minSize: 1, maxSize: 2 } }');
afterEach(() => vi.restoreAllMocks());

function answering(answer: unknown, FunctionError?: string) {
  const Payload = { transformToString: () => JSON.stringify(answer) };
  vi.spyOn(LambdaClient.prototype, 'send').mockImplementation(async () => ({ FunctionError, Payload }));
}

it('gives what the function answers', async () => {
  answering({ group: 'web' });
  expect(await invoke(fleet, 'bump', {})).toEqual({ group: 'web' });
});

it.each([
  ['InvalidEvent', { exitCode: 2 }],
  ['Unsettled', { exitCode: 1, advice: expect.stringContaining('Ask again in a minute.') }],
  ['PortError', { exitCode: 1, advice: expect.stringContaining('rushhour doctor looks for the cause.') }],
])('says what to do about %s', async (errorType, failure) => {
  answering({ errorType, errorMessage: 'it did not work' }, 'Unhandled');
  await expect(invoke(fleet, 'bump', {})).rejects.toMatchObject({
    message: expect.stringContaining('it did not work'),
    ...failure,
  });
});

it('says in a sentence that an answer is no JSON', async () => {
  const Payload = { transformToString: () => '<html>Bad gateway</html>' };
  vi.spyOn(LambdaClient.prototype, 'send').mockImplementation(async () => ({ Payload }));
  await expect(invoke(fleet, 'bump', {})).rejects.toMatchObject({
    message: 'shop-bump answered what is no JSON: <html>Bad gateway</html>',
    advice: expect.stringContaining('npx cdk diff'),
    exitCode: 1,
  });
});
